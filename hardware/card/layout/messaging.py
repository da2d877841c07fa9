"""Secure messaging EV2: commands are sealed with session keys, answers opened. Knows no master keys and no files.

Source: NXP AN12343 clause 5.4 (MAC), 5.5 (full), tables 23 to 26.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import Enum

from hardware.card.layout.apdu import OK, Command, is_refusal, split_response, wrapped
from hardware.card.layout.faults import IntegrityFault, SessionOver, StatusRefused, TruncatedResponse
from hardware.card.layout.handshake import SessionKeys
from hardware.card.layout.mac import BLOCK, ZERO_IV, decrypt_cbc, encrypt_cbc, short_mac

MAC_LENGTH = 8
# The counter must not wrap within a session: a keystream would repeat.
LAST_COUNTER = 0xFFFF

_COMMAND_LABEL = b"\xa5\x5a"
_RESPONSE_LABEL = b"\x5a\xa5"


class Protection(Enum):
    """How a command and its answer are protected."""

    PLAIN = "plain"
    MAC = "mac"
    FULL = "full"


def _padded(data: bytes) -> bytes:
    """Return data with the padding 80 00..., always at least one byte (ISO/IEC 9797-1 method 2)."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def _unpadded(data: bytes) -> bytes:
    """Return data without padding; refuses any other form than the one that `_padded` makes."""
    body = data.rstrip(b"\x00")
    if not body.endswith(b"\x80") or len(data) - len(body) >= BLOCK:
        raise IntegrityFault("padding")
    return body[:-1]


class SecureSession:
    """One authenticated session with a card.

    Commands may be sealed ahead of their answers: the counter is known in advance as long as every command succeeds.
    After any fault the session is over.
    """

    def __init__(self, keys: SessionKeys, command_counter: int = 0) -> None:
        self._keys = keys
        self._counter = command_counter
        self._over = False

    @property
    def command_counter(self) -> int:
        """Return the number of commands that were sealed in this transaction."""
        return self._counter

    @property
    def keys(self) -> SessionKeys:
        """Return the keys, to hand them to the one device that goes on with this card."""
        return self._keys

    def renewed(self, keys: SessionKeys) -> SecureSession:
        """Return the session after another authentication within the same transaction: the counter goes on."""
        return SecureSession(keys, self._counter)

    def end(self) -> None:
        """Declare the session over."""
        self._over = True

    def seal(self, command: Command, protection: Protection) -> Exchange:
        """Return the exchange for one command.

        Raises:
            SessionOver: After a fault, or when the counter is used up.
        """
        if self._over or self._counter >= LAST_COUNTER:
            raise SessionOver(f"counter {self._counter}")
        data = command.data
        if protection is Protection.FULL and data:
            data = encrypt_cbc(self._keys.enc, self._iv(_COMMAND_LABEL, self._counter), _padded(data))
        body = command.header + data
        if protection is not Protection.PLAIN:
            body += short_mac(self._keys.mac, bytes([command.code]) + self._context(self._counter) + body)
        self._counter += 1
        return Exchange(wrapped(command.code, body), protection, self._counter, self)

    def open(self, response: bytes, protection: Protection, counter: int) -> bytes:
        """Return the plain data of an answer; see Exchange.open."""
        if self._over:
            raise SessionOver("after a fault")
        self._over = True  # until this answer is found good
        data, sw = split_response(response)
        if sw != OK:
            raise StatusRefused(sw) if is_refusal(data, sw) else TruncatedResponse(f"ends with {sw.hex()}")
        if protection is not Protection.PLAIN:
            data = self._checked(data, sw, counter)
        if protection is Protection.FULL and data:
            data = self._decrypted(data, counter)
        self._over = False
        return data

    def _checked(self, data: bytes, sw: bytes, counter: int) -> bytes:
        """Return the data without its MAC, once the MAC is found right; before that nothing is decrypted."""
        body, mac = data[:-MAC_LENGTH], data[-MAC_LENGTH:]
        expected = short_mac(self._keys.mac, sw[1:] + self._context(counter) + body)
        if not hmac.compare_digest(mac, expected):
            raise IntegrityFault("MAC")
        return body

    def _decrypted(self, data: bytes, counter: int) -> bytes:
        if len(data) % BLOCK:
            raise IntegrityFault("length")
        return _unpadded(decrypt_cbc(self._keys.enc, self._iv(_RESPONSE_LABEL, counter), data))

    def _context(self, counter: int) -> bytes:
        return counter.to_bytes(2, "little") + self._keys.ti

    def _iv(self, label: bytes, counter: int) -> bytes:
        return encrypt_cbc(self._keys.enc, ZERO_IV, label + self._keys.ti + counter.to_bytes(2, "little") + bytes(8))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A sealed command and how its answer is opened.

    Attributes:
        apdu: Command APDU.
    """

    apdu: bytes
    _protection: Protection
    _counter: int
    _session: SecureSession

    def open(self, response: bytes) -> bytes:
        """Return the plain data of the answer.

        Raises:
            StatusRefused: The card refused; the session is over.
            IntegrityFault: MAC or padding is wrong; the session is over.
            TruncatedResponse: No status word that a card gives; the session is over.
            SessionOver: An earlier answer of this session was at fault.
        """
        return self._session.open(response, self._protection, self._counter)
