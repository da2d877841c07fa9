"""Statements on sales, returns and corrections by hand. Knows no rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from server_stub.domain.ledger.tier_history import YearMove
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, add_all, every, first
from server_stub.storage.tables.sales import adjustment, sale, sale_line, sale_return, sale_return_line


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A booked sale; amounts in fen.

    Attributes:
        account_id: On which it was booked; None where no member was named.
        step: Its place in the account.
        decision: How its points came about, step by step.
    """

    sale_id: str
    account_id: str | None
    step: int
    store_id: str
    total_fen: int
    eligible_fen: int
    earned: int
    lot_id: str | None
    decision: dict[str, Any]
    tenders: list[list[Any]] | None
    tags: list[str]
    rules_version: str
    request_id: str
    occurred_at: datetime
    business_day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class SaleSteps:
    """What a sale did to its account; see ``SaleRow``."""

    sale_id: str
    account_id: str
    step: int
    earned: int
    lot_id: str | None
    business_day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnSteps:
    """What a return did to its account; see ``ReturnRow``."""

    return_id: str
    sale_id: str
    account_id: str
    step: int
    taken_back: int
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SaleLineRow:
    """A line of a sale; lines count from 1."""

    sale_id: str
    line: int
    sku: str
    category: str
    qty: int
    unit_price_fen: int
    discount_fen: int
    is_eligible: bool


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A booked return."""

    return_id: str
    sale_id: str
    account_id: str | None
    step: int
    refund_fen: int
    taken_back: int
    forgiven: int
    given_back: int
    rules_version: str
    request_id: str
    business_day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnLineRow:
    """Pieces of a line that came back."""

    return_id: str
    line: int
    qty: int


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """A correction by hand."""

    request_id: str
    account_id: str
    entry_id: str
    points: int
    reason: str
    case_id: str
    proposed_by: str
    approved_by: str
    at: datetime


def add_sale(tx: Tx, row: SaleRow, lines: Sequence[SaleLineRow]) -> None:
    """Books a sale."""
    add(tx, sale, row)
    add_all(tx, sale_line, lines)


def find_sale(tx: Tx, sale_id: str) -> SaleRow | None:
    """Returns a sale."""
    return first(tx, select(sale).where(sale.c.sale_id == sale_id), SaleRow)


def sale_exists(tx: Tx, sale_id: str) -> bool:
    """Returns whether a sale with this id was booked."""
    return tx.connection.execute(select(sale.c.sale_id).where(sale.c.sale_id == sale_id)).first() is not None


def sale_steps(tx: Tx, account_ids: Sequence[str]) -> tuple[SaleSteps, ...]:
    """Returns every sale that was booked on accounts, those of one account in order."""
    query = select(*(sale.c[name] for name in SaleSteps.__slots__)).where(sale.c.account_id.in_(account_ids))
    return every(tx, query.order_by(sale.c.account_id, sale.c.step), SaleSteps)


def return_steps(tx: Tx, account_ids: Sequence[str]) -> tuple[ReturnSteps, ...]:
    """Returns every return of a sale that was booked on accounts, those of one account in order."""
    query = select(*(sale_return.c[name] for name in ReturnSteps.__slots__)).where(sale_return.c.account_id.in_(account_ids))
    return every(tx, query.order_by(sale_return.c.account_id, sale_return.c.step), ReturnSteps)


def lines_of(tx: Tx, sale_id: str) -> tuple[SaleLineRow, ...]:
    """Returns the lines of a sale in order."""
    return every(tx, select(sale_line).where(sale_line.c.sale_id == sale_id).order_by(sale_line.c.line), SaleLineRow)


def returned_pieces(tx: Tx, sale_id: str) -> dict[int, int]:
    """Returns how many pieces of each line have come back so far."""
    query = (
        select(sale_return_line.c.line, func.sum(sale_return_line.c.qty))
        .join(sale_return, sale_return.c.return_id == sale_return_line.c.return_id)
        .where(sale_return.c.sale_id == sale_id)
        .group_by(sale_return_line.c.line)
    )
    return {line: int(pieces) for line, pieces in tx.connection.execute(query)}


def has_returns(tx: Tx, sale_id: str) -> bool:
    """Returns whether anything of the sale has come back."""
    return tx.connection.execute(select(sale_return.c.return_id).where(sale_return.c.sale_id == sale_id).limit(1)).first() is not None


def add_return(tx: Tx, row: ReturnRow, lines: Sequence[ReturnLineRow]) -> None:
    """Books a return."""
    add(tx, sale_return, row)
    add_all(tx, sale_return_line, lines)


def return_exists(tx: Tx, return_id: str) -> bool:
    """Returns whether a return with this id was booked."""
    return tx.connection.execute(select(sale_return.c.return_id).where(sale_return.c.return_id == return_id)).first() is not None


def add_adjustment(tx: Tx, row: AdjustmentRow) -> None:
    """Records a correction."""
    add(tx, adjustment, row)


def year_moves(tx: Tx, account_ids: Sequence[str]) -> tuple[YearMove, ...]:
    """Returns what sales and returns on accounts have counted for calendar years (till-script 3.5)."""
    c = sale.c
    sold = tx.connection.execute(select(c.business_day, c.earned).where(c.account_id.in_(account_ids), c.earned > 0))
    taken = (
        select(c.business_day, sale_return.c.business_day, sale_return.c.taken_back)
        .select_from(sale_return)
        .join(sale, c.sale_id == sale_return.c.sale_id)
        .where(c.account_id.in_(account_ids), sale_return.c.taken_back != 0)
    )
    moves = [YearMove(day, day.year, earned) for day, earned in sold]
    moves += [YearMove(day, sold_on.year, -points) for sold_on, day, points in tx.connection.execute(taken)]
    return tuple(moves)


def taken_back_of(tx: Tx, sale_id: str) -> int:
    """Returns the earned points that returns of a sale have taken back so far."""
    query = select(func.coalesce(func.sum(sale_return.c.taken_back), 0)).where(sale_return.c.sale_id == sale_id)
    return int(tx.connection.execute(query).scalar_one())


def returns_of(tx: Tx, sale_id: str) -> tuple[ReturnRow, ...]:
    """Returns the returns of a sale in order."""
    return every(tx, select(sale_return).where(sale_return.c.sale_id == sale_id).order_by(sale_return.c.at), ReturnRow)
