"""Statements on the entries of one account as its owner reads them, newest first, each with the balance after it. Knows no rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Subquery, cast, func, select

from server_stub.domain.entry_kinds import EntryKind
from server_stub.storage.database import Tx
from server_stub.storage.rows import every
from server_stub.storage.tables.ledger import points_account, points_entry


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An entry and the sum of the account's entries up to it."""

    sequence: int
    kind: EntryKind
    points: int
    cause: str
    counter: str
    at: datetime
    balance: int


def statement_page(tx: Tx, member_id: str, before: int | None, limit: int) -> tuple[StatementRow, ...]:
    """Returns entries of a member's account below a sequence, newest first."""
    summed = _summed(member_id)
    query = select(summed).order_by(summed.c.sequence.desc()).limit(limit)
    return every(tx, query if before is None else query.where(summed.c.sequence < before), StatementRow)


def statement_between(tx: Tx, member_id: str, times: tuple[datetime, datetime], limit: int) -> tuple[StatementRow, ...]:
    """Returns entries of a member's account from a moment on and before another, the oldest first."""
    summed = _summed(member_id)
    query = select(summed).where(summed.c.at >= times[0], summed.c.at < times[1])
    return every(tx, query.order_by(summed.c.sequence).limit(limit), StatementRow)


def balance_before(tx: Tx, member_id: str, moment: datetime) -> int:
    """Returns the sum of a member's entries before a moment."""
    own = points_account.c.member_id == member_id
    query = select(func.coalesce(func.sum(points_entry.c.points), 0)).join(
        points_account, points_account.c.account_id == points_entry.c.account_id
    )
    return int(tx.connection.execute(query.where(own, points_entry.c.at < moment)).scalar_one())


def _summed(member_id: str) -> Subquery:
    """Returns the entries of a member's account, each with the sum of all up to it."""
    e = points_entry.c
    # PostgreSQL sums whole numbers of this size into decimals.
    balance = cast(func.sum(e.points).over(order_by=e.sequence), BigInteger)
    account = select(points_account.c.account_id).where(points_account.c.member_id == member_id).scalar_subquery()
    own = select(e.sequence, e.kind, e.points, e.cause, e.counter, e.at, balance.label("balance")).where(e.account_id == account)
    return own.subquery()


@dataclass(frozen=True, slots=True)
class LotEntryRow:
    """The entry that made a lot."""

    entry_id: str
    kind: EntryKind
    points: int
    cause: str
    counter: str
    business_day: date


def entries_of_lots(tx: Tx, lot_ids: Collection[str]) -> dict[str, LotEntryRow]:
    """Returns the entry that made each lot, by the lot's id."""
    rows = every(tx, select(points_entry).where(points_entry.c.entry_id.in_(lot_ids)), LotEntryRow)
    return {row.entry_id: row for row in rows}
