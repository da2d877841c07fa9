"""The text form of a member's dynamic code, HM1: what the QR code on a phone or on the member's own page carries.

It belongs to the contract: the centre writes it, kiosks look at its signature with public keys alone, tills and apps show it. It
must not know where keys are kept, who a member is, or whether a code was used.

Form: ``HM1:`` and the Base45 text of 86 bytes, 133 characters in all, version 8 at level Q of a QR code:

* type: 1 byte, 1 for the dynamic code; other types are not written yet and none is read;
* key id: 1 byte, 1 to 255; names the centre's public key;
* alias: 8 bytes, random and never the number of a card or membership; means something at the centre alone;
* issued, expires: 4 bytes each, big endian, seconds since 1970;
* nonce: 4 bytes, so that a code is good once;
* signature: 64 bytes Ed25519 (RFC 8032) over ``SIGNED_CONTEXT`` and the 22 bytes before it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from proto.member.base45 import Base45Malformed, from_base45, to_base45

PREFIX: Final = "HM1:"
SIGNED_CONTEXT: Final = b"member.v1.MemberCode HM1\x00"
TEXT_CHARACTERS: Final = 133
DYNAMIC: Final = 1
ALIAS_BYTES: Final = 8
NONCE_BYTES: Final = 4
MOST_KEY_ID: Final = 255

_BODY: Final = struct.Struct(f">BB{ALIAS_BYTES}sII{NONCE_BYTES}s")


class MemberCodeMalformed(Exception):
    """A text is not of the form HM1, or of a type that is not read here."""


@dataclass(frozen=True, slots=True, repr=False)
class CodeBody:
    """What is signed; leads to a member, so it is never logged (no repr).

    Attributes:
        key_id: 1 to 255.
        alias: 8 bytes.
        issued_at: Seconds since 1970.
        expires_at: Seconds since 1970.
        nonce: 4 bytes.
    """

    key_id: int
    alias: bytes
    issued_at: int
    expires_at: int
    nonce: bytes


@dataclass(frozen=True, slots=True, repr=False)
class SignedCode:
    """A code as it was read: of the right form, its signature not looked at yet."""

    body: CodeBody
    signed: bytes
    signature: bytes

    def is_signed_by(self, public_key: bytes) -> bool:
        """Return whether the raw public key (32 bytes) belongs to the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, SIGNED_CONTEXT + self.signed)
        except InvalidSignature:
            return False
        return True


def encode(body: CodeBody, sign: Callable[[bytes], bytes]) -> str:
    """Return the text of ``body``; ``sign`` gives the 64 bytes of the Ed25519 signature over what it is handed.

    Raises:
        ValueError: A value does not fit its bytes.
    """
    if not 1 <= body.key_id <= MOST_KEY_ID or len(body.alias) != ALIAS_BYTES or len(body.nonce) != NONCE_BYTES:
        raise ValueError("key id, alias or nonce of a member code out of range")
    signed = _BODY.pack(DYNAMIC, body.key_id, body.alias, body.issued_at, body.expires_at, body.nonce)
    return PREFIX + to_base45(signed + sign(SIGNED_CONTEXT + signed))


def read(text: str) -> SignedCode:
    """Return what ``text`` says.

    Raises:
        MemberCodeMalformed: Not the form HM1, a character more or less, or another type.
    """
    if len(text) != TEXT_CHARACTERS or not text.startswith(PREFIX):
        raise MemberCodeMalformed(f"{len(text)} characters")
    try:
        data = from_base45(text.removeprefix(PREFIX))
    except Base45Malformed as error:
        raise MemberCodeMalformed(str(error)) from error
    signed, signature = data[: _BODY.size], data[_BODY.size :]
    kind, key_id, alias, issued_at, expires_at, nonce = _BODY.unpack(signed)
    if kind != DYNAMIC:
        raise MemberCodeMalformed(f"type {kind}")
    return SignedCode(CodeBody(key_id, alias, issued_at, expires_at, nonce), signed, signature)
