"""Statements on points and coupons. Knows no rule by which they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.benefits import coupon, points_account, points_entry


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


class Awaits(StrEnum):
    """What makes a benefit usable."""

    NOTHING = ""
    CARD_ACTIVATION = "CARD_ACTIVATION"


class CouponState(StrEnum):
    """State of a coupon (vocabulary.md 5.2)."""

    ISSUED = "ISSUED"
    CLAIMED = "CLAIMED"
    REDEEMED = "REDEEMED"
    ROLLED_BACK = "ROLLED_BACK"
    EXPIRED = "EXPIRED"
    VOID = "VOID"


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


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon of a member; amounts in fen."""

    coupon_id: str
    member_id: str
    definition: str
    text_key: str
    value_fen: int
    minimum_spend_fen: int
    valid_from: date
    valid_until: date
    state: CouponState
    awaits: Awaits
    rules_version: str
    cause: str
    issued_at: datetime


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


def add_coupon(tx: Tx, row: CouponRow) -> None:
    """Issues a coupon."""
    add(tx, coupon, row)


def coupons_of(tx: Tx, member_id: str) -> tuple[CouponRow, ...]:
    """Returns a member's coupons, those that end first at the top."""
    query = select(coupon).where(coupon.c.member_id == member_id)
    return every(tx, query.order_by(coupon.c.valid_until, coupon.c.coupon_id), CouponRow)


def free_coupons(tx: Tx, member_id: str) -> int:
    """Makes the coupons that awaited the card usable and returns how many there were."""
    which = (coupon.c.member_id == member_id) & (coupon.c.awaits == Awaits.CARD_ACTIVATION)
    return change(tx, coupon, which, {"awaits": Awaits.NOTHING})
