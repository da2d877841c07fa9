"""Commands and answers as bytes: DESFire's own commands wrapped for ISO 7816-4. Knows no keys.

Source: ISO/IEC 7816-4 clause 5; NXP AN12343 clause 3 (CLA 90, status 91xx).
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.card.layout.faults import TruncatedResponse

SHORTEST_APDU = 4
LONGEST_APDU = 261
LONGEST_DATA = 255

OK = b"\x91\x00"
MORE = b"\x91\xaf"
ISO_OK = b"\x90\x00"

# NXP AN0945 table 1, AN12343 annex: statuses with which the card refuses.
_CARD_REFUSALS = frozenset(b"\x91" + bytes([low]) for low in bytes.fromhex("0c0e1c1e407e979d9ea0aebec1caddeeeef0f1"))
# ISO/IEC 7816-4 table 6, those that cards of other systems and readers give.
_ISO_REFUSALS_HEX = "6700 6881 6882 6900 6981 6982 6983 6985 6986 6a80 6a81 6a82 6a86 6b00 6d00 6e00 6f00"
_ISO_REFUSALS = frozenset(bytes.fromhex(sw) for sw in _ISO_REFUSALS_HEX.split(" "))


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the card before secure messaging.

    Attributes:
        code: Instruction.
        header: Parameters that are never encrypted.
        data: Parameters that are encrypted in full mode.
    """

    code: int
    header: bytes = b""
    data: bytes = b""


def wrapped(code: int, body: bytes = b"") -> bytes:
    """Return the command APDU `90 code 00 00 [Lc body] 00`."""
    if len(body) > LONGEST_DATA:
        raise ValueError(f"{len(body)} bytes do not fit into one command")
    return bytes([0x90, code, 0, 0]) + (bytes([len(body)]) + body if body else b"") + b"\x00"


def plain(command: Command) -> bytes:
    """Return the command APDU without secure messaging."""
    return wrapped(command.code, command.header + command.data)


def split_response(response: bytes) -> tuple[bytes, bytes]:
    """Return data and status word of a response APDU.

    Raises:
        TruncatedResponse: It has fewer than two bytes.
    """
    if len(response) < 2:
        raise TruncatedResponse(f"{len(response)} bytes")
    return response[:-2], response[-2:]


def is_refusal(data: bytes, sw: bytes) -> bool:
    """Tell whether an answer is a card's refusal, rather than the first bytes of one that broke off; refusals carry no data."""
    return not data and (sw in _CARD_REFUSALS or sw in _ISO_REFUSALS)
