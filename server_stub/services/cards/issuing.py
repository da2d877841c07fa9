"""Issuing: from the permission to the active card. Never an active number without a good card, nor the other way round.

The row of a card is made before the first byte is written to it, so a half-written card is always known; it becomes
WRITTEN when the centre has read it back itself, ACTIVE when the device confirms, SPOILED when it refuses a command.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.envelope import Envelope
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.activation import Activated, Activation, Benefit, benefits_of
from server_stub.services.audit import Deed
from server_stub.services.cards.content import CardSigning, Content, Keystore, first_content
from server_stub.services.cards.dialog import Batch, CardStopped, Dialog, Stage
from server_stub.services.cards.dialogs import Dialogs, Running, Turn
from server_stub.services.cards.key_versions import require_keys
from server_stub.services.cards.personalisation import Order, Personalisation
from server_stub.services.cards.standing import why_not_valid
from server_stub.services.foundation import Foundation
from server_stub.services.grants import IssueGrants
from server_stub.services.receipts import Receipt, ReceiptFacts, ReceiptKind, Receipts
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.cards import BEGUN, LIVE, CardRow, CardState, add_card, card_by_id, card_by_uid, cards_of, change_card
from server_stub.storage.database import Tx
from server_stub.storage.members import IdentifiedBy, member_by_application

UID_BYTES = 7
ATTEMPTS_AT_MOST = 8


class AbortCause(StrEnum):
    """Why a device gives an issue up."""

    NOT_STARTED = "NOT_STARTED"
    CARD_GONE = "CARD_GONE"
    CARD_FAULT = "CARD_FAULT"
    READER_FAULT = "READER_FAULT"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a dialogue is about: the card as its row will be, and whether that row is there already."""

    card: CardRow
    is_known: bool


@dataclass(frozen=True, slots=True)
class IssueBegun:
    """The dialogue with the card begins."""

    issue_id: str
    dialog_id: str
    batch: Batch
    resumed: bool


@dataclass(frozen=True, slots=True)
class Issued:
    """The card is active."""

    membership_number_masked: str
    tier: str
    points: int
    benefits: tuple[Benefit, ...]
    receipt: Receipt
    welcome_channel: str
    visit_token: str
    name_masked: str
    is_replacement: bool


@dataclass(frozen=True, slots=True)
class Aborted:
    """What became of the card, and the permission for another one."""

    is_spoiled: bool
    issue_grant: str


@dataclass(frozen=True, slots=True)
class IssuingDesks:
    """The parts of the service that issuing needs."""

    activation: Activation
    grants: IssueGrants
    receipts: Receipts
    visits: Visits


