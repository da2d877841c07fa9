"""The card keystore: master keys by generation and the keys of one card derived from them.

Responsible for diversification. Must not know commands, sessions or members; hands out no master key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from server_stub.keys.folder import CARD_KEY_BYTES, KeyKind

if TYPE_CHECKING:
    from server_stub.keys.folder import KeyFolder

APPLICATION_KEYS = 5
SYSTEM_NAME = b"YH-MEMBER-1"
UID_BYTES = 7
AID_BYTES = 3
PICC_AID = bytes(AID_BYTES)


class UnknownGeneration(Exception):
    """No master keys of this generation are here; the number is the key version that stands on the card."""


class CardKeystore:
    """Keys of single cards, diversified from the master keys (cards.md 2.4).

    A generation is the key version on the card, 1 to 255; 0 is the factory's.

    Thread:
        any.
    """

    def __init__(self, folder: KeyFolder) -> None:
        self._masters = {entry.number: folder.read(entry) for entry in folder.entries(KeyKind.CARD_MASTER)}
        self.current_generation = folder.active(KeyKind.CARD_MASTER).number

    @property
    def generations(self) -> tuple[int, ...]:
        """Returns the generations that can be read, oldest first."""
        return tuple(sorted(self._masters))

    def application_key(self, generation: int, uid: bytes, aid: bytes, key_no: int) -> bytes:
        """Returns key `key_no` (0 to 4) of the card's application, 16 bytes AES.

        Args:
            generation: Key version.
            uid: UID, 7 bytes.
            aid: Application identifier as it goes over the wire (least significant byte first), 3 bytes.
            key_no: 0 AMK, 1 READ, 2 UPDATE, 3 PRIVACY, 4 READER.

        Raises:
            UnknownGeneration: no such master keys.
            ValueError: a length or number is out of range.
        """
        if not 0 <= key_no < APPLICATION_KEYS:
            raise ValueError("an application key has the number 0 to 4")
        return diversified(self._master(generation, key_no), uid, aid, key_no)

    def picc_key(self, generation: int, uid: bytes) -> bytes:
        """Returns the card's PICC master key, 16 bytes AES; its AID is 000000 and its number 0.

        Raises:
            UnknownGeneration: no such master keys.
            ValueError: the UID has not 7 bytes.
        """
        return diversified(self._master(generation, APPLICATION_KEYS), uid, PICC_AID, 0)

    def _master(self, generation: int, place: int) -> bytes:
        masters = self._masters.get(generation)
        if masters is None:
            raise UnknownGeneration(f"generation {generation}")
        return masters[place * CARD_KEY_BYTES : (place + 1) * CARD_KEY_BYTES]


def diversified(master: bytes, uid: bytes, aid: bytes, key_no: int) -> bytes:
    """Returns the 16-byte AES key of one card.

    Source: NXP AN10922 2.2.1. M = 01 | UID | AID | number | system name has 23 bytes; between 17 and 31 bytes the note's padding to
    32 bytes and its choice of subkey are those of AES-CMAC itself (NIST SP 800-38B), so CMAC over M is the note's result.

    Raises:
        ValueError: a length is wrong.
    """
    if len(master) != CARD_KEY_BYTES or len(uid) != UID_BYTES or len(aid) != AID_BYTES:
        raise ValueError("master key 16, UID 7, AID 3 bytes")
    mac = CMAC(AES(master))
    mac.update(b"\x01" + uid + aid + bytes([key_no]) + SYSTEM_NAME)
    return mac.finalize()
