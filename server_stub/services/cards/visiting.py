"""Authenticating a card for a visit, pure: the centre answers the challenge, the device gets this visit's session keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hardware.card.layout.commands import get_key_version
from hardware.card.layout.faults import CardFault, MalformedFile, TruncatedResponse
from hardware.card.layout.files import Identity, Snapshot
from hardware.card.layout.handshake import SessionKeys
from hardware.card.layout.profile import SELECT
from hardware.card.layout.roles import KeyRole
from server_stub.domain.reasons import Reason
from server_stub.services.cards.authentication import open_session
from server_stub.services.cards.dialog import Batch, CardCommand, CardStopped, Dialog, Stage, describe, plain_answers, reason_for

FACTORY_VERSION = 0
"""Of a key that nobody has changed yet; such a card was never finished, or restored."""
ISO_SELECTED = (b"\x90\x00", b"\x91\x00")
CHOOSE_APPLICATION = (CardCommand(SELECT, ISO_SELECTED),)


def meet_stranger() -> Dialog[None]:
    """Select our application on a card that the centre does not know; ends in any case.

    Raises:
        CardStopped: CARD_UNKNOWN where the application is there, CARD_FOREIGN where it is not.
    """
    batch = Batch(CHOOSE_APPLICATION, Stage.CHECKING)
    responses = yield batch
    try:
        plain_answers(responses, batch.commands)
    except CardFault as fault:
        raise CardStopped(reason_for(fault, Reason.CARD_FOREIGN), describe(fault)) from fault
    raise CardStopped(Reason.CARD_UNKNOWN)


def authenticate_for_visit(read_key: bytes, generation: int) -> Dialog[SessionKeys]:
    """Authenticate with the card's READ key; returns the keys of the session.

    Args:
        read_key: The key that the card must hold, 16 bytes.
        generation: The version under which it must stand there.

    Raises:
        CardStopped: CARD_CLONED where the card does not hold its key, CARD_KEY_VERSION where it says so itself, CARD_DIALOG where an
            answer broke off.
    """
    try:
        session = yield from open_session(KeyRole.READ, read_key, Stage.CHECKING, before=CHOOSE_APPLICATION)
    except CardFault as fault:
        if not isinstance(fault, TruncatedResponse):
            version = yield from _read_key_version()
            if version not in {None, FACTORY_VERSION, generation}:
                raise CardStopped(Reason.CARD_KEY_VERSION, f"the card says version {version}, the record {generation}") from fault
        raise not_the_card(fault) from fault
    return session.keys


def _read_key_version() -> Dialog[int | None]:
    """Ask the selected application; None where it does not say."""
    batch = Batch((CardCommand(get_key_version(KeyRole.READ)),), Stage.CHECKING)
    responses = yield batch
    try:
        answered = plain_answers(responses, batch.commands)[0]
    except CardFault:
        return None
    return answered[0] if len(answered) == 1 else None


def not_the_card(fault: CardFault) -> CardStopped:
    """Return why a card that should hold our keys did not prove it: the UID is known and the keys are not there, a copy of a UID."""
    return CardStopped(reason_for(fault, Reason.CARD_CLONED), describe(fault))


@dataclass(frozen=True, slots=True)
class Expected:
    """What the centre knows of the card."""

    uid: bytes
    card_token: bytes
    snapshot_sequence: int


def check_files(identity: bytes, snapshot: bytes, expected: Expected, keys: Mapping[bytes, Ed25519PublicKey]) -> Snapshot:
    """Compare what was read with what the centre knows; returns what the card says of its member.

    Raises:
        CardStopped: CARD_DAMAGED for a file that does not verify, CARD_CLONED for one that belongs elsewhere or is from another time.
    """
    try:
        whose, state = Identity.verified(identity, keys), Snapshot.verified(snapshot, keys)
    except MalformedFile as fault:
        raise CardStopped(Reason.CARD_DAMAGED, describe(fault)) from fault
    if whose.uid != expected.uid or state.uid != expected.uid or whose.card_token != expected.card_token:
        raise CardStopped(Reason.CARD_CLONED, "belongs to another card")
    # One behind is a write whose answer was lost; anything else is a restored or copied content (cards.md 2.6).
    if not expected.snapshot_sequence - 1 <= state.sequence <= expected.snapshot_sequence:
        raise CardStopped(Reason.CARD_CLONED, f"sequence {state.sequence}, known {expected.snapshot_sequence}")
    return state
