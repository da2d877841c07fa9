"""What a card is to say of its member now, and how it comes to say it. Changes no points: a card only tells what the ledger holds.

A snapshot is written down here before it is handed out, so the card holds what its row says or what was there before (cards.md, I1).
One whose answer was lost is written again as it was: two contents with one number would be two cards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hardware.card.layout.faults import MalformedFile
from hardware.card.layout.files import Snapshot
from hardware.card.layout.roles import KeyRole
from server_stub.domain.actors import DeviceActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.activation import Activation
from server_stub.services.audit import Deed
from server_stub.services.cards.content import CardSigning, Keystore, says_the_same, snapshot_of
from server_stub.services.cards.dialog import CardStopped, Dialog, describe
from server_stub.services.cards.standing import why_not_valid
from server_stub.services.cards.updating import UpdateKeys, bring_up_to_date
from server_stub.services.foundation import Foundation
from server_stub.storage.cards import CardRow, CardState, card_by_id, change_card
from server_stub.storage.database import Tx


@dataclass(frozen=True, slots=True)
class CardUpdate:
    """What a dialogue that updates a card is about."""

    card_id: str


class Snapshots:
    """Keeps cards at what the ledger says. Thread: any."""

    def __init__(self, base: Foundation, activation: Activation, keys: tuple[Keystore, CardSigning]) -> None:
        self._base = base
        self._activation = activation
        self._keystore, self._signer = keys

    def is_behind(self, tx: Tx, card: CardRow, held: Snapshot) -> bool:
        """Return whether a card that was read holds something else than it should."""
        return held.sequence < card.snapshot_sequence or not says_the_same(held, self._now(tx, card))

    def plan(self, device: DeviceActor, card: CardRow) -> Dialog[None]:
        """Return the plan that brings an active card up to date; raises as ``updating.bring_up_to_date`` does."""
        read, update = (self._keystore.key(card.key_generation, role, card.uid) for role in (KeyRole.READ, KeyRole.UPDATE))

        def choose(held: bytes) -> bytes | None:
            return self._base.database.write(lambda tx: self._next(tx, device, card.card_id, held))

        return bring_up_to_date(UpdateKeys(read, update), choose)

    def _next(self, tx: Tx, device: DeviceActor, card_id: str, held: bytes) -> bytes | None:
        """Return what a card that holds `held` is to hold next, written down; None where it holds what it should."""
        card = card_by_id(tx, card_id)
        if card is None:
            raise refuse(Reason.CARD_UNKNOWN)
        if card.state is not CardState.ACTIVE:
            raise why_not_valid(card)
        state = _read(held, self._signer.public_keys)
        if state.uid != card.uid or state.sequence not in {card.snapshot_sequence - 1, card.snapshot_sequence}:
            raise CardStopped(Reason.CARD_CLONED, f"sequence {state.sequence}, known {card.snapshot_sequence}")
        if state.sequence < card.snapshot_sequence:
            return card.snapshot
        if held != card.snapshot:
            raise CardStopped(Reason.CARD_CLONED, "another content with this number")
        wanted = self._now(tx, card)
        if says_the_same(wanted, state):
            return None
        content = wanted.signed(self._signer)
        if not change_card(tx, card, {"snapshot": content, "snapshot_sequence": wanted.sequence}):
            raise refuse(Reason.STALE_VERSION)
        self._base.audit.record(tx, Deed(device, "card.updating", "card", card_id))
        return content

    def _now(self, tx: Tx, card: CardRow) -> Snapshot:
        return snapshot_of(tx, self._activation.facts(tx, card.member_id), card.uid, card.snapshot_sequence + 1)


def _read(held: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> Snapshot:
    try:
        return Snapshot.verified(held, keys)
    except MalformedFile as fault:
        raise CardStopped(Reason.CARD_DAMAGED, describe(fault)) from fault
