"""Statements on how rewards are shown and how many there are, for many rewards at once. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import TAKING, WHOLE_CHAIN, RewardRow, StockRow
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.ledger import points_account
from server_stub.storage.tables.redemptions import redemption, reward, reward_listing, reward_stock


@dataclass(frozen=True, slots=True)
class ListingRow:
    """How a reward is shown; names and descriptions by language, position from 1."""

    reward_id: str
    position: int
    names: dict[str, str]
    descriptions: dict[str, str]
    picture: str


def find_listing(tx: Tx, reward_id: str) -> ListingRow | None:
    """Returns how a reward is shown."""
    return first(tx, select(reward_listing).where(reward_listing.c.reward_id == reward_id), ListingRow)


def listed_rewards(tx: Tx) -> tuple[tuple[RewardRow, ListingRow], ...]:
    """Returns the loaded catalogue in its order, those whose terms are the rules' included; what rules alone have brought is not in it."""
    shown = {row.reward_id: row for row in every(tx, select(reward_listing).order_by(reward_listing.c.position), ListingRow)}
    rows = every(tx, select(reward).where(reward.c.reward_id.in_(list(shown))), RewardRow)
    by_id = {row.reward_id: row for row in rows}
    return tuple((by_id[reward_id], listing) for reward_id, listing in shown.items() if reward_id in by_id)


def set_listing(tx: Tx, row: ListingRow) -> None:
    """Says how a reward is shown."""
    values = {"position": row.position, "names": row.names, "descriptions": row.descriptions, "picture": row.picture}
    if not change(tx, reward_listing, reward_listing.c.reward_id == row.reward_id, values):
        add(tx, reward_listing, row)


def drop_listing(tx: Tx, reward_id: str) -> None:
    """Shows a reward no more."""
    tx.connection.execute(delete(reward_listing).where(reward_listing.c.reward_id == reward_id))


def stock_rows(tx: Tx) -> tuple[StockRow, ...]:
    """Returns every count, by reward and store; the chain's pool has an empty store."""
    return every(tx, select(reward_stock).order_by(reward_stock.c.reward_id, reward_stock.c.store_id), StockRow)


def free_at(tx: Tx, store_id: str) -> Mapping[str, int]:
    """Returns pieces that a store can give, by reward; a reward that is not in it is not counted.

    A hold that is over counts no more, though nobody has written that down yet.
    """
    query = select(reward_stock).where(reward_stock.c.store_id.in_({store_id, WHOLE_CHAIN})).order_by(reward_stock.c.store_id)
    rows = {row.reward_id: row for row in every(tx, query, StockRow)}
    over = (redemption.c.state == RedemptionState.HELD) & (redemption.c.hold_until <= tx.now)
    lapsed = tx.connection.execute(
        select(redemption.c.reward_id, redemption.c.stock_store_id, func.sum(redemption.c.qty))
        .where(over, redemption.c.reward_id.in_(list(rows)))
        .group_by(redemption.c.reward_id, redemption.c.stock_store_id)
    )
    coming_back = {(reward_id, store): int(pieces) for reward_id, store, pieces in lapsed}
    return {reward_id: max(0, row.stock - row.taken + coming_back.get((reward_id, row.store_id), 0)) for reward_id, row in rows.items()}


def pieces_by_reward(tx: Tx, holder_id: str) -> Mapping[str, int]:
    """Returns how many pieces of each reward an account holds or has spent on; holds that are over do not count."""
    live = (redemption.c.state != RedemptionState.HELD) | (redemption.c.hold_until > tx.now)
    query = (
        select(redemption.c.reward_id, func.sum(redemption.c.qty))
        .join(points_account, points_account.c.account_id == redemption.c.account_id)
        .where(points_account.c.holder_id == holder_id, redemption.c.reward_id.is_not(None), redemption.c.state.in_(TAKING), live)
        .group_by(redemption.c.reward_id)
    )
    return {reward_id: int(pieces) for reward_id, pieces in tx.connection.execute(query)}


def recount(tx: Tx, reward_id: str, store_id: str, stock: int) -> bool:
    """Sets how many pieces there are; False where more are taken. One statement, so that nobody takes one in between."""
    which = (reward_stock.c.reward_id == reward_id) & (reward_stock.c.store_id == store_id)
    if change(tx, reward_stock, which & (reward_stock.c.taken <= stock), {"stock": stock}):
        return True
    if tx.connection.execute(select(reward_stock.c.taken).where(which)).first() is not None:
        return False
    add(tx, reward_stock, StockRow(reward_id, store_id, stock, 0))
    return True
