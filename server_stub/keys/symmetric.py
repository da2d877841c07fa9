"""Keyed tokens and wrapping with the service's own keys. Knows no database and no meaning of what is tokenised or wrapped."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server_stub.keys.folder import KeyKind

if TYPE_CHECKING:
    from server_stub.keys.folder import KeyFolder

_NONCE_BYTES = 12
_NUMBER_BYTES = 4


class HmacTokenKey:
    """Makes lookup tokens; implements `domain.key_protocols.TokenKey`.

    Thread:
        any.
    """

    def __init__(self, folder: KeyFolder) -> None:
        self._root = folder.read(folder.active(KeyKind.TOKEN))
        self._derived: dict[str, bytes] = {}

    def mac(self, purpose: str, message: bytes) -> bytes:
        """Returns HMAC-SHA256 (RFC 2104), 32 bytes, under a key derived for the purpose (HKDF, RFC 5869)."""
        key = self._derived.get(purpose)
        if key is None:
            # Purposes are words of the program and few; deriving costs ten times what the digest costs.
            key = self._derived[purpose] = _derive(self._root, f"token:{purpose}")
        return hmac.digest(key, message, "sha256")


class AesWrappingKey:
    """Wraps data keys with AES-256-GCM (NIST SP 800-38D); implements `domain.key_protocols.WrappingKey`.

    Form: key number (4 bytes, big endian) | nonce (12) | ciphertext and tag. The owner's name is authenticated with it, so that a
    wrapped key cannot be moved to another owner.

    Thread:
        any.
    """

    def __init__(self, folder: KeyFolder) -> None:
        self._active = folder.active(KeyKind.WRAPPING).number
        self._ciphers = {entry.number: AESGCM(folder.read(entry)) for entry in folder.entries(KeyKind.WRAPPING)}

    def wrap(self, data_key: bytes, owner: str) -> bytes:
        """Returns the wrapped data key, bound to its owner."""
        number = self._active.to_bytes(_NUMBER_BYTES)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return number + nonce + self._ciphers[self._active].encrypt(nonce, data_key, number + owner.encode())

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        """Returns the data key.

        Raises:
            ValueError: the wrapped key was changed, belongs to another owner or to a service key that is not here.
        """
        number = wrapped[:_NUMBER_BYTES]
        cipher = self._ciphers.get(int.from_bytes(number))
        if cipher is None:
            raise ValueError("wrapped with a service key that is not here")
        nonce, sealed = wrapped[_NUMBER_BYTES : _NUMBER_BYTES + _NONCE_BYTES], wrapped[_NUMBER_BYTES + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, number + owner.encode())
        except (InvalidTag, ValueError) as error:
            raise ValueError("changed, or not this owner's") from error


def database_key(folder: KeyFolder) -> bytes:
    """Returns the 32-byte key of the embedded database file (SQLCipher raw key)."""
    return folder.read(folder.active(KeyKind.DATABASE))


def _derive(root: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"member.v1 " + purpose.encode()).derive(root)
