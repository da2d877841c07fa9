"""CardService's use cases: issuing and visits share their dialogues here. Knows no transport."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hardware.card.layout.handshake import SessionKeys
from hardware.card.layout.roles import KeyRole
from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.clock import business_day
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.cards.content import CardSigning, Keystore
from server_stub.services.cards.dialog import Batch, CardStopped, Stage
from server_stub.services.cards.dialogs import Dialogs, Running, Turn
from server_stub.services.cards.issuing import Issue, Issuing
from server_stub.services.cards.key_versions import require_keys, tell_unknown_version
from server_stub.services.cards.lost_cards import LostCards
from server_stub.services.cards.personalisation import COMMANDS_IN_ALL
from server_stub.services.cards.snapshots import CardUpdate, Snapshots
from server_stub.services.cards.standing import why_not_valid
from server_stub.services.cards.visiting import Expected, authenticate_for_visit, check_files, meet_stranger
from server_stub.services.foundation import Foundation
from server_stub.services.visits import Visits
from server_stub.storage.cards import BEGUN, CardRow, CardState, card_by_id, card_by_uid
from server_stub.storage.database import Tx
from server_stub.storage.members import IdentifiedBy, member_by_id

UID_BYTES = 7
# What an authenticated session has counted when it is handed over: nothing yet.
COUNTER_AT_HANDOVER = 0


@dataclass(frozen=True, slots=True)
class CardVisit:
    """What a visit's dialogue is about; None for a card that is not known."""

    card_id: str | None


@dataclass(frozen=True, slots=True)
class VisitBegun:
    """The dialogue begins, or the card's issue is to be resumed."""

    dialog_id: str
    batch: Batch | None
    unfinished_issue_id: str


@dataclass(frozen=True, slots=True)
class NextTurn:
    """What comes next in a dialogue."""

    batch: Batch | None
    stage: Stage | None
    session: SessionKeys | None
    command_counter: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Greeting:
    """The member is known; `is_card_behind`: the card does not say what it should, ``begin_update`` mends that."""

    visit_token: str
    name_masked: str
    is_card_behind: bool


@dataclass(frozen=True, slots=True)
class UpdateBegun:
    """The dialogue that brings a card up to date begins; it is done when no batch follows."""

    dialog_id: str
    batch: Batch


@dataclass(frozen=True, slots=True)
class CardParts:
    """The use cases beside visits."""

    issuing: Issuing
    lost_cards: LostCards
    snapshots: Snapshots


