"""Statements on what waits to be picked up, on wrong codes, and on receipts of redemptions. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, literal, select

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.storage.database import Tx
from server_stub.storage.grants import ReceiptRow
from server_stub.storage.redemptions import RedemptionRow
from server_stub.storage.rows import add, every, first
from server_stub.storage.tables.enrollment import receipt
from server_stub.storage.tables.ledger import points_account
from server_stub.storage.tables.outbox import outbox_message
from server_stub.storage.tables.redemptions import pickup_try, redemption, redemption_receipt

_NOTICE = "pickup_ending"


@dataclass(frozen=True, slots=True)
class PickupTry:
    """A code that was tried and is none."""

    try_id: str
    tried_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TryCount:
    """How many wrong codes there were, and when the oldest of them was."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class RedemptionReceipt:
    """Which receipt a redemption has."""

    redemption_id: str
    number: str


def redemption_by_code(tx: Tx, code: str) -> RedemptionRow | None:
    """Returns the redemption that is picked up with a code."""
    return first(tx, select(redemption).where(redemption.c.pickup_code == code), RedemptionRow)


def unclaimed(tx: Tx, limit: int) -> tuple[RedemptionRow, ...]:
    """Returns redemptions that were not picked up in time, the oldest first."""
    query = select(redemption).where(_waiting(), redemption.c.pickup_until <= tx.now)
    return every(tx, query.order_by(redemption.c.pickup_until, redemption.c.redemption_id).limit(limit), RedemptionRow)


def unclaimed_of(tx: Tx, holder_id: str) -> tuple[RedemptionRow, ...]:
    """Returns those of one account."""
    query = select(redemption).join(points_account, points_account.c.account_id == redemption.c.account_id)
    overdue = (points_account.c.holder_id == holder_id) & (redemption.c.pickup_until <= tx.now)
    return every(tx, query.where(_waiting(), overdue).order_by(redemption.c.pickup_until, redemption.c.redemption_id), RedemptionRow)


def notice_key(redemption_id: str) -> str:
    """Returns the key of the one message that tells a member that the time to pick up ends."""
    return f"{_NOTICE}:{redemption_id}"


def unreminded(tx: Tx, until_before: datetime, limit: int) -> tuple[RedemptionRow, ...]:
    """Returns redemptions whose time to be picked up ends before a moment, but has not ended, and whose members were not told yet."""
    is_told = exists().where(outbox_message.c.dedupe_key == literal(f"{_NOTICE}:") + redemption.c.redemption_id)
    query = select(redemption).where(_waiting(), redemption.c.pickup_until > tx.now, redemption.c.pickup_until <= until_before, ~is_told)
    return every(tx, query.order_by(redemption.c.pickup_until, redemption.c.redemption_id).limit(limit), RedemptionRow)


def add_try(tx: Tx, row: PickupTry) -> None:
    """Keeps a wrong code."""
    add(tx, pickup_try, row)


def tries_by(tx: Tx, who: str, since: datetime) -> TryCount:
    """Counts the wrong codes of a person since a moment."""
    found = select(func.count(), func.min(pickup_try.c.at)).where(pickup_try.c.tried_by == who, pickup_try.c.at > since)
    return TryCount(*tx.connection.execute(found).one())


def delete_tries(tx: Tx, before: datetime) -> int:
    """Deletes wrong codes of before a moment and returns how many."""
    return tx.connection.execute(delete(pickup_try).where(pickup_try.c.at < before)).rowcount


def spent_at_devices(tx: Tx, holder_id: str, since: datetime) -> int:
    """Returns the points that an account has held or spent on at devices since a moment."""
    query = (
        select(func.coalesce(func.sum(redemption.c.points - redemption.c.given_back), 0))
        .join(points_account, points_account.c.account_id == redemption.c.account_id)
        .where(
            points_account.c.holder_id == holder_id,
            redemption.c.device_id.is_not(None),
            redemption.c.made_at > since,
            redemption.c.state.in_((RedemptionState.HELD, RedemptionState.COMMITTED, RedemptionState.FULFILLED)),
        )
    )
    return int(tx.connection.execute(query).scalar_one())


def add_redemption_receipt(tx: Tx, row: RedemptionReceipt) -> None:
    """Records which receipt a redemption has."""
    add(tx, redemption_receipt, row)


def receipt_of(tx: Tx, redemption_id: str) -> ReceiptRow | None:
    """Returns the receipt of a redemption."""
    query = select(receipt).join(redemption_receipt, redemption_receipt.c.number == receipt.c.number)
    return first(tx, query.where(redemption_receipt.c.redemption_id == redemption_id), ReceiptRow)


def _waiting() -> ColumnElement[bool]:
    return (redemption.c.state == RedemptionState.COMMITTED) & redemption.c.pickup_until.is_not(None)
