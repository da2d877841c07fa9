"""The text form of a signed receipt, HR1: what a QR code carries and what anybody with the public keys can check.

It belongs to the contract, because centre and kiosk write it and both, and anybody else, read it. It must not know where keys
are kept, what a receipt looks like on paper, or who asks.

Form: ``HR1:`` and the Base45 text (RFC 9285) of ``key id | body | signature``:

* key id: 4 bytes, big endian, 1 to 2**32 - 1; names the public key, of the centre or of a device;
* body: ``member.v1.ReceiptBody``, serialised deterministically, fields in the order of their numbers;
* signature: 64 bytes Ed25519 (RFC 8032) over ``SIGNED_CONTEXT | key id | body``. The context keeps a signature that the same
  key made for another purpose from passing as a receipt.

A body has exactly one text per key: everything that could be written in two ways is refused.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf.message import DecodeError

from proto.member.base45 import Base45Malformed, from_base45, to_base45
from proto.member.v1.receipt_pb2 import RECEIPT_KIND_UNSPECIFIED, ReceiptBody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX: Final = "HR1:"
SIGNED_CONTEXT: Final = b"member.v1.ReceiptBody HR1\x00"
MAX_TEXT_CHARACTERS: Final = 483
"""What a QR code of version 13, level M, holds: the largest one that a slip of 576 dots prints at 8 dots per module."""
CHAIN_LINK_BYTES: Final = 8

_KEY_ID_BYTES: Final = 4
_SIGNATURE_BYTES: Final = 64


class ReceiptInvalid(Exception):
    """A text is no valid receipt; each subclass says in which way."""


class ReceiptMalformed(ReceiptInvalid):
    """Not the form HR1, or a body that no device writes."""


class ReceiptTooLong(ReceiptInvalid):
    """Longer than a slip's QR code can carry; nothing of it was looked at."""


class ReceiptKeyUnknown(ReceiptInvalid):
    """Signed with a key that is not among the public keys at hand."""

    def __init__(self, key_id: int) -> None:
        super().__init__(f"no public key {key_id}")
        self.key_id = key_id


class ReceiptSignatureWrong(ReceiptInvalid):
    """The form is right and the key is known, but the signature does not belong to the body."""


def encode(body: ReceiptBody, key_id: int, sign: Callable[[bytes], bytes]) -> str:
    """Return the text of ``body``, signed.

    Args:
        body: What the receipt proves.
        key_id: Number of the signing key, 1 to 2**32 - 1.
        sign: Gives the 64 bytes of the Ed25519 signature over what it is handed.

    Returns:
        Upper case ASCII of the alphanumeric QR mode, at most ``MAX_TEXT_CHARACTERS`` characters.

    Raises:
        ReceiptMalformed: A body without kind, number, moment or link, or a key id out of range.
        ReceiptTooLong: The text would not fit the QR code of a slip.
    """
    _require_complete(body)
    if not 0 < key_id < 1 << 8 * _KEY_ID_BYTES:
        raise ReceiptMalformed("key id out of range")
    signed = key_id.to_bytes(_KEY_ID_BYTES) + _canonical(body)
    text = PREFIX + to_base45(signed + sign(SIGNED_CONTEXT + signed))
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ReceiptTooLong(f"{len(text)} characters, at most {MAX_TEXT_CHARACTERS} fit")
    return text


def verify(text: str, public_keys: Mapping[int, bytes]) -> ReceiptBody:
    """Return the body of ``text`` once its signature has been checked.

    Args:
        text: What the QR code says, exactly: no white space around it, no lower case.
        public_keys: Raw Ed25519 public keys (32 bytes) by key id.

    Raises:
        ReceiptTooLong: More than ``MAX_TEXT_CHARACTERS`` characters.
        ReceiptMalformed: Not the form HR1.
        ReceiptKeyUnknown: The key is not among ``public_keys``.
        ReceiptSignatureWrong: Body and signature do not belong together.
    """
    key_id, signed, signature = _split(text)
    public_key = public_keys.get(key_id)
    if public_key is None:
        raise ReceiptKeyUnknown(key_id)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, SIGNED_CONTEXT + signed)
    except InvalidSignature as error:
        raise ReceiptSignatureWrong("the signature does not belong to this receipt") from error
    return _parsed(signed[_KEY_ID_BYTES:])


def unverified_body(text: str) -> ReceiptBody:
    """Return the body of a text that the caller was given by the centre itself, without looking at its signature.

    Raises:
        ReceiptInvalid: The text is too long or not of the form HR1.
    """
    _, signed, _ = _split(text)
    return _parsed(signed[_KEY_ID_BYTES:])


def chain_link(body: ReceiptBody) -> bytes:
    """Return what the next receipt of the device carries in ``previous``: 8 bytes of the SHA-256 of the serialised body."""
    return hashlib.sha256(_canonical(body)).digest()[:CHAIN_LINK_BYTES]


def receipt_number(body: ReceiptBody) -> str:
    """Return the number that people read, e.g. ``K03-0187``: device id and number in the device's chain, four digits or more."""
    return f"{body.device_id}-{body.sequence:04d}"


def _split(text: str) -> tuple[int, bytes, bytes]:
    """Return key id, signed bytes (key id and body) and signature."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ReceiptTooLong(f"{len(text)} characters, at most {MAX_TEXT_CHARACTERS} are read")
    if not text.startswith(PREFIX):
        raise ReceiptMalformed(f"does not begin with {PREFIX}")
    try:
        envelope = from_base45(text.removeprefix(PREFIX))
    except Base45Malformed as error:
        raise ReceiptMalformed(str(error)) from error
    signed, signature = envelope[:-_SIGNATURE_BYTES], envelope[-_SIGNATURE_BYTES:]
    if len(signed) <= _KEY_ID_BYTES:
        raise ReceiptMalformed("cut short")
    return int.from_bytes(signed[:_KEY_ID_BYTES]), signed, signature


def _canonical(body: ReceiptBody) -> bytes:
    return body.SerializeToString(deterministic=True)


def _parsed(serialised: bytes) -> ReceiptBody:
    """Return the body; the signature has been checked, so a refusal here means that the signer is at fault."""
    try:
        body = ReceiptBody.FromString(serialised)
    except DecodeError as error:
        raise ReceiptMalformed("the body is no ReceiptBody") from error
    if _canonical(body) != serialised:
        raise ReceiptMalformed("the body is not written in its one form")
    _require_complete(body)
    return body


def _require_complete(body: ReceiptBody) -> None:
    if body.kind == RECEIPT_KIND_UNSPECIFIED or not body.device_id or not body.HasField("issued_at"):
        raise ReceiptMalformed("the body lacks its kind, device or moment")
    link_bytes = 0 if body.sequence == 1 else CHAIN_LINK_BYTES
    if body.sequence < 1 or len(body.previous) != link_bytes:
        raise ReceiptMalformed("the body has no place in a chain")
