"""How each key of a card is derived from a master key. Holds no master key.

Source: NXP AN10922 clause 2.2 (AES-128).
"""

from __future__ import annotations

from hardware.card.layout.mac import cmac
from hardware.card.layout.roles import KeyRole

_AES128_CONSTANT = b"\x01"
# Outside 16..31 bytes the note's padding to two blocks and plain CMAC give different keys; deployed libraries differ.
SHORTEST_INPUT = 16
LONGEST_INPUT = 31

_SYSTEM = b"YH-MEMBER-1"
_CARD_ITSELF = b"\x00\x00\x00"
_APPLICATION = b"\x20\x81\xf4"
_ALL_CARDS = bytes(7)


def diversification_input(role: KeyRole, uid: bytes) -> bytes:
    """Return the 22 bytes from which a card's key is derived: UID (7), AID (3), key number (1), name of the system (11).

    Args:
        role: Use of the key.
        uid: UID of the card, 7 bytes.
    """
    if len(uid) != 7:
        raise ValueError("a UID of 7 bytes is needed")
    if role is KeyRole.CARD:
        return uid + _CARD_ITSELF + b"\x00" + _SYSTEM
    return (_ALL_CARDS if role is KeyRole.PRIVACY else uid) + _APPLICATION + bytes([role]) + _SYSTEM


def diversified_key(master_key: bytes, diversification: bytes) -> bytes:
    """Return the 16-byte key of one card.

    Args:
        master_key: AES-128 key.
        diversification: 16 to 31 bytes.
    """
    if not SHORTEST_INPUT <= len(diversification) <= LONGEST_INPUT:
        raise ValueError(f"diversification input must have {SHORTEST_INPUT} to {LONGEST_INPUT} bytes")
    return cmac(master_key, _AES128_CONSTANT + diversification)
