"""What a reviewer sees of one application, and the note of who looked. Knows no decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from server_stub.domain.actors import Actor
from server_stub.domain.email_address import mask_email
from server_stub.domain.mobile import mask_mobile
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation
from server_stub.domain.person_name import mask_name
from server_stub.domain.refusals import Finding
from server_stub.domain.regions.table import Regions
from server_stub.services.audit import Deed
from server_stub.services.enrollment.duplicates import ADDRESS_DIVIDER
from server_stub.services.foundation import Foundation
from server_stub.services.guardians.standing import Guardianship
from server_stub.services.review.queue import ReviewQueue, TaskSummary, require_staff
from server_stub.services.review.second_look import SecondLook
from server_stub.storage.applications import ApplicationRow, application_by_id
from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_person
from server_stub.storage.people import PersonRow
from server_stub.storage.reviews import BlockKind, TaskRow, block_on, decisions_of


@dataclass(frozen=True, slots=True)
class SimilarMember:
    """A member who may be the applicant; masked; score from 0 to 100."""

    membership_number_masked: str
    name_masked: str
    mobile_masked: str
    same_birthday: bool
    score: int


@dataclass(frozen=True, slots=True)
class GuardianOfApplicant:
    """The member who consented for a child that applies; masked.

    Attributes:
        children: How many children are linked to the guardian, this one counted.
        is_in_good_standing: Active and not on the list of earlier abuse.
    """

    membership_number_masked: str
    name_masked: str
    mobile_masked: str
    age_band: str
    children: int
    is_in_good_standing: bool


@dataclass(frozen=True, slots=True)
class PastDecision:
    """An earlier verdict."""

    verdict: str
    reason_code: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReplacedApplication:
    """An application that was returned and sent again, with the verdicts on it."""

    application_number: str
    decisions: tuple[PastDecision, ...]


@dataclass(frozen=True, slots=True)
class ReviewDetail:
    """One application before a reviewer.

    Attributes:
        name, birthday, address: In clear: they are what is judged. Phone and e-mail stay masked.
        id_last4: Last four characters of the ID number, or empty.
        block_reasons: Why the applicant is on the list of earlier abuse.
        replaced: What the applicant sent before and was asked to correct, the latest first.
        guardian: Only where the applicant is a child.
    """

    summary: TaskSummary
    name: str = field(repr=False)
    birthday: str = field(repr=False)
    birthday_proof: str
    age_band: str
    address: str = field(repr=False)
    email_masked: str
    id_last4: str = field(repr=False)
    findings: tuple[Finding, ...]
    similar: tuple[SimilarMember, ...]
    block_reasons: tuple[str, ...]
    decisions: tuple[PastDecision, ...]
    replaced: tuple[ReplacedApplication, ...]
    rules_version: str
    guardian: GuardianOfApplicant | None


class ReviewDesk:
    """Shows one application."""

    def __init__(self, base: Foundation, queue: ReviewQueue, second_look: SecondLook, regions: Regions, guardianship: Guardianship) -> None:
        self._base = base
        self._queue = queue
        self._second_look = second_look
        self._regions = regions
        self._guardianship = guardianship

    def show(self, actor: Actor, application_number: str) -> ReviewDetail:
        """Returns the application for judging, with what became known while it waited; that somebody looked is recorded.

        Raises:
            Refusal: NOT_PERMITTED, APPLICATION_UNKNOWN, APPLICATION_STATE, OWN_APPLICATION.
        """
        staff = require_staff(actor, Operation.SHOW_REVIEW)

        def transaction(tx: Tx) -> ReviewDetail:
            application, task = self._queue.find(tx, application_number)
            self._queue.require_not_own(tx, staff, application)
            self._second_look.take_in(tx, staff, application, task)
            self._base.audit.record(tx, Deed(staff, "review.shown", detail={"application": application.number}))
            return self._detail(tx, *self._queue.find(tx, application_number))

        return self._base.database.write(transaction)

    def _detail(self, tx: Tx, application: ApplicationRow, task: TaskRow) -> ReviewDetail:
        person = self._base.people.find(tx, application.person_id)
        data = self._base.people.open(tx, application.person_id)
        return ReviewDetail(
            summary=self._queue.summary(tx, task),
            name=data.name,
            birthday=data.birthday,
            birthday_proof=person.birthday_proof if person else "",
            age_band=person.age_band if person else "",
            address=self._address(data.address),
            email_masked=mask_email(data.email),
            id_last4=data.id_last4,
            findings=application.findings,
            similar=tuple(self._similar(tx, entry["person_id"], entry["score"], data.birthday) for entry in task.similar),
            block_reasons=_block_reasons(tx, person),
            decisions=_decisions(tx, application),
            replaced=tuple(ReplacedApplication(before.number, _decisions(tx, before)) for before in _replaced(tx, application)),
            rules_version=application.rules_version,
            guardian=self._guardian(tx, application),
        )

    def _guardian(self, tx: Tx, application: ApplicationRow) -> GuardianOfApplicant | None:
        guardian = self._guardianship.of_application(tx, application.application_id)
        if guardian is None:
            return None
        facts, data = guardian.facts, guardian.data
        return GuardianOfApplicant(
            membership_number_masked=mask_membership_number(guardian.member.number),
            name_masked=mask_name(data.name),
            mobile_masked=mask_mobile(data.mobile) if data.mobile else "",
            age_band=facts.age_band,
            children=facts.children,
            is_in_good_standing=facts.is_in_good_standing,
        )

    def _similar(self, tx: Tx, person_id: str, score: int, birthday: str) -> SimilarMember:
        data = self._base.people.open(tx, person_id)
        member = member_by_person(tx, person_id)
        return SimilarMember(
            membership_number_masked=mask_membership_number(member.number) if member else "",
            name_masked=mask_name(data.name),
            mobile_masked=mask_mobile(data.mobile) if data.mobile else "",
            same_birthday=bool(birthday) and birthday == data.birthday,
            score=score,
        )

    def _address(self, line: str) -> str:
        if not line:
            return ""
        district, detail, postcode = line.split(ADDRESS_DIVIDER)
        levels = dict.fromkeys((f"{district[:2]}0000", f"{district[:4]}00", district))
        names = [region.name for code in levels if (region := self._regions.find(code))]
        return " ".join(filter(None, ("".join(names) or district, detail, postcode)))


def _decisions(tx: Tx, application: ApplicationRow) -> tuple[PastDecision, ...]:
    return tuple(PastDecision(d.verdict, d.reason_code, d.author, d.at) for d in decisions_of(tx, application.application_id))


def _replaced(tx: Tx, application: ApplicationRow) -> Iterator[ApplicationRow]:
    """Returns what it replaced, and what that had replaced; each names an earlier one, so this ends."""
    before: ApplicationRow | None = application
    while before and before.replaces_application_id and (before := application_by_id(tx, before.replaces_application_id)):
        yield before


def _block_reasons(tx: Tx, person: PersonRow | None) -> tuple[str, ...]:
    if person is None:
        return ()
    tokens = ((BlockKind.MOBILE, person.mobile_token), (BlockKind.ID, person.id_token))
    entries = [block_on(tx, kind, token) for kind, token in tokens if token]
    return tuple(entry.reason for entry in entries if entry)
