"""Statements on points. Knows no rule by which they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from server_stub.domain.awaits import Awaits
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.benefits import points_account, points_entry


class EntryKind(StrEnum):
    """Kinds of points entries (vocabulary.md 5.2)."""

    ACCRUAL = "ACCRUAL"
    ACCRUAL_REVERSAL = "ACCRUAL_REVERSAL"
    REDEMPTION = "REDEMPTION"
    REDEMPTION_REVERSAL = "REDEMPTION_REVERSAL"
    EXPIRY = "EXPIRY"
    ADJUSTMENT = "ADJUSTMENT"
    MERGE = "MERGE"
    ALLOWANCE_OUT = "ALLOWANCE_OUT"
    ALLOWANCE_IN = "ALLOWANCE_IN"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The materialised state of a points account; points are whole numbers, never money."""

    account_id: str
    member_id: str
    available: int
    pending: int
    next_expiry_on: date | None
    last_sequence: int
    version: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry; never changed."""

    entry_id: str
    account_id: str
    sequence: int
    kind: EntryKind
    points: int
    awaits: Awaits
    expires_on: date | None
    rules_version: str
    cause: str
    business_day: date
    at: datetime


def add_account(tx: Tx, row: AccountRow) -> None:
    """Opens an account."""
    add(tx, points_account, row)


def account_of(tx: Tx, member_id: str) -> AccountRow | None:
    """Returns a member's account."""
    return first(tx, select(points_account).where(points_account.c.member_id == member_id), AccountRow)


def set_account(tx: Tx, before: AccountRow, after: AccountRow) -> bool:
    """Writes the account's new state under the next version; False where somebody was quicker."""
    which = (points_account.c.account_id == before.account_id) & (points_account.c.version == before.version)
    values = {
        "available": after.available,
        "pending": after.pending,
        "next_expiry_on": after.next_expiry_on,
        "last_sequence": after.last_sequence,
        "version": before.version + 1,
    }
    return change(tx, points_account, which, values) == 1


def add_entry(tx: Tx, row: EntryRow) -> None:
    """Appends an entry."""
    add(tx, points_entry, row)


def entries_of(tx: Tx, account_id: str) -> tuple[EntryRow, ...]:
    """Returns all entries of an account in order."""
    return every(tx, select(points_entry).where(points_entry.c.account_id == account_id).order_by(points_entry.c.sequence), EntryRow)
