"""A signing key, bodies and codes of receipts for tests. Knows nothing of paper."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.protobuf.timestamp_pb2 import Timestamp

from proto.member.receipts import encode
from proto.member.v1.receipt_pb2 import RECEIPT_KIND_MEMBERSHIP, ReceiptBody

KEY_ID = 7
CENTRE = Ed25519PrivateKey.from_private_bytes(b"the centre's key for tests only!")
STRANGER = Ed25519PrivateKey.from_private_bytes(b"the stranger's key, tests only!!")
PUBLIC_KEYS = {KEY_ID: CENTRE.public_key().public_bytes_raw()}


def body(**changes: object) -> ReceiptBody:
    """Returns a membership receipt's body with `changes`."""
    fields: dict[str, object] = {
        "kind": RECEIPT_KIND_MEMBERSHIP,
        "device_id": "K03",
        "sequence": 187,
        "previous": bytes(range(8)),
        "issued_at": Timestamp(seconds=1_785_997_601),
        "application_number": "A26-0806-000417",
        "membership_number_masked": "8800 •••• 9012",
        "notice_version": "2026-08",
        "consents": ["membership", "analytics"],
        "points": 200,
    }
    return ReceiptBody(**{**fields, **changes})  # type: ignore[arg-type]


def code(**changes: object) -> str:
    """Returns the signed text of `body`."""
    return encode(body(**changes), KEY_ID, CENTRE.sign)
