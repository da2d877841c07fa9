"""Secure messaging from the card's side: EV2 and its forerunner EV1. Knows no commands and no files.

Source: NXP AN12343 clauses 5.3 to 5.5 (EV2), AN0945 clause 7 (EV1).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

from hardware.emulation.card.ciphers import ChipCipher, crc32, xor
from hardware.emulation.card.status import Refuse, Status


class Mode(IntEnum):
    """Protection of a command, with the numbers that file settings use."""

    PLAIN = 0
    MAC = 1
    FULL = 3


class Session(Protocol):
    """An authenticated session."""

    key_number: int

    def receive(self, code: int, body: bytes, header: int, mode: Mode) -> bytes:
        """Return header and plain data of a command whose first `header` bytes are never encrypted; refuses forgeries."""
        ...

    def send(self, data: bytes, mode: Mode) -> bytes:
        """Return the protected answer of a command that succeeded."""
        ...

    def body_length(self, header: int, data: int, mode: Mode) -> int:
        """Return how long a protected command body is, so that its frames can be counted."""
        ...

    def new_key(self, code: int, body: bytes, key_length: int, old_key: bytes | None) -> tuple[bytes, int]:
        """Return key and version from ChangeKey; `old_key` is None where the session's own key is replaced."""
        ...


class Ev2Session:
    """EV2: one transaction identifier, a counter, keys for encryption and MAC."""

    def __init__(self, key_number: int, ti: bytes, enc: bytes, mac: bytes, counter: int = 0) -> None:
        self.key_number = key_number
        self.ti = ti
        self.counter = counter
        self._enc = ChipCipher(enc, 16)
        self._mac = ChipCipher(mac, 16)

    @staticmethod
    def derive(key: bytes, rnd_a: bytes, rnd_b: bytes) -> tuple[bytes, bytes]:
        """Return the keys for encryption and MAC (AN12343 clause 5.3)."""
        tail = rnd_a[0:2] + xor(rnd_a[2:8], rnd_b[0:6]) + rnd_b[6:16] + rnd_a[8:16]
        cipher = ChipCipher(key, 16)
        return cipher.cmac(b"\xa5\x5a\x00\x01\x00\x80" + tail), cipher.cmac(b"\x5a\xa5\x00\x01\x00\x80" + tail)

    def _counter_bytes(self) -> bytes:
        return bytes([self.counter & 0xFF, self.counter >> 8])

    def _short_mac(self, first: int, rest: bytes) -> bytes:
        mac = self._mac.cmac(bytes([first]) + self._counter_bytes() + self.ti + rest)
        return bytes(mac[i] for i in range(1, 16, 2))

    def _iv(self, label: bytes) -> bytes:
        return self._enc.encrypt(bytes(16), label + self.ti + self._counter_bytes() + bytes(8))

    def receive(self, code: int, body: bytes, header: int, mode: Mode) -> bytes:
        """See Session."""
        if self.counter >= 0xFFFF:
            raise Refuse(Status.COMMAND_ABORTED)
        if mode is Mode.PLAIN:
            return body
        content, mac = body[:-8], body[-8:]
        if len(body) < 8 or mac != self._short_mac(code, content):
            raise Refuse(Status.INTEGRITY)
        encrypted = content[header:]
        if mode is Mode.FULL and encrypted:
            if len(encrypted) % 16:
                raise Refuse(Status.LENGTH)
            return content[:header] + _without_padding(self._enc.decrypt(self._iv(b"\xa5\x5a"), encrypted))
        return content

    def send(self, data: bytes, mode: Mode) -> bytes:
        """See Session."""
        self.counter += 1
        if mode is Mode.PLAIN:
            return data
        if mode is Mode.FULL and data:
            padded = data + b"\x80" + bytes(-(len(data) + 1) % 16)
            data = self._enc.encrypt(self._iv(b"\x5a\xa5"), padded)
        return data + self._short_mac(Status.OK, data)

    def body_length(self, header: int, data: int, mode: Mode) -> int:
        """See Session."""
        if mode is Mode.FULL:
            return header + (data // 16 + 1) * 16 + 8
        return header + data + (8 if mode is Mode.MAC else 0)

    def new_key(self, code: int, body: bytes, key_length: int, old_key: bytes | None) -> tuple[bytes, int]:
        """See Session."""
        plain = self.receive(code, body, 1, Mode.FULL)[1:]
        if old_key is None:
            if len(plain) != key_length + 1:
                raise Refuse(Status.LENGTH)
            return plain[:key_length], plain[key_length]
        key = xor(plain[:key_length], old_key)
        if len(plain) != key_length + 5 or crc32(key) != plain[key_length + 1 :]:
            raise Refuse(Status.INTEGRITY)
        return key, plain[key_length]


def _without_padding(data: bytes) -> bytes:
    end = len(data)
    while end and not data[end - 1]:
        end -= 1
    if not end or data[end - 1] != 0x80:
        raise Refuse(Status.INTEGRITY)
    return data[: end - 1]


class Ev1Session:
    """EV1: one session key; its initialisation vector chains through every command and answer."""

    def __init__(self, key_number: int, cipher: ChipCipher) -> None:
        self.key_number = key_number
        self._cipher = cipher
        self._iv = bytes(cipher.block)

    def _mac(self, message: bytes) -> bytes:
        self._iv = self._cipher.cmac(message, self._iv)
        return self._iv[:8]

    def _decrypt(self, data: bytes) -> bytes:
        if not data or len(data) % self._cipher.block:
            raise Refuse(Status.LENGTH)
        plain = self._cipher.decrypt(self._iv, data)
        self._iv = data[-self._cipher.block :]
        return plain

    def receive(self, code: int, body: bytes, header: int, mode: Mode) -> bytes:
        """See Session. A MAC travels with a command only where it writes; others merely move the vector."""
        if mode is Mode.MAC and len(body) > header:
            content, mac = body[:-8], body[-8:]
            if mac != self._mac(bytes([code]) + content):
                raise Refuse(Status.INTEGRITY)
            return content
        if mode is Mode.FULL and len(body) > header:
            plain = self._decrypt(body[header:])
            return body[:header] + self._checked(bytes([code]) + body[:header], plain)
        self._mac(bytes([code]) + body)
        return body

    @staticmethod
    def _checked(before: bytes, plain: bytes) -> bytes:
        """Return the data in front of a checksum and zeros; the shortest, since data with its checksum has the checksum zero."""
        for end in range(len(plain) - 3):
            if not any(plain[end + 4 :]) and crc32(before + plain[:end]) == plain[end : end + 4]:
                return plain[:end]
        raise Refuse(Status.INTEGRITY)

    def send(self, data: bytes, mode: Mode) -> bytes:
        """See Session."""
        if mode is Mode.FULL and data:
            plain = data + crc32(data + b"\x00")
            plain += bytes(-len(plain) % self._cipher.block)
            out = self._cipher.encrypt(self._iv, plain)
            self._iv = out[-self._cipher.block :]
            return out
        return data + self._mac(data + b"\x00")

    def body_length(self, header: int, data: int, mode: Mode) -> int:
        """See Session."""
        if mode is Mode.FULL:
            return header + -(-(data + 4) // self._cipher.block) * self._cipher.block
        return header + data + (8 if mode is Mode.MAC else 0)

    def new_key(self, code: int, body: bytes, key_length: int, old_key: bytes | None) -> tuple[bytes, int]:
        """See Session."""
        plain, before = self._decrypt(body[1:]), bytes([code]) + body[:1]
        signed = key_length + (1 if key_length == 16 else 0)
        if crc32(before + plain[:signed]) != plain[signed : signed + 4]:
            raise Refuse(Status.INTEGRITY)
        version = plain[key_length] if key_length == 16 else 0
        if old_key is None:
            return plain[:key_length], version
        key = xor(plain[:key_length], old_key)
        if crc32(key) != plain[signed + 4 : signed + 8]:
            raise Refuse(Status.INTEGRITY)
        return key, version
