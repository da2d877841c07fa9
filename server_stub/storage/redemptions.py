"""Statements on redemptions, the lots that paid, rewards and their stock. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.ledger.lots import Share
from server_stub.storage.database import Tx
from server_stub.storage.rows import Unreadable, add, add_all, change, every, every_readable, first
from server_stub.storage.tables.ledger import points_account
from server_stub.storage.tables.redemptions import redemption, redemption_share, reward, reward_stock
from server_stub.storage.types import canonical_json, plain

# What counts against a member's limit.
TAKING = (RedemptionState.HELD, RedemptionState.COMMITTED, RedemptionState.FULFILLED)
# What was spent, whatever became of it; holds that were never spent are not.
BOUGHT = (RedemptionState.COMMITTED, RedemptionState.FULFILLED, RedemptionState.REVERSED)
WHOLE_CHAIN = ""


@dataclass(frozen=True, slots=True)
class RedemptionRow:
    """A redemption.

    Attributes:
        account_id: On which it was made; whose it is now says that account's holder.
        given_back: Of its points, those that went back so far.
        stock_store_id: Store of the stock that it takes a piece of, empty for the chain's; None: of none.
        hold_until: None where it was spent at once.
        pickup_code: None where nothing is picked up.
        pickup_until: First moment at which it can be picked up no more.
    """

    redemption_id: str
    account_id: str
    state: RedemptionState
    points: int
    given_back: int
    reward_id: str | None
    qty: int
    stock_store_id: str | None
    store_id: str | None
    device_id: str | None
    sale_id: str | None
    rules_version: str
    request_id: str
    made_step: int
    made_at: datetime
    hold_until: datetime | None
    spent_step: int | None
    spent_at: datetime | None
    ended_step: int | None
    ended_at: datetime | None
    version: int
    pickup_code: str | None = field(default=None, repr=False)
    pickup_until: datetime | None = None
    fulfilled_at: datetime | None = None
    fulfilled_by: str | None = None


# What never changes after a redemption was made.
MADE = (
    *("redemption_id", "account_id", "points", "reward_id", "qty", "stock_store_id", "store_id", "device_id", "sale_id"),
    *("rules_version", "request_id", "made_step", "made_at", "hold_until"),
)


def redemption_bytes(row: RedemptionRow) -> tuple[bytes, bytes]:
    """Returns the one form of what was made and of the rest: JSON of every column that has a value, so that a later column changes none."""
    values = {name: plain(value) for name in RedemptionRow.__slots__ if (value := getattr(row, name)) is not None}
    made = {name: values.pop(name) for name in MADE if name in values}
    return canonical_json(made).encode(), canonical_json(values).encode()


@dataclass(frozen=True, slots=True)
class RedemptionSteps:
    """What a redemption did to its account, and when; see ``RedemptionRow``."""

    redemption_id: str
    account_id: str
    state: RedemptionState
    points: int
    made_step: int
    made_at: datetime
    hold_until: datetime | None
    ended_step: int | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Points of one lot that paid for a redemption, in the order in which they were taken, from 1."""

    redemption_id: str
    position: int
    lot_id: str
    points: int
    given_back: int


@dataclass(frozen=True, slots=True)
class RewardRow:
    """A reward of the catalogue; None: no such limit."""

    reward_id: str
    points: int
    min_tier: str | None
    per_member: int | None
    stores: list[str] | None
    from_day: date | None
    until_day: date | None
    adult_only: bool
    rules_version: str


@dataclass(frozen=True, slots=True)
class StockRow:
    """Pieces of a reward in a store, or in the chain's one pool; ``taken`` of them are held or wait to be picked up."""

    reward_id: str
    store_id: str
    stock: int
    taken: int


def add_redemption(tx: Tx, row: RedemptionRow) -> None:
    """Records a redemption."""
    add(tx, redemption, row)


def find_redemption(tx: Tx, redemption_id: str) -> RedemptionRow | None:
    """Returns a redemption."""
    return first(tx, select(redemption).where(redemption.c.redemption_id == redemption_id), RedemptionRow)


def redemptions_by_id(tx: Tx, redemption_ids: Sequence[str]) -> tuple[RedemptionRow, ...]:
    """Returns redemptions."""
    return every(tx, select(redemption).where(redemption.c.redemption_id.in_(redemption_ids)), RedemptionRow)


