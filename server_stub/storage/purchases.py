"""Statements on sales as their owner reads them: those of every account whose book the member now has. Knows no rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import every, first
from server_stub.storage.sales import ReturnRow, SaleRow
from server_stub.storage.tables.ledger import points_account
from server_stub.storage.tables.sales import sale, sale_return


@dataclass(frozen=True, slots=True)
class ReturnSums:
    """What came back of a sale in all."""

    refund_fen: int
    taken_back: int


def own_purchases(tx: Tx, member_id: str, since: datetime, before: SaleRow | None, limit: int) -> tuple[SaleRow, ...]:
    """Returns a member's sales from a moment on, the newest first, from the one that follows ``before``."""
    query = _own(member_id, since)
    if before is not None:
        same = and_(sale.c.occurred_at == before.occurred_at, sale.c.sale_id < before.sale_id)
        query = query.where(or_(sale.c.occurred_at < before.occurred_at, same))
    return every(tx, query.order_by(sale.c.occurred_at.desc(), sale.c.sale_id.desc()).limit(limit), SaleRow)


def count_own_purchases(tx: Tx, member_id: str, since: datetime) -> int:
    """Returns how many sales a member has from a moment on."""
    return int(tx.connection.execute(select(func.count()).select_from(_own(member_id, since).subquery())).scalar_one())


def own_purchase(tx: Tx, member_id: str, since: datetime, sale_id: str) -> SaleRow | None:
    """Returns one of a member's sales from a moment on; None for any other."""
    return first(tx, _own(member_id, since).where(sale.c.sale_id == sale_id), SaleRow)


def returns_of_sale(tx: Tx, sale_id: str) -> tuple[ReturnRow, ...]:
    """Returns what came back of a sale, in order."""
    query = select(sale_return).where(sale_return.c.sale_id == sale_id).order_by(sale_return.c.at, sale_return.c.return_id)
    return every(tx, query, ReturnRow)


def return_sums(tx: Tx, sale_ids: Collection[str]) -> dict[str, ReturnSums]:
    """Returns what came back of sales; one of which nothing came back is left out."""
    r = sale_return.c
    query = select(r.sale_id, func.sum(r.refund_fen), func.sum(r.taken_back)).where(r.sale_id.in_(sale_ids)).group_by(r.sale_id)
    return {sale_id: ReturnSums(int(refund), int(taken)) for sale_id, refund, taken in tx.connection.execute(query)}


def _own(member_id: str, since: datetime) -> Select[Any]:
    holder = select(points_account.c.account_id).where(points_account.c.member_id == member_id).scalar_subquery()
    accounts = select(points_account.c.account_id).where(points_account.c.holder_id == holder)
    return select(sale).where(sale.c.account_id.in_(accounts), sale.c.occurred_at >= since)
