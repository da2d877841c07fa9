"""Bringing a card up to date, pure: what it holds is read, what it lacks is written, wholly or not at all. Knows no member and no row.

The centre reads the card itself, in the session in which it writes: what a device says of the card decides nothing. A write counts from its
commit on, and its answer carries a MAC, so a plan that ends has seen the card take the new content (cards.md, I1 and I2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hardware.card.layout.commands import COMMIT, write_data
from hardware.card.layout.faults import CardFault, MalformedFile, StatusRefused
from hardware.card.layout.messaging import Protection, SecureSession
from hardware.card.layout.profile import READ_SNAPSHOT, SNAPSHOT_FILE
from hardware.card.layout.roles import KeyRole
from server_stub.domain.reasons import Reason
from server_stub.services.cards.authentication import open_session, prove_key
from server_stub.services.cards.dialog import CardStopped, Dialog, Stage, describe, opened, sealed
from server_stub.services.cards.visiting import CHOOSE_APPLICATION, not_the_card

Choose = Callable[[bytes], bytes | None]
"""Is told what the card holds and returns what is to be written on it next, known by then to the centre; None where nothing is missing.

Raises CardStopped where the card holds what it cannot hold.
"""


@dataclass(frozen=True, slots=True, repr=False)
class UpdateKeys:
    """The two keys of one card that an update takes, 16 bytes each. Secret."""

    read: bytes
    update: bytes


def bring_up_to_date(keys: UpdateKeys, choose: Choose) -> Dialog[None]:
    """Write what is missing; at most eight commands where one thing is, two more for each further one.

    Raises:
        CardStopped: CARD_CLONED where the card does not hold its keys, CARD_DAMAGED where it refuses a command, CARD_DIALOG where an answer
            broke off, and those of `choose`.
    """
    session = yield from _read_session(keys.read)
    held = yield from _held(session)
    content = choose(held)
    if content is None:
        return
    session = yield from _update_session(session, keys.update)
    while content is not None:
        yield from _write(session, content)
        content = choose(content)


def _read_session(key: bytes) -> Dialog[SecureSession]:
    try:
        return (yield from open_session(KeyRole.READ, key, Stage.CHECKING, before=CHOOSE_APPLICATION))
    except CardFault as fault:
        raise not_the_card(fault) from fault


def _held(session: SecureSession) -> Dialog[bytes]:
    reading = [session.seal(READ_SNAPSHOT, Protection.FULL)]
    responses = yield sealed(reading, Stage.CHECKING)
    try:
        return opened(responses, reading)[0]
    except CardFault as fault:
        raise _stopped(fault) from fault


def _update_session(session: SecureSession, key: bytes) -> Dialog[SecureSession]:
    try:
        keys = yield from prove_key(KeyRole.UPDATE, key, session.keys.ti, Stage.WRITING)
    except CardFault as fault:
        raise not_the_card(fault) from fault
    return session.renewed(keys)


def _write(session: SecureSession, content: bytes) -> Dialog[None]:
    writing = [session.seal(write_data(SNAPSHOT_FILE, 0, content), Protection.FULL), session.seal(COMMIT, Protection.MAC)]
    responses = yield sealed(writing, Stage.WRITING)
    try:
        opened(responses, writing)
    except CardFault as fault:
        raise _stopped(fault) from fault


def _stopped(fault: CardFault) -> CardStopped:
    is_about_card = isinstance(fault, StatusRefused | MalformedFile)
    return CardStopped(Reason.CARD_DAMAGED if is_about_card else Reason.CARD_DIALOG, describe(fault))