def readable_redemptions(tx: Tx, redemption_ids: Sequence[str]) -> dict[str, RedemptionRow]:
    """Returns redemptions by their ids; those that are not there or cannot be read are left out."""
    query = select(redemption).where(redemption.c.redemption_id.in_(redemption_ids))
    found = every_readable(tx, query, RedemptionRow, redemption.c.redemption_id)
    return {row.redemption_id: row for row in found if isinstance(row, RedemptionRow)}


def redemptions_after(tx: Tx, redemption_id: str, limit: int) -> tuple[RedemptionRow | Unreadable, ...]:
    """Returns the redemptions of all accounts that follow an id, in the order of ids, for walks over all of them."""
    query = select(redemption).where(redemption.c.redemption_id > redemption_id)
    return every_readable(tx, query.order_by(redemption.c.redemption_id).limit(limit), RedemptionRow, redemption.c.redemption_id)


def change_redemption(tx: Tx, before: RedemptionRow, values: Mapping[str, Any]) -> bool:
    """Changes a redemption and its version; False where somebody was quicker."""
    which = (redemption.c.redemption_id == before.redemption_id) & (redemption.c.version == before.version)
    return change(tx, redemption, which, {**values, "version": before.version + 1}) == 1


def redemptions_held_by(tx: Tx, holder_id: str, state: RedemptionState) -> tuple[RedemptionRow, ...]:
    """Returns an account's redemptions in a state, in the order in which they were made."""
    query = select(redemption).join(points_account, points_account.c.account_id == redemption.c.account_id)
    wanted = query.where(points_account.c.holder_id == holder_id, redemption.c.state == state)
    return every(tx, wanted.order_by(redemption.c.made_at, redemption.c.made_step), RedemptionRow)


def bought_by(tx: Tx, holder_id: str, since: datetime) -> tuple[RedemptionRow, ...]:
    """Returns what was ever bought on an account since a moment, and whatever still waits to be picked up, the newest first."""
    waits = (redemption.c.state == RedemptionState.COMMITTED) & redemption.c.pickup_until.is_not(None)
    query = select(redemption).join(points_account, points_account.c.account_id == redemption.c.account_id)
    wanted = query.where(points_account.c.holder_id == holder_id, redemption.c.state.in_(BOUGHT), (redemption.c.made_at >= since) | waits)
    return every(tx, wanted.order_by(redemption.c.made_at.desc(), redemption.c.redemption_id.desc()), RedemptionRow)


def redemption_steps(tx: Tx, account_ids: Sequence[str]) -> tuple[RedemptionSteps, ...]:
    """Returns every redemption that was made on accounts, those of one account in order."""
    query = select(*(redemption.c[name] for name in RedemptionSteps.__slots__)).where(redemption.c.account_id.in_(account_ids))
    return every(tx, query.order_by(redemption.c.account_id, redemption.c.made_step), RedemptionSteps)


def redemptions_on_sale(tx: Tx, sale_id: str, state: RedemptionState) -> tuple[RedemptionRow, ...]:
    """Returns the redemptions in a state that paid a part of a sale, in the order in which they were made."""
    query = select(redemption).where(redemption.c.sale_id == sale_id, redemption.c.state == state)
    return every(tx, query.order_by(redemption.c.made_at, redemption.c.made_step), RedemptionRow)


def add_shares(tx: Tx, redemption_id: str, shares: Sequence[Share]) -> None:
    """Records which lots paid."""
    rows = [ShareRow(redemption_id, position, s.lot_id, s.points, s.given_back) for position, s in enumerate(shares, 1)]
    add_all(tx, redemption_share, rows)


def shares_of(tx: Tx, redemption_ids: Sequence[str]) -> dict[str, tuple[Share, ...]]:
    """Returns which lots paid for redemptions, in the order in which they were taken."""
    query = select(redemption_share).where(redemption_share.c.redemption_id.in_(redemption_ids))
    found: dict[str, list[Share]] = {redemption_id: [] for redemption_id in redemption_ids}
    for row in every(tx, query.order_by(redemption_share.c.position), ShareRow):
        found[row.redemption_id].append(Share(row.lot_id, row.points, row.given_back))
    return {redemption_id: tuple(shares) for redemption_id, shares in found.items()}


def give_share_back(tx: Tx, redemption_id: str, position: int, points: int) -> None:
    """Records that points of a share went back; positions count from 1."""
    which = (redemption_share.c.redemption_id == redemption_id) & (redemption_share.c.position == position)
    change(tx, redemption_share, which, {"given_back": redemption_share.c.given_back + points})


