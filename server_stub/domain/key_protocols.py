"""What the service asks of its keys: keyed tokens and wrapping. Knows no key material and no place where keys lie."""

from __future__ import annotations

from typing import Protocol


class TokenKey(Protocol):
    """Makes keyed tokens, so that a value can be found again without being stored."""

    def mac(self, purpose: str, message: bytes) -> bytes:
        """Returns HMAC-SHA256 (RFC 2104), 32 bytes, under a key derived for this purpose; the same for ever for the same input."""
        ...


class WrappingKey(Protocol):
    """Wraps the data key of one owner under the service's key."""

    def wrap(self, data_key: bytes, owner: str) -> bytes:
        """Returns the wrapped 32-byte data key, bound to its owner."""
        ...

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        """Returns the data key.

        Raises:
            ValueError: The wrapped key was changed, belongs to another owner or another service key.
        """
        ...
