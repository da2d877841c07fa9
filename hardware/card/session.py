"""Reading the member's files with the session that the centre opened for this visit. Holds keys of one session only."""

from __future__ import annotations

from hardware.card.api import CardLink
from hardware.card.layout.apdu import Command
from hardware.card.layout.faults import CardFault, IntegrityFault, SessionOver, StatusRefused, TruncatedResponse
from hardware.card.layout.messaging import Protection, SecureSession
from hardware.card.layout.profile import READ_IDENTITY, READ_SNAPSHOT
from hardware.errors import (
    AuthenticationRefused,
    CardDamaged,
    CardFull,
    DeviceError,
    IntegrityBroken,
    NotFound,
    Rejected,
    TruncatedAnswer,
    WrongState,
)

_REJECTIONS: dict[bytes, type[Rejected]] = {
    b"\x91\x9d": WrongState,
    b"\x69\x85": WrongState,
    b"\x91\xae": AuthenticationRefused,
    b"\x69\x82": AuthenticationRefused,
    b"\x91\x0e": CardFull,
    b"\x6a\x84": CardFull,
    b"\x91\xa0": NotFound,
    b"\x91\xf0": NotFound,
    b"\x6a\x82": NotFound,
}


def rejection(sw: bytes) -> DeviceError:
    """Return the error for a status word other than success; the card's own integrity error is told from the others."""
    if sw == b"\x91\x1e":
        return IntegrityBroken("reported by the card")
    return _REJECTIONS.get(sw, Rejected)(sw=sw)


def error_of(fault: CardFault) -> DeviceError:
    """Return the kiosk's error for a fault of the layout package."""
    match fault:
        case StatusRefused():
            return rejection(fault.sw)
        case TruncatedResponse():
            return TruncatedAnswer(str(fault))
        case IntegrityFault() | SessionOver():
            return IntegrityBroken(str(fault))
        case _:
            return CardDamaged(str(fault))


def read_member_files(link: CardLink, session: SecureSession) -> tuple[bytes, bytes]:
    """Return identity and snapshot, 128 bytes each, plain; their signatures are checked by the centre.

    Thread: the reader's worker.

    Raises:
        DeviceError: The link broke, the card refused, or an answer's MAC is wrong.
    """
    identity = _read(link, session, READ_IDENTITY)
    return identity, _read(link, session, READ_SNAPSHOT)


def _read(link: CardLink, session: SecureSession, command: Command) -> bytes:
    try:
        exchange = session.seal(command, Protection.FULL)
        return exchange.open(link.transmit(exchange.apdu))
    except CardFault as fault:
        raise error_of(fault) from fault
