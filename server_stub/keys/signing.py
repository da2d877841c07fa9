"""Ed25519 signatures of the centre with numbered keys. Knows no receipt, no card and no audit row, only bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server_stub.keys.folder import KeyKind

if TYPE_CHECKING:
    from server_stub.keys.folder import KeyFolder

SIGNING_KINDS = (KeyKind.RECEIPT, KeyKind.CARD_SIGNATURE, KeyKind.AUDIT, KeyKind.MEMBER_CODE)
SIGNATURE_BYTES = 64


class SigningKey:
    """Signs with the active key of one kind and verifies with all of them (RFC 8032).

    Thread:
        any.
    """

    def __init__(self, folder: KeyFolder, kind: KeyKind) -> None:
        """Opens the keys.

        Raises:
            ValueError: the kind does not sign.
            KeysRefused: a key is missing or damaged.
        """
        if kind not in SIGNING_KINDS:
            raise ValueError(f"keys of kind {kind.value} do not sign")
        self._private = Ed25519PrivateKey.from_private_bytes(folder.read(folder.active(kind)))
        self.key_id = folder.active(kind).number
        self.public_keys: dict[int, bytes] = public_keys(folder, kind)

    def sign(self, message: bytes) -> bytes:
        """Returns the 64 bytes of the signature made with the key `key_id`."""
        return self._private.sign(message)

    def verifies(self, message: bytes, key_id: int, signature: bytes) -> bool:
        """Returns whether the key `key_id` signed the message; False for a key that is not known."""
        public = self.public_keys.get(key_id)
        return public is not None and is_signature(public, message, signature)


def public_keys(folder: KeyFolder, kind: KeyKind) -> dict[int, bytes]:
    """Returns the raw public keys (32 bytes) of all generations by key id."""
    return {
        entry.number: Ed25519PrivateKey.from_private_bytes(folder.read(entry)).public_key().public_bytes_raw()
        for entry in folder.entries(kind)
    }


def is_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Returns whether the signature belongs to the message and the raw public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True
