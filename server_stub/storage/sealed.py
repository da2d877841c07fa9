"""Sealing of personal values: AES-256-GCM under a data key of one owner. Knows no table and keeps no key.

Erasure works by destroying the wrapped data key: what was sealed under it, also in backups, can then be read by nobody.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server_stub.domain.key_protocols import WrappingKey

_NONCE_BYTES = 12
_KEY_BITS = 256


class SealBroken(Exception):
    """A sealed value was changed, moved to another row or column, or its key is another."""


@dataclass(frozen=True, slots=True)
class OwnerKey:
    """The data key of one owner, open; lives for one transaction.

    Attributes:
        owner: Id of the owner; bound into every sealed value.
        wrapped: The key as it is stored.
    """

    owner: str
    wrapped: bytes
    _plain: bytes

    def __repr__(self) -> str:
        """Returns a text without the key."""
        return f"OwnerKey({self.owner})"

    def seal(self, column: str, text: str) -> bytes:
        """Returns nonce (12 bytes), ciphertext and tag (16 bytes) of the text; bound to owner and column."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._plain).encrypt(nonce, text.encode(), self._bound(column))

    def open(self, column: str, sealed: bytes) -> str:
        """Returns the text.

        Raises:
            SealBroken: The value does not belong here.
        """
        try:
            return AESGCM(self._plain).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound(column)).decode()
        except InvalidTag as error:
            raise SealBroken(f"{column} of {self.owner}") from error

    def _bound(self, column: str) -> bytes:
        return f"{column}|{self.owner}".encode()


class Sealer:
    """Makes and opens the data keys of owners."""

    def __init__(self, service_key: WrappingKey) -> None:
        self._service_key = service_key

    def new(self, owner: str) -> OwnerKey:
        """Returns a fresh data key."""
        plain = AESGCM.generate_key(bit_length=_KEY_BITS)
        return OwnerKey(owner, self._service_key.wrap(plain, owner), plain)

    def unwrap(self, owner: str, wrapped: bytes) -> OwnerKey:
        """Returns the data key of an owner.

        Raises:
            SealBroken: The wrapped key is not this owner's or not of this service.
        """
        try:
            return OwnerKey(owner, wrapped, self._service_key.unwrap(wrapped, owner))
        except ValueError as error:
            raise SealBroken(f"data key of {owner}") from error
