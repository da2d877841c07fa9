"""Return codes of PC/SC as errors of the kiosk. Source: PC/SC part 5 clause 3.1.5; pcsc-lite `pcsclite.h`."""

from __future__ import annotations

from hardware.errors import (
    AccessDenied,
    CardReset,
    DeviceError,
    Mute,
    NoCard,
    NoReader,
    ProtocolViolation,
    ReaderBusy,
    ReaderGone,
    Removed,
    ServiceDown,
)

SUCCESS = 0
TIMED_OUT = 0x8010000A
CANCELLED = 0x80100002
_SERVICE_DOWN = (
    0x80100001,  # internal error: seen while the daemon goes down
    0x80100003,  # invalid handle: the daemon that gave it is gone
    0x80100013,  # communication error
    0x8010001D,  # no service
    0x8010001E,  # service stopped
)

_ERRORS: dict[int, type[DeviceError]] = {
    **dict.fromkeys(_SERVICE_DOWN, ServiceDown),
    0x80100009: NoReader,
    0x8010000B: ReaderBusy,
    0x8010000C: NoCard,
    0x80100016: Removed,
    0x80100017: ReaderGone,
    0x8010002E: NoReader,
    0x80100066: Mute,
    0x80100067: Mute,
    0x80100068: CardReset,
    0x80100069: Removed,
    0x8010006A: AccessDenied,
}


def unsigned(result: int) -> int:
    """Return a result as the headers write it; the wrapper gives it signed."""
    return result & 0xFFFFFFFF


def error_of(result: int) -> DeviceError:
    """Return the error for a result other than success."""
    code = unsigned(result)
    return _ERRORS.get(code, ProtocolViolation)(f"PC/SC {code:08x}")


def check(result: int) -> None:
    """Raise the error of a result, unless it is success."""
    if unsigned(result) != SUCCESS:
        raise error_of(result)