class Issuing:
    """Issues cards. Thread: any."""

    def __init__(self, base: Foundation, desks: IssuingDesks, dialogs: Dialogs, keys: tuple[Keystore, CardSigning]) -> None:
        self._base = base
        self._desks = desks
        self._dialogs = dialogs
        self._keystore, self._signer = keys

    def begin(self, actor: Actor, envelope: Envelope, grant: str, uid: bytes) -> IssueBegun:
        """Return a dialogue that writes the card on the reader, or goes on writing it.

        Raises:
            Refusal: ISSUE_GRANT; CARD_TYPE (no UID of 7 bytes); CARD_NOT_BLANK, CARD_SPOILED, CARD_LOST, CARD_BLOCKED by the card's record;
                CARD_KEY_VERSION, a half-written card's keys are not here; CARD_ELSEWHERE; those of RequestLog.once.
        """
        device = require_device(actor, Operation.ISSUE_CARD)
        if len(uid) != UID_BYTES:
            raise refuse(Reason.CARD_TYPE)
        # A permission is a text that may be minted anew for the same application; the card is what the intent is about.
        call = Call(device, envelope, Operation.ISSUE_CARD, {"uid": uid.hex(), "grant": grant})
        self._dialogs.require_here(device, uid)
        begun = self._base.database.read(lambda tx: card_by_uid(tx, uid))
        if begun is not None and begun.state in BEGUN:
            require_keys(self._base, self._keystore, device, begun)

        def work(tx: Tx) -> Answer:
            issue = self._issue(tx, device, grant, uid)
            if issue.is_known:
                self._take_over(tx, device, issue.card)
            return {"uid": uid.hex()}

        self._base.requests.once(call, work)
        issue = self._base.database.read(lambda tx: self._issue(tx, device, grant, uid))
        running, first = self._dialogs.begin(device, uid, issue, self._plan(issue))
        return IssueBegun(issue.card.card_id, running.dialog_id, first, issue.is_known)

    def _plan(self, issue: Issue) -> Dialog[None]:
        card = issue.card
        order = Order(card.uid, card.key_generation, card.identity, card.snapshot, issue.is_known)
        return Personalisation(order, self._keystore, self._signer.public_keys).run()

    def _issue(self, tx: Tx, device: DeviceActor, grant: str, uid: bytes) -> Issue:
        known = card_by_uid(tx, uid)
        if known is not None:
            return Issue(self._resumable(tx, known, device, grant), is_known=True)
        application = self._desks.grants.require(tx, grant, device)
        member = member_by_application(tx, application.application_id)
        if member is None:
            raise refuse(Reason.ISSUE_GRANT)
        facts = self._desks.activation.facts(tx, member.member_id)
        number = len([card for card in cards_of(tx, member.member_id) if card.state is not CardState.SPOILED]) + 1
        content = first_content(tx, facts, uid, number, (self._keystore, self._signer))
        return Issue(self._row(tx, device, member.member_id, uid, content), is_known=False)

    def _take_over(self, tx: Tx, device: DeviceActor, card: CardRow) -> None:
        """Makes the device where a half-written card lies now the only one that may finish it or give it up."""
        if card.device_id == device.device_id:
            return
        if not change_card(tx, card, {"device_id": device.device_id}):
            raise refuse(Reason.STALE_VERSION)
        self._audit(tx, device, "card.taken_over", card.card_id)

    def _resumable(self, tx: Tx, card: CardRow, device: DeviceActor, grant: str) -> CardRow:
        match card.state:
            case CardState.PERSONALIZING | CardState.WRITTEN:
                pass
            case CardState.ACTIVE:
                raise refuse(Reason.CARD_NOT_BLANK)
            case _:
                raise why_not_valid(card)
        if grant:
            application = self._desks.grants.require(tx, grant, device)
            member = member_by_application(tx, application.application_id)
            if member is None or member.member_id != card.member_id:
                raise refuse(Reason.CARD_NOT_BLANK)
        return card

    def _row(self, tx: Tx, device: DeviceActor, member_id: str, uid: bytes, content: Content) -> CardRow:
        return CardRow(
            card_id=self._base.ids.new("crd"),
            uid=uid,
            member_id=member_id,
            issue_number=content.issue_number,
            card_token=content.card_token,
            key_generation=content.generation,
            identity=content.identity,
            snapshot=content.snapshot,
            snapshot_sequence=1,
            expires_on=content.expires_on,
            state=CardState.PERSONALIZING,
            reason="",
            attempts=0,
            device_id=device.device_id,
            state_since=tx.now,
            version=1,
        )

    # The dialogue.

    def advance(self, device: DeviceActor, running: Running[Issue], batch: int, responses: Sequence[bytes]) -> Turn[None]:
        """Return what comes next; what must be known about the card is written down before it is handed out.

        Raises:
            Refusal: why the plan stops: CARD_* of personalisation, CARD_DIALOG.
        """

        def before(turn: Turn[None]) -> None:
            if turn.batch is None:
                self._base.database.write(lambda tx: self._written(tx, device, running.subject))
                return
            is_first_writing = turn.batch.stage is Stage.WRITING and not _is_begun(running)
            # Refused outside the transaction: a refusal would roll back what was written down about the card.
            if is_first_writing and not self._base.database.write(lambda tx: self._writing_begins(tx, device, running.subject)):
                raise refuse(Reason.CARD_SPOILED)

        try:
            return self._dialogs.advance(running, batch, responses, before)
        except CardStopped as stopped:
            card_id, detail = running.subject.card.card_id, stopped.detail
            if stopped.reason is Reason.CARD_SPOILED and (_is_begun(running) or running.subject.is_known):
                self._base.database.write(lambda tx: self._spoil(tx, device, card_id, detail))
            raise refuse(stopped.reason) from stopped

    def _writing_begins(self, tx: Tx, device: DeviceActor, issue: Issue) -> bool:
        """Write down that a card is being written; false where it failed too often and is spoiled now."""
        known = card_by_id(tx, issue.card.card_id)
        if known is None:
            self._give_up_others(tx, device, issue.card)
            add_card(tx, issue.card)
            self._audit(tx, device, "card.writing", issue.card.card_id)
            return True
        if known.attempts >= ATTEMPTS_AT_MOST:
            self._spoil(tx, device, known.card_id, "too many attempts")
            return False
        values = {"attempts": known.attempts + 1, "device_id": device.device_id, "state": CardState.PERSONALIZING, "state_since": tx.now}
        if known.state not in LIVE or not change_card(tx, known, values):
            raise refuse(Reason.CARD_DIALOG)
        self._audit(tx, device, "card.resumed", known.card_id)
        return True

    def _give_up_others(self, tx: Tx, device: DeviceActor, card: CardRow) -> None:
        """Another blank for the same membership: the card that was begun before is lost for it."""
        for other in cards_of(tx, card.member_id):
            if other.state is CardState.ACTIVE:
                raise refuse(Reason.ISSUE_GRANT)
            if other.state in LIVE:
                self._spoil(tx, device, other.card_id, "another card was taken")

    def _written(self, tx: Tx, device: DeviceActor, issue: Issue) -> None:
        card = card_by_id(tx, issue.card.card_id)
        if card is None or card.state not in LIVE or card.state is CardState.ACTIVE:
            raise refuse(Reason.CARD_DIALOG)
        values = {"state": CardState.WRITTEN, "state_since": tx.now, "device_id": device.device_id}
        if not change_card(tx, card, values):
            raise refuse(Reason.CARD_DIALOG)
        self._audit(tx, device, "card.written", card.card_id)

    def _spoil(self, tx: Tx, actor: Actor, card_id: str, reason: str) -> bool:
        card = card_by_id(tx, card_id)
        if card is None or card.state not in BEGUN:
            return card is not None and card.state is CardState.SPOILED
        values = {"state": CardState.SPOILED, "reason": reason or "refused a command", "state_since": tx.now}
        if not change_card(tx, card, values):
            raise refuse(Reason.STALE_VERSION)
        self._audit(tx, actor, "card.spoiled", card_id)
        return True

    # The end of it.

    def confirm(self, actor: Actor, envelope: Envelope, issue_id: str) -> Issued:
        """Make a card that was read back valid; benefits can be spent from here on.

        Raises:
            Refusal: CARD_DIALOG, not read back or another device's; CARD_SPOILED; those of activation and of RequestLog.once.
        """
        device = require_device(actor, Operation.ISSUE_CARD)
        call = Call(device, envelope, Operation.ISSUE_CARD, {"confirm": issue_id})

        def work(tx: Tx) -> Answer:
            card = card_by_id(tx, issue_id)
            if card is not None and card.state is CardState.SPOILED:
                raise refuse(Reason.CARD_SPOILED)
            if card is None or card.state is not CardState.WRITTEN or card.device_id != device.device_id:
                raise refuse(Reason.CARD_DIALOG)
            if not change_card(tx, card, {"state": CardState.ACTIVE, "state_since": tx.now}):
                raise refuse(Reason.STALE_VERSION)
            self._audit(tx, device, "card.activated", issue_id, envelope.request_id)
            activated = self._desks.activation.activate(tx, device, card.member_id, envelope.request_id)
            receipt = self._receipt(tx, device, activated)
            visit_id = self._desks.visits.open(tx, activated.facts.member, device, IdentifiedBy.ISSUE)
            return {
                "card": issue_id,
                "receipt": receipt.number,
                "visit": visit_id,
                "channel": activated.welcome_channel.value,
                "replacement": activated.is_replacement,
            }

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: self._issued(tx, answer))

    def _receipt(self, tx: Tx, device: DeviceActor, activated: Activated) -> Receipt:
        application = activated.facts.application
        facts = ReceiptFacts(
            kind=ReceiptKind.MEMBERSHIP,
            device_id=device.device_id,
            application_number=application.number,
            membership_number_masked=activated.membership_number_masked,
            notice_version=application.notice_version,
            consents=activated.facts.consents,
            points=activated.facts.points,
        )
        return self._desks.receipts.issue(tx, facts, application.application_id)

    def _issued(self, tx: Tx, answer: Answer) -> Issued:
        card = card_by_id(tx, answer["card"])
        if card is None:
            raise refuse(Reason.CARD_DIALOG)
        facts = self._desks.activation.facts(tx, card.member_id)
        return Issued(
            membership_number_masked=mask_membership_number(facts.member.number),
            tier=facts.tier,
            points=facts.points,
            benefits=benefits_of(facts),
            receipt=self._desks.receipts.again(tx, answer["receipt"]),
            welcome_channel=answer["channel"].lower(),
            visit_token=self._desks.visits.token(answer["visit"]),
            name_masked=mask_name(self._base.people.open(tx, facts.member.person_id).name),
            # Answers of before there were replacements do not say it.
            is_replacement=answer.get("replacement", False),
        )

    def abort(self, actor: Actor, envelope: Envelope, issue_id: str, cause: AbortCause) -> Aborted:
        """Give an issue up: the card is SPOILED where writing had begun; another blank may be taken.

        Raises:
            Refusal: CARD_DIALOG, the card is another device's (``begin`` takes it over); those of RequestLog.once.
        """
        device = require_device(actor, Operation.ISSUE_CARD)
        call = Call(device, envelope, Operation.ISSUE_CARD, {"abort": issue_id, "cause": cause})

        def work(tx: Tx) -> Answer:
            card = card_by_id(tx, issue_id)
            if card is not None and card.device_id != device.device_id:
                raise refuse(Reason.CARD_DIALOG)
            is_spoiled = self._spoil(tx, device, issue_id, cause.value)
            facts = self._desks.activation.facts(tx, card.member_id) if card and is_spoiled else None
            grant = self._desks.grants.give(tx, facts.application.application_id, device) if facts else ""
            return {"spoiled": is_spoiled, "grant": grant}

        answer = self._base.requests.once(call, work)
        return Aborted(answer["spoiled"], self._desks.grants.text(answer["grant"]))

    def _audit(self, tx: Tx, actor: Actor, action: str, card_id: str, request_id: str | None = None) -> None:
        self._base.audit.record(tx, Deed(actor, action, "card", card_id, request_id))


def _is_begun(running: Running[Issue]) -> bool:
    """Tell whether a writing batch was handed out before."""
    return running.last is not None and running.last.batch is not None and running.last.batch.stage is not Stage.CHECKING
