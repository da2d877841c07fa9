"""The card keystore: master keys by generation, the keys of one card derived from them, and the signer of card files.

Responsible for handing out a single card's keys only. Must not know commands, sessions or members.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hardware.card.layout.diversification import diversification_input, diversified_key
from hardware.card.layout.roles import KeyRole
from server_stub.keys.folder import CARD_KEY_BYTES, KeyKind
from server_stub.keys.signing import SigningKey

if TYPE_CHECKING:
    from server_stub.keys.folder import KeyFolder

SIGNER_ID_BYTES = 8
# Order of the six master keys in the file of a generation.
_PLACES = (KeyRole.MASTER, KeyRole.READ, KeyRole.UPDATE, KeyRole.PRIVACY, KeyRole.READER, KeyRole.CARD)


class UnknownGeneration(Exception):
    """No master keys of this generation are here; the number is the key version that stands on the card."""


class CardKeystore:
    """Keys of single cards, diversified from the master keys (cards.md 2.4, AN10922).

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

    def key(self, generation: int, role: KeyRole, uid: bytes) -> bytes:
        """Returns one key of one card, 16 bytes AES.

        Args:
            generation: Key version.
            role: Use of the key.
            uid: UID, 7 bytes.

        Raises:
            UnknownGeneration: no such master keys.
            ValueError: the UID has not 7 bytes.
        """
        masters = self._masters.get(generation)
        if masters is None:
            raise UnknownGeneration(f"generation {generation}")
        start = _PLACES.index(role) * CARD_KEY_BYTES
        return diversified_key(masters[start : start + CARD_KEY_BYTES], diversification_input(role, uid))


class CardSigner:
    """Signs the two files of a card; implements `hardware.card.layout.files.Signer`.

    Thread:
        any.
    """

    def __init__(self, folder: KeyFolder) -> None:
        self._signing = SigningKey(folder, KeyKind.CARD_SIGNATURE)
        self._key_id = signer_id(self._signing.public_keys[self._signing.key_id])

    @property
    def key_id(self) -> bytes:
        """Returns what stands on the card for the active key, 8 bytes."""
        return self._key_id

    def sign(self, message: bytes) -> bytes:
        """Returns the Ed25519 signature, 64 bytes."""
        return self._signing.sign(message)

    @property
    def public_keys(self) -> dict[bytes, Ed25519PublicKey]:
        """Returns all generations' public keys by what stands on cards."""
        return {signer_id(raw): Ed25519PublicKey.from_public_bytes(raw) for raw in self._signing.public_keys.values()}


def signer_id(public_key: bytes) -> bytes:
    """Returns the first 8 bytes of the SHA-256 of a raw public key."""
    return hashlib.sha256(public_key).digest()[:SIGNER_ID_BYTES]