def pieces_of_member(tx: Tx, holder_id: str, reward_id: str) -> int:
    """Returns how many pieces of a reward an account holds or has spent on."""
    query = (
        select(func.coalesce(func.sum(redemption.c.qty), 0))
        .join(points_account, points_account.c.account_id == redemption.c.account_id)
        .where(points_account.c.holder_id == holder_id, redemption.c.reward_id == reward_id, redemption.c.state.in_(TAKING))
    )
    return int(tx.connection.execute(query).scalar_one())


def accounts_with_lapsed_holds(tx: Tx, reward_id: str) -> tuple[str, ...]:
    """Returns accounts with a hold on a reward that is over and whose piece has not gone back yet."""
    lapsed = (redemption.c.state == RedemptionState.HELD) & (redemption.c.hold_until <= tx.now)
    query = select(redemption.c.account_id).where(redemption.c.reward_id == reward_id, lapsed).distinct()
    return tuple(tx.connection.execute(query.order_by(redemption.c.account_id)).scalars())


def find_reward(tx: Tx, reward_id: str) -> RewardRow | None:
    """Returns a reward of the catalogue."""
    return first(tx, select(reward).where(reward.c.reward_id == reward_id), RewardRow)


def rewards(tx: Tx) -> tuple[RewardRow, ...]:
    """Returns the catalogue."""
    return every(tx, select(reward).order_by(reward.c.reward_id), RewardRow)


def set_reward(tx: Tx, row: RewardRow) -> None:
    """Adds a reward, or gives it new terms."""
    values = {
        "points": row.points,
        "min_tier": row.min_tier,
        "per_member": row.per_member,
        "stores": row.stores,
        "from_day": row.from_day,
        "until_day": row.until_day,
        "adult_only": row.adult_only,
        "rules_version": row.rules_version,
    }
    if not change(tx, reward, reward.c.reward_id == row.reward_id, values):
        add(tx, reward, row)


def find_stock(tx: Tx, reward_id: str, store_id: str | None) -> StockRow | None:
    """Returns the stock that a store takes from: its own, else the chain's; None: there is no limit."""
    query = select(reward_stock).where(reward_stock.c.reward_id == reward_id, reward_stock.c.store_id.in_({store_id or "", WHOLE_CHAIN}))
    return first(tx, query.order_by(reward_stock.c.store_id.desc()), StockRow)


def set_stock(tx: Tx, reward_id: str, store_id: str, stock: int) -> None:
    """Sets how many pieces there are, taken ones included."""
    which = (reward_stock.c.reward_id == reward_id) & (reward_stock.c.store_id == store_id)
    if not change(tx, reward_stock, which, {"stock": stock}):
        add(tx, reward_stock, StockRow(reward_id, store_id, stock, 0))


def take_stock(tx: Tx, reward_id: str, store_id: str, qty: int) -> bool:
    """Takes pieces; False where there are not that many. One conditional statement, so two cannot take the same piece."""
    enough = reward_stock.c.taken + qty <= reward_stock.c.stock
    which = (reward_stock.c.reward_id == reward_id) & (reward_stock.c.store_id == store_id) & enough
    return change(tx, reward_stock, which, {"taken": reward_stock.c.taken + qty}) == 1


def give_stock_back(tx: Tx, reward_id: str, store_id: str, qty: int) -> None:
    """Puts pieces back."""
    which = (reward_stock.c.reward_id == reward_id) & (reward_stock.c.store_id == store_id)
    tx.connection.execute(update(reward_stock).where(which).values(taken=reward_stock.c.taken - qty))


def hand_out_stock(tx: Tx, reward_id: str, store_id: str, qty: int) -> None:
    """Takes pieces that were taken before out of the store."""
    which = (reward_stock.c.reward_id == reward_id) & (reward_stock.c.store_id == store_id)
    tx.connection.execute(update(reward_stock).where(which).values(taken=reward_stock.c.taken - qty, stock=reward_stock.c.stock - qty))


def put_stock_back_on_shelf(tx: Tx, reward_id: str, store_id: str, qty: int) -> None:
    """Counts pieces that had left the store and are there again."""
    which = (reward_stock.c.reward_id == reward_id) & (reward_stock.c.store_id == store_id)
    tx.connection.execute(update(reward_stock).where(which).values(stock=reward_stock.c.stock + qty))
