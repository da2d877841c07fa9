"""Statements on the price list. Knows no file and no sale."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from server_stub.domain.price_list import Price
from server_stub.storage.database import Tx
from server_stub.storage.rows import add_all, every
from server_stub.storage.tables.prices import price


@dataclass(frozen=True, slots=True)
class _PriceRow:
    position: int
    sku: str
    store_id: str
    from_day: date | None
    until_day: date | None
    price_fen: int


def has_prices(tx: Tx) -> bool:
    """Returns whether there is a price list."""
    return tx.connection.execute(select(price.c.position).limit(1)).first() is not None


def prices_of(tx: Tx, skus: Collection[str], store_id: str) -> tuple[Price, ...]:
    """Returns the prices of goods, of any day, in a store and in the chain."""
    columns = (price.c.sku, price.c.store_id, price.c.from_day, price.c.until_day, price.c.price_fen)
    query = select(*columns).where(price.c.sku.in_(sorted(skus)), price.c.store_id.in_({"", store_id}))
    return every(tx, query.order_by(price.c.position), Price)


def replace_prices(tx: Tx, prices: Sequence[Price]) -> None:
    """Makes these the price list."""
    tx.connection.execute(delete(price))
    rows = [_PriceRow(n, one.sku, one.store_id, one.from_day, one.until_day, one.price_fen) for n, one in enumerate(prices, 1)]
    if rows:
        add_all(tx, price, rows)
