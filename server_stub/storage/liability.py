"""Statements on the points liability: whether accounts say what their entries add up to, and closed periods. Knows no estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, every, first
from server_stub.storage.tables.ledger import points_account, points_entry
from server_stub.storage.tables.liability import liability_period


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A closed period; never changed.

    Attributes:
        period: Month, ``2026-10``.
        as_of: Its last day.
        owed: Points that members owed.
        total: Sums by name.
        lines: The cohorts as the report showed them.
        closed_by: Label of the person.
    """

    period: str
    as_of: date
    rules_version: str
    deferred_fen: int
    owed: int
    total: dict[str, int]
    lines: list[dict[str, Any]]
    closed_by: str
    closed_at: datetime


def accounts_that_differ(tx: Tx) -> int:
    """Returns how many accounts do not say what their entries add up to."""
    sums = select(points_entry.c.account_id, func.sum(points_entry.c.points).label("points")).group_by(points_entry.c.account_id).subquery()
    said = points_account.c.available + points_account.c.pending + points_account.c.held - points_account.c.debt
    query = (
        select(func.count())
        .select_from(points_account.outerjoin(sums, sums.c.account_id == points_account.c.account_id))
        .where(said != func.coalesce(sums.c.points, 0))
    )
    return int(tx.connection.execute(query).scalar_one())


def add_period(tx: Tx, row: PeriodRow) -> None:
    """Closes a period for ever."""
    add(tx, liability_period, row)


def last_period(tx: Tx, before: date | None = None) -> PeriodRow | None:
    """Returns the latest closed period, or the latest that ended before a day."""
    query = select(liability_period).order_by(liability_period.c.period.desc())
    return first(tx, query if before is None else query.where(liability_period.c.as_of < before), PeriodRow)


def closed_periods(tx: Tx) -> tuple[PeriodRow, ...]:
    """Returns all closed periods, oldest first."""
    return every(tx, select(liability_period).order_by(liability_period.c.period), PeriodRow)
