"""The two files that the centre signs: identity and snapshot. Knows no key but the public ones it is given.

Each file is 64 bytes of fields and an Ed25519 signature (RFC 8032) over a name of the kind of file and those 64 bytes. The
UID is among them, so a copy on another card does not verify; the name keeps one kind from passing for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Protocol, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hardware.card.layout.faults import MalformedFile
from hardware.card.layout.fields import Encoding, Field, Value, decode, encode

BODY = 64
SIGNATURE = 64
KEY_ID = 8
LAYOUT_VERSION = 1

_IDENTITY_CONTEXT = b"member-card/identity/1\x00"
_SNAPSHOT_CONTEXT = b"member-card/snapshot/1\x00"
_SOURCE = "docs/decisions: card profile"

IDENTITY_FIELDS = (
    Field("version", 0, 1, Encoding.UINT, _SOURCE),
    Field("uid", 1, 7, Encoding.BYTES, "ISO/IEC 14443-3 clause 6.5.4"),
    Field("membership_number", 8, 10, Encoding.DIGITS, _SOURCE),
    Field("card_token", 18, 16, Encoding.BYTES, _SOURCE),
    Field("issue_number", 34, 2, Encoding.UINT, _SOURCE),
    Field("expires_on", 36, 4, Encoding.DATE, _SOURCE),
    Field("key_generation", 40, 1, Encoding.UINT, _SOURCE),
    Field("signer", 41, 8, Encoding.BYTES, _SOURCE),
    Field("reserved", 49, 15, Encoding.ZERO, _SOURCE),
)

SNAPSHOT_FIELDS = (
    Field("version", 0, 1, Encoding.UINT, _SOURCE),
    Field("uid", 1, 7, Encoding.BYTES, "ISO/IEC 14443-3 clause 6.5.4"),
    Field("sequence", 8, 4, Encoding.UINT, _SOURCE),
    Field("tier", 12, 1, Encoding.UINT, _SOURCE),
    Field("points", 13, 4, Encoding.UINT, _SOURCE),
    Field("as_of_s", 17, 8, Encoding.UINT, "seconds since 1970-01-01T00:00Z"),
    Field("transaction_id", 25, 16, Encoding.BYTES, "RFC 9562 clause 5.7"),
    Field("signer", 41, 8, Encoding.BYTES, _SOURCE),
    Field("reserved", 49, 15, Encoding.ZERO, _SOURCE),
)


class Signer(Protocol):
    """The centre's key for cards."""

    @property
    def key_id(self) -> bytes:
        """Return the first 8 bytes of the SHA-256 of the raw public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature, 64 bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose card it is; written once.

    Attributes:
        uid: UID of the card, 7 bytes.
        membership_number: 1 to 20 digits.
        card_token: Opaque, random, 16 bytes; the central service finds the member by it.
        issue_number: 1 for a member's first card, higher for replacements.
        expires_on: Last day, in Asia/Shanghai.
        key_generation: Generation of the master keys, 1 to 255.
    """

    uid: bytes
    membership_number: str
    card_token: bytes
    issue_number: int
    expires_on: date
    key_generation: int

    def signed(self, signer: Signer) -> bytes:
        """Return the file, 128 bytes."""
        return _signed(IDENTITY_FIELDS, _IDENTITY_CONTEXT, asdict(self), signer)

    @staticmethod
    def verified(raw: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> Identity:
        """Return the identity from a file.

        Args:
            raw: 128 bytes.
            keys: Public keys by key id.

        Raises:
            MalformedFile: Layout or signature is wrong, or the signer is not known.
        """
        v = _verified(IDENTITY_FIELDS, _IDENTITY_CONTEXT, raw, keys)
        return Identity(
            uid=cast(bytes, v["uid"]),
            membership_number=cast(str, v["membership_number"]),
            card_token=cast(bytes, v["card_token"]),
            issue_number=cast(int, v["issue_number"]),
            expires_on=cast(date, v["expires_on"]),
            key_generation=cast(int, v["key_generation"]),
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the member had at a moment; rewritten at visits.

    Attributes:
        uid: UID of the card, 7 bytes.
        sequence: Grows with every snapshot of this card, from 1.
        tier: Number of the tier, 0 to 255.
        points: Points that could be spent.
        as_of_s: When, in seconds since 1970.
        transaction_id: Id of what led to it, 16 bytes.
    """

    uid: bytes
    sequence: int
    tier: int
    points: int
    as_of_s: int
    transaction_id: bytes

    def signed(self, signer: Signer) -> bytes:
        """Return the file, 128 bytes."""
        return _signed(SNAPSHOT_FIELDS, _SNAPSHOT_CONTEXT, asdict(self), signer)

    @staticmethod
    def verified(raw: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> Snapshot:
        """Return the snapshot from a file; see Identity.verified."""
        v = _verified(SNAPSHOT_FIELDS, _SNAPSHOT_CONTEXT, raw, keys)
        return Snapshot(
            uid=cast(bytes, v["uid"]),
            sequence=cast(int, v["sequence"]),
            tier=cast(int, v["tier"]),
            points=cast(int, v["points"]),
            as_of_s=cast(int, v["as_of_s"]),
            transaction_id=cast(bytes, v["transaction_id"]),
        )


def _signed(fields: tuple[Field, ...], context: bytes, values: Mapping[str, Value], signer: Signer) -> bytes:
    body = encode(fields, {**values, "version": LAYOUT_VERSION, "signer": signer.key_id})
    return body + signer.sign(context + body)


def _verified(fields: tuple[Field, ...], context: bytes, raw: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> dict[str, Value]:
    body, signature = raw[:BODY], raw[BODY:]
    if len(raw) != BODY + SIGNATURE or body[0] != LAYOUT_VERSION:
        raise MalformedFile("length or version")
    values = decode(fields, body)
    key = keys.get(cast(bytes, values["signer"]))
    if key is None:
        raise MalformedFile("signer unknown")
    try:
        key.verify(signature, context + body)
    except InvalidSignature as error:
        raise MalformedFile("signature") from error
    return values
