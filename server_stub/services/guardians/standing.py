"""Who proves to be a guardian, and the link between guardian and child, in the caller's transaction. Knows no form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.clock import business_day
from server_stub.domain.guardianship import GuardianFacts, GuardianRules
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.enrollment.codes import OwnershipCodes
from server_stub.services.foundation import Foundation
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Tx
from server_stub.storage.guardians import LinkRow, LinkState, add_link, change_link, count_links, link_of_application
from server_stub.storage.members import MemberRow, MemberState, member_by_id, member_by_mobile
from server_stub.storage.people import PersonalData
from server_stub.storage.reviews import BlockKind, block_on

_CONSENTING = frozenset({CodePurpose.GUARDIAN})


@dataclass(frozen=True, slots=True)
class Guardian:
    """A member who may be the guardian of one more child."""

    member: MemberRow
    data: PersonalData = field(repr=False)
    facts: GuardianFacts


class Guardianship:
    """The rule and its links. Thread: any."""

    def __init__(self, base: Foundation, codes: OwnershipCodes, rules: GuardianRules) -> None:
        self._base = base
        self._codes = codes
        self._rules = rules

    def require_proved(self, tx: Tx, proof: str, device: DeviceActor) -> Guardian:
        """Returns the member whose number was just proved for this, where fit.

        Raises:
            Refusal: PHONE_PROOF; GUARDIAN_NOT_MEMBER, GUARDIAN_MINOR, GUARDIAN_BLOCKED, GUARDIAN_LIMIT. The caller proved the number,
                so its owner learns of their own membership only.
        """
        token = self._codes.require_proof(tx, proof, device, _CONSENTING)
        member = member_by_mobile(tx, token)
        # Without a card a membership still lapses by itself, and its number with it.
        if member is None or member.activated_at is None:
            raise refuse(Reason.GUARDIAN_NOT_MEMBER)
        guardian = self._guardian(tx, member)
        self._require_fit(tx, guardian.facts)
        return guardian

    def of_application(self, tx: Tx, application_id: str) -> Guardian | None:
        """Returns the guardian who sent a child's application, fit or not; None where no child applies."""
        link = link_of_application(tx, application_id)
        member = member_by_id(tx, link.guardian_member_id) if link else None
        return self._guardian(tx, member) if member else None

    def link(self, tx: Tx, actor: Actor, application_id: str, guardian: Guardian, request_id: str) -> None:
        """Keeps who sent a child's application; the link is PENDING."""
        link_id = self._base.ids.new("gua")
        add_link(tx, LinkRow(link_id, application_id, guardian.member.member_id, None, LinkState.PENDING, tx.now, None, None, 1))
        self._base.audit.record(tx, Deed(actor, "guardian.asked", "guardian_link", link_id, request_id))

    def require_still_fit(self, tx: Tx, application_id: str) -> LinkRow | None:
        """Returns the link of a child who is about to be admitted; None where the applicant is no child.

        Raises:
            Refusal: GUARDIAN_MINOR or GUARDIAN_BLOCKED: what the guardian was when the application was sent may have changed.
        """
        link = link_of_application(tx, application_id)
        guardian = self.of_application(tx, application_id)
        if link is None or guardian is None:
            return None
        # The child that is admitted is one of those that are counted.
        facts = guardian.facts
        without = GuardianFacts(facts.name, facts.is_in_good_standing, facts.age_band, facts.birthday, facts.children - 1)
        self._require_fit(tx, without)
        return link

    def activate(self, tx: Tx, actor: Actor, link: LinkRow, child: MemberRow, request_id: str | None) -> None:
        """Joins guardian and child: the child is a member."""
        values = {"state": LinkState.ACTIVE, "child_member_id": child.member_id, "active_at": tx.now}
        if not change_link(tx, link, values):
            raise refuse(Reason.STALE_VERSION)
        self._base.audit.record(tx, Deed(actor, "guardian.linked", "guardian_link", link.link_id, request_id))

    def _require_fit(self, tx: Tx, facts: GuardianFacts) -> None:
        reason = self._rules.unfit(facts, business_day(tx.now))
        if reason is not None:
            raise refuse(reason)

    def _guardian(self, tx: Tx, member: MemberRow) -> Guardian:
        person = self._base.people.find(tx, member.person_id)
        if person is None:
            raise refuse(Reason.SERVICE_FAULT)
        data = self._base.people.open_row(person)
        tokens = ((BlockKind.MOBILE, person.mobile_token), (BlockKind.ID, person.id_token))
        is_blocked = any(block_on(tx, kind, token) for kind, token in tokens if token)
        facts = GuardianFacts(
            name=data.name,
            is_in_good_standing=member.state is MemberState.ACTIVE and not is_blocked,
            age_band=person.age_band,
            birthday=date.fromisoformat(data.birthday) if data.birthday else None,
            children=count_links(tx, member.member_id),
        )
        return Guardian(member, data, facts)
