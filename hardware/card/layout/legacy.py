"""The first minute of a factory card: its key is DES, and this replaces it by AES. Knows nothing of the application.

Authentication and messaging are those of DESFire EV1, whose initialisation vectors chain through all messages.
Source: NXP AN0945 clauses 6 and 7, tables 22 (authentication), 32 and 33 (ChangeKey); the block cipher is a parameter,
so that the AES tables of that note prove the arithmetic which a factory card runs with DES.
"""

from __future__ import annotations

import hmac
import zlib
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from hardware.card.layout.apdu import wrapped
from hardware.card.layout.faults import IntegrityFault, TruncatedResponse
from hardware.card.layout.handshake import ADDITIONAL_FRAME
from hardware.card.layout.mac import decrypt_cbc, encrypt_cbc, rotate_left, rotate_right

AUTHENTICATE_ISO = 0x1A
CHANGE_KEY = 0xC4
FACTORY_KEY = bytes(8)
CARD_KEY_IS_AES = 0x80


class BlockCipher(Protocol):
    """A block cipher with its key."""

    @property
    def block(self) -> int:
        """Return the length of a block in bytes."""
        ...

    def encrypt(self, iv: bytes, plain: bytes) -> bytes:
        """Return CBC of whole blocks."""
        ...

    def decrypt(self, iv: bytes, ciphertext: bytes) -> bytes:
        """Return the plain text of CBC."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Des:
    """Single DES, run as 3DES with three equal keys of 8 bytes."""

    key: bytes
    block: int = 8

    def encrypt(self, iv: bytes, plain: bytes) -> bytes:
        """See BlockCipher."""
        encryptor = Cipher(TripleDES(self.key * 3), modes.CBC(iv)).encryptor()
        return encryptor.update(plain) + encryptor.finalize()

    def decrypt(self, iv: bytes, ciphertext: bytes) -> bytes:
        """See BlockCipher."""
        decryptor = Cipher(TripleDES(self.key * 3), modes.CBC(iv)).decryptor()
        return decryptor.update(ciphertext) + decryptor.finalize()


@dataclass(frozen=True, slots=True, repr=False)
class Aes:
    """AES-128."""

    key: bytes
    block: int = 16

    def encrypt(self, iv: bytes, plain: bytes) -> bytes:
        """See BlockCipher."""
        return encrypt_cbc(self.key, iv, plain)

    def decrypt(self, iv: bytes, ciphertext: bytes) -> bytes:
        """See BlockCipher."""
        return decrypt_cbc(self.key, iv, ciphertext)


@dataclass(frozen=True, slots=True, repr=False)
class LegacyAnswered:
    """A challenge that was answered and waits for the card's proof.

    Attributes:
        apdu: Command APDU with the answer.
    """

    apdu: bytes
    _cipher: BlockCipher
    _iv: bytes
    _rnd_a: bytes
    _rnd_b: bytes

    def finish(self, data: bytes) -> bytes:
        """Check the card's proof and return the session key: 8 bytes for DES, 16 for AES.

        Raises:
            IntegrityFault: The card does not hold the key.
            TruncatedResponse: The answer has another length.
        """
        if len(data) != len(self._rnd_a):
            raise TruncatedResponse(f"{len(data)} bytes instead of {len(self._rnd_a)}")
        rnd_a = rotate_right(self._cipher.decrypt(self._iv, data))
        if not hmac.compare_digest(rnd_a, self._rnd_a):
            raise IntegrityFault("the card did not prove that it holds the key")
        first, last = self._rnd_a[:4] + self._rnd_b[:4], self._rnd_a[-4:] + self._rnd_b[-4:]
        return first if self._cipher.block == 8 else first + last


def begin(key_number: int = 0) -> bytes:
    """Return the APDU that asks a card with a DES key for a challenge."""
    return wrapped(AUTHENTICATE_ISO, bytes([key_number]))


def answer_challenge(cipher: BlockCipher, challenge: bytes, rnd_a: bytes) -> LegacyAnswered:
    """Answer a card's challenge; `challenge` and `rnd_a` have one block (AES) or 8 bytes (DES)."""
    if len(challenge) != cipher.block:
        raise TruncatedResponse(f"{len(challenge)} bytes instead of {cipher.block}")
    rnd_b = cipher.decrypt(bytes(cipher.block), challenge)
    token = cipher.encrypt(challenge, rnd_a + rotate_left(rnd_b))
    return LegacyAnswered(wrapped(ADDITIONAL_FRAME, token), cipher, token[-cipher.block :], rnd_a, rnd_b)


def checksum(message: bytes) -> bytes:
    """Return the CRC-32 of DESFire: that of ISO/IEC 13239 without the final inversion, low byte first."""
    return (zlib.crc32(message) ^ 0xFFFFFFFF).to_bytes(4, "little")


def change_own_key(session: BlockCipher, key_number: int, new_key: bytes, version: int) -> bytes:
    """Return the APDU that replaces the key with which the session was authenticated, as its first command.

    Args:
        session: Cipher with the session key.
        key_number: Number of the key; at the level of the card with CARD_KEY_IS_AES where it becomes an AES key.
        new_key: 16 bytes.
        version: 0 to 255, stored with the key.
    """
    header = bytes([key_number])
    message = new_key + bytes([version])
    message += checksum(bytes([CHANGE_KEY]) + header + message)
    message += bytes(-len(message) % session.block)
    return wrapped(CHANGE_KEY, header + session.encrypt(bytes(session.block), message))
