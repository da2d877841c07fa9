"""Statements on the entries of one account as its owner reads them, newest first, each with the balance after it. Knows no rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, cast, func, select

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
    e = points_entry.c
    # PostgreSQL sums whole numbers of this size into decimals.
    balance = cast(func.sum(e.points).over(order_by=e.sequence), BigInteger)
    account = select(points_account.c.account_id).where(points_account.c.member_id == member_id).scalar_subquery()
    own = select(e.sequence, e.kind, e.points, e.cause, e.counter, e.at, balance.label("balance")).where(e.account_id == account)
    summed = own.subquery()
    query = select(summed).order_by(summed.c.sequence.desc()).limit(limit)
    return every(tx, query if before is None else query.where(summed.c.sequence < before), StatementRow)


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
