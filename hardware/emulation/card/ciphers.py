"""Ciphers of the chip: one block at a time, chaining, CMAC and checksum made by hand. Knows no commands.

Source: FIPS 197, NIST SP 800-67, SP 800-38B clause 6.1 (subkeys), NXP AN0945 clause 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def xor(left: bytes, right: bytes) -> bytes:
    """Return the exclusive or of two equally long strings."""
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


@dataclass(frozen=True, slots=True, repr=False)
class ChipCipher:
    """A key with its algorithm: AES where `block` is 16, DES or 3DES where it is 8."""

    key: bytes
    block: int

    def _cipher(self) -> Cipher[modes.ECB]:
        if self.block == 16:
            return Cipher(algorithms.AES(self.key), modes.ECB())  # noqa: S305 - single blocks are the building stone here
        return Cipher(TripleDES((self.key * 3)[:24]), modes.ECB())  # noqa: S305

    def encrypt(self, iv: bytes, plain: bytes) -> bytes:
        """Return the blocks, each mixed with the one before it."""
        encryptor, out = self._cipher().encryptor(), b""
        for start in range(0, len(plain), self.block):
            iv = encryptor.update(xor(plain[start : start + self.block], iv))
            out += iv
        return out

    def decrypt(self, iv: bytes, ciphertext: bytes) -> bytes:
        """Return what `encrypt` was given."""
        decryptor, out = self._cipher().decryptor(), b""
        for start in range(0, len(ciphertext), self.block):
            block = ciphertext[start : start + self.block]
            out += xor(decryptor.update(block), iv)
            iv = block
        return out

    def cmac(self, message: bytes, iv: bytes = b"") -> bytes:
        """Return the CMAC, one block; EV1 begins with the chained vector instead of zeros."""
        one = self._doubled(self.encrypt(bytes(self.block), bytes(self.block)))
        if message and not len(message) % self.block:
            last = xor(message[-self.block :], one)
            whole = message[: -self.block]
        else:
            whole = message[: len(message) // self.block * self.block]
            rest = message[len(whole) :] + b"\x80"
            last = xor(rest + bytes(self.block - len(rest)), self._doubled(one))
        return self.encrypt(iv or bytes(self.block), whole + last)[-self.block :]

    def _doubled(self, value: bytes) -> bytes:
        number = int.from_bytes(value, "big") << 1
        if number >> 8 * self.block:
            number = number & ((1 << 8 * self.block) - 1) ^ (0x87 if self.block == 16 else 0x1B)
        return number.to_bytes(self.block, "big")


def crc32(message: bytes) -> bytes:
    """Return DESFire's checksum, low byte first: polynomial EDB88320, all ones at the start, no inversion at the end."""
    register = 0xFFFFFFFF
    for byte in message:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xEDB88320 if register & 1 else 0)
    return register.to_bytes(4, "little")
