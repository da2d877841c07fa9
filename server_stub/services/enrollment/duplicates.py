"""Looks for who the applicant may already be, and for earlier abuse. Knows what is alike, not what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from server_stub.domain.form_check import CheckedForm
from server_stub.domain.preliminary import SimilarityRules
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.domain.similarity import Likeness, score
from server_stub.services.foundation import Foundation
from server_stub.storage.applications import open_application_of
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberState, member_by_mobile, member_by_person
from server_stub.storage.people import PersonalData, PersonRow
from server_stub.storage.reviews import BlockKind, block_on

_SAME = 100
ADDRESS_DIVIDER = "\t"


@dataclass(frozen=True, slots=True)
class SimilarPerson:
    """A member who may be the same person; score from 0 to 100."""

    person_id: str
    score: int


@dataclass(frozen=True, slots=True)
class Sought:
    """By what a person is looked for; a token is None where the person gave none, or has none of their own."""

    likeness: Likeness = field(repr=False)
    id_token: bytes | None = field(repr=False)
    mobile_token: bytes | None = field(repr=False)


class Duplicates:
    """Searches members and the list of earlier abuse."""

    def __init__(self, base: Foundation, rules: SimilarityRules) -> None:
        self._base = base
        self._rules = rules

    def require_new_phone(self, tx: Tx, mobile_token: bytes) -> None:
        """Lets a phone through that no member and no open application has.

        Raises:
            Refusal: MEMBER_EXISTS or APPLICATION_OPEN. The caller has proved the phone, so its owner learns of their own only.
        """
        if member_by_mobile(tx, mobile_token):
            raise refuse(Reason.MEMBER_EXISTS, Finding("mobile", Reason.MEMBER_EXISTS))
        if open_application_of(tx, mobile_token):
            raise refuse(Reason.APPLICATION_OPEN, Finding("mobile", Reason.APPLICATION_OPEN))

    def sought(self, checked: CheckedForm, mobile_token: bytes) -> Sought:
        """Returns by what the person of a form is looked for."""
        id_token = self._base.tokens.id_number(checked.id_number.text) if checked.id_number else None
        return Sought(likeness(checked), id_token, mobile_token)

    def similar(self, tx: Tx, sought: Sought) -> tuple[SimilarPerson, ...]:
        """Returns members with the same ID number or similar name, birthday and address, the most similar first."""
        found: dict[str, int] = {}
        if sought.id_token:
            found |= {row.person_id: _SAME for row in self._base.people.with_id_token(tx, sought.id_token) if _is_member(tx, row)}
        own = sought.likeness
        for row in self._base.people.similar(tx, self._base.tokens.match_keys(own), self._rules.candidates):
            points = score(own, likeness_of(self._base.people.open_row(row)), self._rules.weights)
            if points >= self._rules.threshold and _is_member(tx, row):
                found[row.person_id] = max(points, found.get(row.person_id, 0))
        return tuple(SimilarPerson(*pair) for pair in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def findings(self, tx: Tx, sought: Sought, similar: tuple[SimilarPerson, ...]) -> tuple[Finding, ...]:
        """Returns what a reviewer must look at."""
        found = [Finding("name", Reason.SIMILAR_MEMBER)] if similar else []
        if sought.mobile_token and block_on(tx, BlockKind.MOBILE, sought.mobile_token):
            found.append(Finding("mobile", Reason.BLOCKLISTED))
        if sought.id_token and block_on(tx, BlockKind.ID, sought.id_token):
            found.append(Finding("id_number", Reason.BLOCKLISTED))
        return tuple(found)


def likeness(checked: CheckedForm) -> Likeness:
    """Returns what of a form is compared."""
    address = checked.address
    birthday = checked.birthday or (checked.id_number.birthday if checked.id_number else None)
    return Likeness(checked.name or "", birthday, address.district_code if address else "", address.detail if address else "")


def likeness_of(data: PersonalData) -> Likeness:
    """Returns what of a person is compared."""
    district, _, rest = data.address.partition(ADDRESS_DIVIDER)
    birthday = date.fromisoformat(data.birthday) if data.birthday else None
    return Likeness(data.name, birthday, district, rest.partition(ADDRESS_DIVIDER)[0])


def _is_member(tx: Tx, row: PersonRow) -> bool:
    member = member_by_person(tx, row.person_id)
    return member is not None and member.state in {MemberState.ACTIVE, MemberState.SUSPENDED}
