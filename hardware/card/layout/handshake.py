"""Mutual authentication EV2: the arithmetic of the side that holds the key. It needs no card, so a centre can do it.

Source: NXP AN12343 clauses 5.2 and 5.3, table 16 (AuthenticateEV2First), clause 5.3.2 (NonFirst).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from hardware.card.layout.apdu import wrapped
from hardware.card.layout.faults import IntegrityFault, TruncatedResponse
from hardware.card.layout.mac import BLOCK, ZERO_IV, cmac, decrypt_cbc, encrypt_cbc, rotate_left, rotate_right

AUTHENTICATE_FIRST = 0x71
AUTHENTICATE_NON_FIRST = 0x77
ADDITIONAL_FRAME = 0xAF

_ENCRYPTION_LABEL = bytes.fromhex("a55a00010080")
_MAC_LABEL = bytes.fromhex("5aa500010080")


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """Keys of one session: transaction identifier (4 bytes) and two AES-128 keys. Secret; never shown."""

    ti: bytes
    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)


def begin_first(key_number: int) -> bytes:
    """Return the APDU that asks for a challenge and a new transaction identifier; no capabilities are stated."""
    return wrapped(AUTHENTICATE_FIRST, bytes([key_number, 0]))


def begin_non_first(key_number: int) -> bytes:
    """Return the APDU that asks for a challenge inside a transaction; identifier and counter go on."""
    return wrapped(AUTHENTICATE_NON_FIRST, bytes([key_number]))


@dataclass(frozen=True, slots=True, repr=False)
class Answered:
    """A challenge that was answered and waits for the card's proof.

    Attributes:
        apdu: Command APDU with the answer.
    """

    apdu: bytes
    _key: bytes
    _rnd_a: bytes
    _rnd_b: bytes

    def finish_first(self, data: bytes) -> SessionKeys:
        """Check the card's proof and return the session.

        Args:
            data: 32 bytes: encrypted identifier, rotated challenge, capabilities.

        Raises:
            IntegrityFault: The card does not hold the key.
            TruncatedResponse: The answer has another length.
        """
        if len(data) != 2 * BLOCK:
            raise TruncatedResponse(f"{len(data)} bytes instead of 32")
        plain_text = decrypt_cbc(self._key, ZERO_IV, data)
        self._check(plain_text[4:20])
        return SessionKeys(plain_text[:4], *self._derive())

    def finish_non_first(self, data: bytes, ti: bytes) -> SessionKeys:
        """Check the card's proof, 16 bytes, and return the session, which keeps the identifier `ti`."""
        if len(data) != BLOCK:
            raise TruncatedResponse(f"{len(data)} bytes instead of 16")
        self._check(decrypt_cbc(self._key, ZERO_IV, data))
        return SessionKeys(ti, *self._derive())

    def _check(self, rotated: bytes) -> None:
        if not hmac.compare_digest(rotate_right(rotated), self._rnd_a):
            raise IntegrityFault("the card did not prove that it holds the key")

    def _derive(self) -> tuple[bytes, bytes]:
        mixed = bytes(a ^ b for a, b in zip(self._rnd_a[2:8], self._rnd_b[:6], strict=True))
        context = self._rnd_a[:2] + mixed + self._rnd_b[6:] + self._rnd_a[8:]
        return cmac(self._key, _ENCRYPTION_LABEL + context), cmac(self._key, _MAC_LABEL + context)


def answer_challenge(key: bytes, challenge: bytes, rnd_a: bytes) -> Answered:
    """Answer a card's challenge.

    Args:
        key: The card's key, 16 bytes.
        challenge: Encrypted random number of the card, 16 bytes.
        rnd_a: Random number of this side, 16 bytes, never used before.
    """
    if len(challenge) != BLOCK:
        raise TruncatedResponse(f"{len(challenge)} bytes instead of 16")
    rnd_b = decrypt_cbc(key, ZERO_IV, challenge)
    token = encrypt_cbc(key, ZERO_IV, rnd_a + rotate_left(rnd_b))
    return Answered(wrapped(ADDITIONAL_FRAME, token), key, rnd_a, rnd_b)
