"""AES-CMAC and what DESFire takes of it. Knows no keys and no commands."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
ZERO_IV = bytes(BLOCK)


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the 16-byte AES-CMAC of `message`.

    Source: NIST SP 800-38B clause 6.2, RFC 4493.
    """
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def short_mac(key: bytes, message: bytes) -> bytes:
    """Return the 8 bytes of the CMAC that travel: those at odd places, counted from 0.

    Source: NXP AN12343 clause 5.4 (MACt).
    """
    return cmac(key, message)[1::2]


def encrypt_cbc(key: bytes, iv: bytes, plain: bytes) -> bytes:
    """Return AES-CBC of whole blocks."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(plain) + encryptor.finalize()


def decrypt_cbc(key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """Return the plain text of whole blocks of AES-CBC."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(ciphertext) + decryptor.finalize()


def rotate_left(block: bytes) -> bytes:
    """Return the block rotated left by one byte, as the answers to challenges are."""
    return block[1:] + block[:1]


def rotate_right(block: bytes) -> bytes:
    """Return the block rotated right by one byte."""
    return block[-1:] + block[:-1]
