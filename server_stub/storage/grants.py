"""Statements on permissions to issue a card and on receipts. Knows no signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, first
from server_stub.storage.tables.enrollment import issue_grant, receipt


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A permission to issue the card of one application at one device."""

    grant_id: str
    application_id: str
    device_id: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A link of a device's chain of receipts.

    Attributes:
        sequence: From 1, without a gap, for each device.
        body_sha256: Digest of the signed body, 32 bytes; the next link names its first 8 bytes.
        code: ``HR1:`` and Base45 of body and signature.
    """

    device_id: str
    sequence: int
    number: str
    kind: str
    application_id: str
    body_sha256: bytes
    code: str
    issued_at: datetime


def add_grant(tx: Tx, row: GrantRow) -> None:
    """Keeps a permission."""
    add(tx, issue_grant, row)


def find_grant(tx: Tx, grant_id: str) -> GrantRow | None:
    """Returns a permission."""
    return first(tx, select(issue_grant).where(issue_grant.c.grant_id == grant_id), GrantRow)


def add_receipt(tx: Tx, row: ReceiptRow) -> None:
    """Appends a receipt to the device's chain."""
    add(tx, receipt, row)


def last_receipt(tx: Tx, device_id: str) -> ReceiptRow | None:
    """Returns the newest receipt of a device."""
    return first(tx, select(receipt).where(receipt.c.device_id == device_id).order_by(receipt.c.sequence.desc()), ReceiptRow)


def receipt_by_number(tx: Tx, number: str) -> ReceiptRow | None:
    """Returns a receipt."""
    return first(tx, select(receipt).where(receipt.c.number == number), ReceiptRow)
