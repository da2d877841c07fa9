"""What guardians do at a kiosk: prove that they may be one, see their children, act for a child, take the consent back.

Acting for a child and ending its membership need a code to the guardian's own number (F15): a card that was found opens no child's
pages. A consent that is taken back ends the membership at once and deletes what was known of the child (PIPL 15, 31 and 47).
"""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.application_states import ApplicationState, require_transition
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.mobile import mask_mobile
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.guardians.standing import Guardianship
from server_stub.services.membership import Memberships
from server_stub.services.receipts import ANSWERED, Receipt, ReceiptFacts, ReceiptKind, Receipts
from server_stub.services.requests import Answer, Call
from server_stub.services.telling import Telling
from server_stub.services.visits import Running, Visits
from server_stub.storage.applications import application_by_id, change_application
from server_stub.storage.database import Tx
from server_stub.storage.guardians import LinkRow, LinkState, change_link, link_by_id, links_of_guardian
from server_stub.storage.members import IdentifiedBy, MemberRow, member_by_id


@dataclass(frozen=True, slots=True)
class GuardianSeen:
    """A member who may be a guardian, masked."""

    name_masked: str
    mobile_masked: str


@dataclass(frozen=True, slots=True)
class LinkedChild:
    """A child of a guardian, masked."""

    link_id: str
    name_masked: str
    state: LinkState
    application_state: ApplicationState
    application_number: str


@dataclass(frozen=True, slots=True)
class Children:
    """A guardian's children; `may_act` where the visit began with a code."""

    children: tuple[LinkedChild, ...]
    may_act: bool


@dataclass(frozen=True, slots=True)
class ChildVisit:
    """A child's visit that its guardian opened."""

    visit_token: str
    name_masked: str


@dataclass(frozen=True, slots=True)
class GuardianDesks:
    """What guardians' deeds need of others."""

    visits: Visits
    guardianship: Guardianship
    telling: Telling
    receipts: Receipts


class GuardianDesk:
    """The use cases. Thread: any."""

    def __init__(self, base: Foundation, desks: GuardianDesks) -> None:
        self._base = base
        self._visits = desks.visits
        self._guardianship = desks.guardianship
        self._telling = desks.telling
        self._receipts = desks.receipts
        self._memberships = Memberships(base)

    def identify(self, actor: Actor, phone_proof: str) -> GuardianSeen:
        """Returns the member whose number was proved, where fit to be a guardian.

        Raises:
            Refusal: those of ``Guardianship.require_proved``.
        """
        device = require_device(actor, Operation.IDENTIFY_GUARDIAN)

        def work(tx: Tx) -> GuardianSeen:
            guardian = self._guardianship.require_proved(tx, phone_proof, device)
            self._base.audit.record(tx, Deed(device, "guardian.identified", "member", guardian.member.member_id))
            return GuardianSeen(mask_name(guardian.data.name), mask_mobile(guardian.data.mobile))

        return self._base.database.write(work)

    def children(self, actor: Actor, visit_token: str) -> Children:
        """Returns the children of the member before the device.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def work(tx: Tx) -> Children:
            running = self._visits.running(tx, visit_token, device)
            links = links_of_guardian(tx, running.member.member_id)
            return Children(tuple(self._child(tx, link) for link in links), running.is_holder_proved)

        return self._base.database.read(work)

    def begin_visit(self, actor: Actor, visit_token: str, link_id: str) -> ChildVisit:
        """Begins a visit of a child: its contact is the guardian's, and the guardian has proved it.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE, HOLDER_PROOF, GUARDIAN_LINK_UNKNOWN.
        """
        device = require_device(actor, Operation.ACT_FOR_CHILD)

        def work(tx: Tx) -> ChildVisit:
            running = self._visits.holder(tx, visit_token, device)
            link, child = self._own_child(tx, running, link_id)
            token = self._visits.begin(tx, child, device, IdentifiedBy.PHONE)
            self._base.audit.record(tx, Deed(device, "guardian.opened_child", "guardian_link", link.link_id))
            return ChildVisit(token, mask_name(self._base.people.open(tx, child.person_id).name))

        return self._base.database.write(work)

    def withdraw_consent(self, actor: Actor, envelope: Envelope, visit_token: str, link_id: str) -> Receipt | None:
        """Takes the consent back: membership, card and visits of the child end, what was known of the child is deleted.

        Returns what proves it, the guardian's; None for the same request of before there were such receipts.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE, HOLDER_PROOF, GUARDIAN_LINK_UNKNOWN, and those of RequestLog.once.
        """
        device = require_device(actor, Operation.WITHDRAW_GUARDIAN_CONSENT)
        call = Call(device, envelope, Operation.WITHDRAW_GUARDIAN_CONSENT, [visit_token, link_id])

        def work(tx: Tx) -> Answer:
            running = self._visits.holder(tx, visit_token, device)
            link, child = self._own_child(tx, running, link_id)
            if not change_link(tx, link, {"state": LinkState.WITHDRAWN, "ended_at": tx.now}):
                raise refuse(Reason.STALE_VERSION)
            self._base.audit.record(tx, Deed(device, "guardian.consent_withdrawn", "guardian_link", link.link_id, envelope.request_id))
            self._close(tx, device, child, envelope.request_id)
            self._tell(tx, running.member, child, link)
            facts = ReceiptFacts(
                kind=ReceiptKind.CONSENT_WITHDRAWN,
                device_id=device.device_id,
                application_number="",
                membership_number_masked=mask_membership_number(child.number),
            )
            return {ANSWERED: self._receipts.issue(tx, facts, running.member.application_id).number}

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: self._receipts.named_in(tx, answer))

    def _own_child(self, tx: Tx, running: Running, link_id: str) -> tuple[LinkRow, MemberRow]:
        """Returns an active link of this guardian; another's link is answered as one that does not exist."""
        link = link_by_id(tx, link_id)
        is_own = link is not None and link.guardian_member_id == running.member.member_id and link.state is LinkState.ACTIVE
        child = member_by_id(tx, link.child_member_id) if link and is_own and link.child_member_id else None
        if link is None or child is None:
            raise refuse(Reason.GUARDIAN_LINK_UNKNOWN)
        return link, child

    def _child(self, tx: Tx, link: LinkRow) -> LinkedChild:
        application = application_by_id(tx, link.application_id)
        if application is None:
            raise refuse(Reason.SERVICE_FAULT)
        name = self._base.people.open(tx, application.person_id).name
        return LinkedChild(link.link_id, mask_name(name), link.state, application.state, application.number)

    def _close(self, tx: Tx, device: DeviceActor, child: MemberRow, request_id: str) -> None:
        if not self._memberships.close(tx, device, child, "the guardian's consent was withdrawn", request_id):
            raise refuse(Reason.STALE_VERSION)
        application = application_by_id(tx, child.application_id)
        if application is not None and application.state is ApplicationState.CARD_PENDING:
            require_transition(application.state, ApplicationState.EXPIRED)
            change_application(tx, application, {"state": ApplicationState.EXPIRED, "state_since": tx.now})
        self._base.people.erase(tx, child.person_id)
        self._base.audit.record(tx, Deed(device, "person.erased", "application", child.application_id, request_id))

    def _tell(self, tx: Tx, guardian: MemberRow, child: MemberRow, link: LinkRow) -> None:
        variables = {"membership_number": mask_membership_number(child.number), "day": business_day(tx.now).isoformat()}
        self._telling.tell(
            tx, guardian.member_id, ("guardian_withdrawn", f"guardian_withdrawn:{link.link_id}"), lambda _language: variables
        )
