"""Lost cards: reported by their member, refused everywhere from then on, replaced, and handed in by whoever finds them.

Only a member who proved the phone by a code reports a loss or takes it back: a found card must not be able to lock its member out.
A lost card is never made valid once a new one was begun. Who hands a card in learns nothing about its member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.card_standing import CardStanding
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.cards.standing import OwnCard, may_withdraw, own_card, standing_of
from server_stub.services.foundation import Foundation
from server_stub.services.grants import IssueGrants
from server_stub.services.ledger.accounts import Accounts
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.receipts import ANSWERED, Receipt, ReceiptFacts, ReceiptKind, Receipts
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.card_reports import ReportKind, add_report, hotlist_since
from server_stub.storage.cards import BEGUN, CardRow, CardState, card_by_uid, cards_of, change_card
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_by_id
from server_stub.storage.members import IdentifiedBy, MemberRow, end_visits, member_by_id

HOTLIST_PAGE = 1000
# So long nobody has written to a half-written card that was simply left behind.
_LEFT_AFTER = timedelta(minutes=5)
# Whatever did not begin with a code to the phone may have begun with the card: by a code that the card's visit showed, or by a receipt
# that took it up again.
_MAYBE_BY_CARD = frozenset(IdentifiedBy) - {IdentifiedBy.PHONE}


@dataclass(frozen=True, slots=True)
class HotlistChange:
    """A card that is refused from here on, or no longer; uid of 7 bytes."""

    uid: bytes
    is_listed: bool
    lost_on: date


@dataclass(frozen=True, slots=True)
class HotlistDelta:
    """What changed since a version, in order."""

    version: int
    changes: tuple[HotlistChange, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class LossReport:
    """A card is refused: the day of the report, and what proves it; None where the report is of before there were such receipts."""

    lost_on: date
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class LossDesks:
    """The parts of the service that this needs."""

    visits: Visits
    grants: IssueGrants
    notifications: Notifications
    receipts: Receipts
    accounts: Accounts


class LostCards:
    """The use cases of lost and found cards. Thread: any."""

    def __init__(self, base: Foundation, desks: LossDesks, replacement_fee_fen: int) -> None:
        self._base = base
        self._desks = desks
        self._fee_fen = replacement_fee_fen

    def own_card(self, actor: Actor, visit_token: str) -> OwnCard:
        """Return how it stands with the card of the member before the device.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        return self._base.database.read(lambda tx: own_card(tx, self._desks.visits.running(tx, visit_token, device), self._fee_fen))

    def report(self, actor: Actor, envelope: Envelope, visit_token: str) -> LossReport:
        """Make the member's card LOST and end the visits that may derive from it.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE; HOLDER_PROOF, the visit did not begin with a code; CARD_NONE_ACTIVE; those of
                RequestLog.once.
        """
        device = require_device(actor, Operation.REPORT_CARD_LOST)
        call = Call(device, envelope, Operation.REPORT_CARD_LOST, {"report": visit_token})

        def work(tx: Tx) -> Answer:
            running = self._desks.visits.holder(tx, visit_token, device)
            found = standing_of(tx, running.member.member_id)
            if found.standing is not CardStanding.ACTIVE or found.card is None:
                raise refuse(Reason.CARD_NONE_ACTIVE)
            self._move(tx, device, found.card, (CardState.LOST, "card.lost"), envelope.request_id)
            said = add_report(tx, found.card.card_id, ReportKind.LOST, device.device_id, running.visit.visit_id)
            end_visits(tx, running.member.member_id, _MAYBE_BY_CARD)
            day = business_day(tx.now).isoformat()
            self._tell(tx, running.member, "card_lost", f"card_lost:{said.version}", {"day": day})
            return {"lost_on": day, ANSWERED: self._prove(tx, device, running.member, ReceiptKind.LOST)}

        answer = self._base.requests.once(call, work)
        return LossReport(date.fromisoformat(answer["lost_on"]), self._proof(answer))

    def withdraw(self, actor: Actor, envelope: Envelope, visit_token: str) -> Receipt | None:
        """Make a card valid again that this visit reported lost by mistake; returns what proves it, as a report does.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE, HOLDER_PROOF; LOSS_FINAL, reported by another visit, or a new card was begun; those of
                RequestLog.once.
        """
        device = require_device(actor, Operation.REPORT_CARD_LOST)
        call = Call(device, envelope, Operation.REPORT_CARD_LOST, {"withdraw": visit_token})

        def work(tx: Tx) -> Answer:
            running = self._desks.visits.holder(tx, visit_token, device)
            found = standing_of(tx, running.member.member_id)
            if found.standing is not CardStanding.LOST or found.card is None or not may_withdraw(tx, running, found.card):
                raise refuse(Reason.LOSS_FINAL)
            self._move(tx, device, found.card, (CardState.ACTIVE, "card.loss_withdrawn"), envelope.request_id)
            said = add_report(tx, found.card.card_id, ReportKind.WITHDRAWN, device.device_id, running.visit.visit_id)
            self._tell(tx, running.member, "card_loss_withdrawn", f"card_loss_withdrawn:{said.version}", {})
            return {ANSWERED: self._prove(tx, device, running.member, ReceiptKind.FOUND)}

        return self._proof(self._base.requests.once(call, work))

    def replace(self, actor: Actor, envelope: Envelope, visit_token: str) -> str:
        """Return the permission to write a new card of the same membership at this device.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE, HOLDER_PROOF; CARD_NOT_MISSING, also where the first card is still to be fetched;
                REPLACEMENT_OPEN, it is being written at another device; REPLACEMENT_FEE; those of RequestLog.once.
        """
        device = require_device(actor, Operation.REPLACE_CARD)
        call = Call(device, envelope, Operation.REPLACE_CARD, {"replace": visit_token})

        def work(tx: Tx) -> Answer:
            member = self._desks.visits.holder(tx, visit_token, device).member
            if standing_of(tx, member.member_id).standing is not CardStanding.LOST:
                raise refuse(Reason.CARD_NOT_MISSING)
            if self._fee_fen:
                raise refuse(Reason.REPLACEMENT_FEE)
            if any(_is_written_elsewhere(tx, card, device) for card in cards_of(tx, member.member_id)):
                raise refuse(Reason.REPLACEMENT_OPEN)
            grant = self._desks.grants.give(tx, member.application_id, device)
            self._base.audit.record(tx, Deed(device, "card.replacement_asked", "member", member.member_id, envelope.request_id))
            return {"grant": grant}

        return self._desks.grants.text(self._base.requests.once(call, work)["grant"])

    def turn_in(self, actor: Actor, envelope: Envelope, uid: bytes) -> None:
        """Note that a found card was handed in and tell its member; the card stays as valid as it was.

        Raises:
            Refusal: CARD_UNKNOWN, no card of a member; those of RequestLog.once.
        """
        device = require_device(actor, Operation.TURN_IN_CARD)
        call = Call(device, envelope, Operation.TURN_IN_CARD, {"uid": uid.hex()})

        def work(tx: Tx) -> Answer:
            card = card_by_uid(tx, uid)
            member = member_by_id(tx, card.member_id) if card is not None and card.state is not CardState.SPOILED else None
            if card is None or member is None:
                raise refuse(Reason.CARD_UNKNOWN)
            add_report(tx, card.card_id, ReportKind.TURNED_IN, device.device_id)
            self._base.audit.record(tx, Deed(device, "card.turned_in", "card", card.card_id, envelope.request_id))
            store = store_by_id(tx, device.store_id)
            day = business_day(tx.now).isoformat()
            values = {"store": store.name if store else device.store_id, "day": day}
            # Once a day: whoever plays with a found card must not be able to flood its member.
            self._tell(tx, member, "card_turned_in", f"card_turned_in:{card.card_id}:{day}", values)
            return {}

        self._base.requests.once(call, work)

    def hotlist(self, actor: Actor, known_version: int) -> HotlistDelta:
        """Return what changed since a version that the device has, 0 for none; at most HOTLIST_PAGE changes.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED, a version below 0.
        """
        require_device(actor, Operation.READ_HOTLIST)
        if known_version < 0:
            raise refuse(Reason.REQUEST_MALFORMED)
        rows = self._base.database.read(lambda tx: hotlist_since(tx, known_version, HOTLIST_PAGE + 1))
        seen = rows[:HOTLIST_PAGE]
        changes = tuple(HotlistChange(row.uid, row.kind is ReportKind.LOST, business_day(row.reported_at)) for row in seen)
        return HotlistDelta(seen[-1].version if seen else known_version, changes, len(rows) > HOTLIST_PAGE)

    def _move(self, tx: Tx, device: DeviceActor, card: CardRow, to: tuple[CardState, str], request_id: str) -> None:
        state, action = to
        if not change_card(tx, card, {"state": state, "state_since": tx.now}):
            raise refuse(Reason.STALE_VERSION)
        self._base.audit.record(tx, Deed(device, action, "card", card.card_id, request_id))

    def _prove(self, tx: Tx, device: DeviceActor, member: MemberRow, kind: ReceiptKind) -> str:
        """Write the receipt and return its number; its points are what nobody had spent at that moment."""
        facts = ReceiptFacts(
            kind=kind,
            device_id=device.device_id,
            application_number="",
            membership_number_masked=mask_membership_number(member.number),
            points=self._desks.accounts.summary(tx, member.member_id).available,
        )
        return self._desks.receipts.issue(tx, facts, member.application_id).number

    def _proof(self, answer: Answer) -> Receipt | None:
        return self._base.database.read(lambda tx: self._desks.receipts.named_in(tx, answer))

    def _tell(self, tx: Tx, member: MemberRow, template: str, event_key: str, variables: Mapping[str, str]) -> None:
        person = self._base.people.find(tx, member.person_id)
        if person is None:
            return
        data = self._base.people.open_row(person)
        message = Notification(
            event_key=event_key,
            template=template,
            language=Language(person.language),
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"membership_number": mask_membership_number(member.number), **variables},
        )
        self._desks.notifications.send(tx, message)


def _is_written_elsewhere(tx: Tx, card: CardRow, device: DeviceActor) -> bool:
    is_left = tx.now >= card.state_since + _LEFT_AFTER
    return card.state in BEGUN and card.device_id != device.device_id and not is_left