class CardService:
    """Cards at the centre. Thread: any."""

    def __init__(self, base: Foundation, parts: CardParts, dialogs: Dialogs, visits: Visits, keys: tuple[Keystore, CardSigning]) -> None:
        self._base = base
        self.issuing, self.lost_cards, self._snapshots = parts.issuing, parts.lost_cards, parts.snapshots
        self._dialogs = dialogs
        self._visits = visits
        self._keystore, self._signer = keys

    def begin_visit(self, actor: Actor, uid: bytes) -> VisitBegun:
        """Return the dialogue that authenticates the card on the reader.

        Raises:
            Refusal: CARD_BLOCKED, CARD_LOST, CARD_SPOILED, CARD_EXPIRED by the card's record; CARD_FOREIGN for a UID of another length;
                CARD_KEY_VERSION, its keys are not here; CARD_ELSEWHERE.
        """
        device = require_device(actor, Operation.VISIT_WITH_CARD)
        if len(uid) != UID_BYTES:
            raise refuse(Reason.CARD_FOREIGN)
        card = self._base.database.read(lambda tx: self._visitable(tx, uid))
        if card is None:
            running, first = self._dialogs.begin(device, uid, CardVisit(None), meet_stranger())
            return VisitBegun(running.dialog_id, first, "")
        if card.state is not CardState.ACTIVE:
            return VisitBegun("", None, card.card_id)
        require_keys(self._base, self._keystore, device, card)
        read_key = self._keystore.key(card.key_generation, KeyRole.READ, uid)
        plan = authenticate_for_visit(read_key, card.key_generation)
        running, first = self._dialogs.begin(device, uid, CardVisit(card.card_id), plan)
        return VisitBegun(running.dialog_id, first, "")

    def _visitable(self, tx: Tx, uid: bytes) -> CardRow | None:
        card = card_by_uid(tx, uid)
        if card is None or card.state in BEGUN:
            return card
        if card.state is not CardState.ACTIVE:
            raise why_not_valid(card)
        if business_day(tx.now) > card.expires_on:
            raise refuse(Reason.CARD_EXPIRED)
        return card

    def next_commands(self, actor: Actor, dialog_id: str, batch: int, responses: Sequence[bytes]) -> NextTurn:
        """Take a batch's answers, return the next one.

        Raises:
            Refusal: CARD_DIALOG; why the card cannot be used: CARD_*.
        """
        device = require_device(actor, Operation.VISIT_WITH_CARD)
        running = self._dialogs.find(device, dialog_id)
        if isinstance(running.subject, Issue):
            issued = self.issuing.advance(device, running, batch, responses)
            stage = issued.batch.stage if issued.batch else Stage.WRITTEN
            return NextTurn(issued.batch, stage, None, 0, running.done, max(COMMANDS_IN_ALL, running.done))
        turn = self._advance_visit(device, running, batch, responses)
        return NextTurn(turn.batch, None, turn.result, COUNTER_AT_HANDOVER, running.done, 0)

    def _advance_visit(
        self, device: DeviceActor, running: Running[CardVisit | CardUpdate], batch: int, responses: Sequence[bytes]
    ) -> Turn[SessionKeys]:
        try:
            return self._dialogs.advance(running, batch, responses, lambda _turn: None)
        except CardStopped as stopped:
            if stopped.reason is Reason.CARD_KEY_VERSION:
                tell_unknown_version(self._base, device, running.subject.card_id or "", stopped.detail)
            raise refuse(stopped.reason) from stopped

    def complete_visit(self, actor: Actor, dialog_id: str, identity: bytes, snapshot: bytes) -> Greeting:
        """Check what was read and begin the member's visit.

        Raises:
            Refusal: CARD_DIALOG, not authenticated; CARD_DAMAGED, CARD_CLONED; CARD_BLOCKED, CARD_LOST; MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.VISIT_WITH_CARD)
        running = self._dialogs.find(device, dialog_id)
        is_authenticated = running.last is not None and running.last.batch is None and running.last.result is not None
        if not isinstance(running.subject, CardVisit) or not is_authenticated:
            raise refuse(Reason.CARD_DIALOG)
        card_id = running.subject.card_id or ""
        self._dialogs.end(dialog_id)
        return self._base.database.write(lambda tx: self._greet(tx, device, card_id, (identity, snapshot)))

    def _greet(self, tx: Tx, device: DeviceActor, card_id: str, files: tuple[bytes, bytes]) -> Greeting:
        card = card_by_id(tx, card_id)
        if card is None:
            raise refuse(Reason.CARD_BLOCKED)
        if card.state is not CardState.ACTIVE:
            raise why_not_valid(card)
        try:
            held = check_files(*files, Expected(card.uid, card.card_token, card.snapshot_sequence), self._signer.public_keys)
        except CardStopped as stopped:
            raise refuse(stopped.reason) from stopped
        member = member_by_id(tx, card.member_id)
        person = self._base.people.find(tx, member.person_id) if member else None
        if member is None or person is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        token = self._visits.begin(tx, member, device, IdentifiedBy.CARD)
        return Greeting(token, mask_name(self._base.people.open_row(person).name), self._snapshots.is_behind(tx, card, held))

    def begin_update(self, actor: Actor, visit_token: str, uid: bytes) -> UpdateBegun:
        """Return the dialogue that writes on a member's card what the ledger says now; nothing but the card changes.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE; CARD_UNKNOWN: no card, or another member's; why it is not valid; CARD_ELSEWHERE.
        """
        device = require_device(actor, Operation.VISIT_WITH_CARD)
        card = self._base.database.read(lambda tx: self._own_card(tx, device, visit_token, uid))
        require_keys(self._base, self._keystore, device, card)
        running, first = self._dialogs.begin(device, uid, CardUpdate(card.card_id), self._snapshots.plan(device, card))
        return UpdateBegun(running.dialog_id, first)

    def _own_card(self, tx: Tx, device: DeviceActor, visit_token: str, uid: bytes) -> CardRow:
        member = self._visits.require(tx, visit_token, device)
        card = card_by_uid(tx, uid)
        # Somebody else's card is answered like none, so that nobody learns whose card lies there.
        if card is None or card.member_id != member.member_id:
            raise refuse(Reason.CARD_UNKNOWN)
        if card.state is not CardState.ACTIVE:
            raise why_not_valid(card)
        return card
