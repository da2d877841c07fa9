"""Reads the ledger as the accounts need it: each entry with its sale, what it gives back and the lots that it took. Knows no estimate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger.merging import merged_groups
from server_stub.domain.liability.lots import Named
from server_stub.domain.liability.ordering import Placed, in_one_order, until
from server_stub.domain.liability.replay import AccountsJoined, AccountsParted, Event, PointsFact
from server_stub.storage.database import Tx
from server_stub.storage.merges import MergeRow, every_merge
from server_stub.storage.tables.allowances import allowance, allowance_share
from server_stub.storage.tables.ledger import points_account, points_entry
from server_stub.storage.tables.redemptions import redemption, redemption_share
from server_stub.storage.tables.sales import sale, sale_return

_PAGE = 500
_REDEMPTION, _SALE, _EXPIRY, _ALLOWANCE = "redemption:", "sale:", "expiry:", "allowance:"


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is known of some accounts beside their entries.

    Attributes:
        sale_fen: By the lot that the sale made.
        returns: Return and sale by request.
        lots: That paid, by the cause of the entry.
    """

    sale_fen: Mapping[str, int]
    returns: Mapping[str | None, tuple[str, str]]
    lots: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Accounts:
    """An account, or those that merges connect, and what happened there in order; reading it may find that no order can be."""

    account_ids: tuple[str, ...]
    events: Iterable[Event]


def accounts_until(tx: Tx, as_of: date) -> Iterator[Accounts]:
    """Yields every account with what happened up to a day; accounts that were ever merged come together.

    The whole ledger is never in memory at once.
    """
    merges = _merges(tx)
    merged: set[str] = set()
    for group in merged_groups((one.from_id, one.into_id) for one in merges):
        merged |= group
        account_ids = sorted(group)
        placed = (*_facts_of(tx, account_ids), *_placed_merges([one for one in merges if one.from_id in group]))
        yield Accounts(tuple(account_ids), in_one_order(placed, as_of))
    after = ""
    while page := _accounts_after(tx, after):
        after = page[-1]
        facts = _facts_of(tx, [account_id for account_id in page if account_id not in merged])
        for account_id, of_account in groupby(facts, key=lambda one: next(iter(one.steps))):
            yield Accounts((account_id,), tuple(one.event for one in until(of_account, as_of)))


def _accounts_after(tx: Tx, account_id: str) -> Sequence[str]:
    query = select(points_account.c.account_id).where(points_account.c.account_id > account_id)
    return tx.connection.execute(query.order_by(points_account.c.account_id).limit(_PAGE)).scalars().all()


def _facts_of(tx: Tx, account_ids: Sequence[str]) -> list[Placed]:
    """Returns the entries of accounts, by account and sequence."""
    beside = _Beside(_sale_amounts(tx, account_ids), _returns(tx, account_ids), _lots_that_paid(tx, account_ids))
    query = select(points_entry).where(points_entry.c.account_id.in_(account_ids))
    rows = tx.connection.execute(query.order_by(points_entry.c.account_id, points_entry.c.sequence))
    return [Placed(_fact(row, beside), {row.account_id: row.sequence}, row.at, row.business_day, row.entry_id) for row in rows]


def _sale_amounts(tx: Tx, account_ids: Sequence[str]) -> dict[str, int]:
    query = select(sale.c.lot_id, sale.c.total_fen).where(sale.c.account_id.in_(account_ids), sale.c.lot_id.is_not(None))
    return {row.lot_id: row.total_fen for row in tx.connection.execute(query)}


def _returns(tx: Tx, account_ids: Sequence[str]) -> dict[str | None, tuple[str, str]]:
    columns = (sale_return.c.request_id, sale_return.c.return_id, sale_return.c.sale_id)
    query = select(*columns).where(sale_return.c.account_id.in_(account_ids))
    return {row.request_id: (row.return_id, row.sale_id) for row in tx.connection.execute(query)}


def _lots_that_paid(tx: Tx, account_ids: Sequence[str]) -> dict[str, Named]:
    query = (
        select(redemption_share.c.redemption_id, redemption_share.c.lot_id, redemption_share.c.points)
        .join(redemption, redemption.c.redemption_id == redemption_share.c.redemption_id)
        .where(redemption.c.account_id.in_(account_ids))
        .order_by(redemption_share.c.redemption_id, redemption_share.c.position)
    )
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for redemption_id, lot_id, points in tx.connection.execute(query):
        found[f"{_REDEMPTION}{redemption_id}"].append((lot_id, points))
    lent = (
        select(allowance_share.c.allowance_id, allowance_share.c.lot_id, allowance_share.c.points)
        .join(allowance, allowance.c.allowance_id == allowance_share.c.allowance_id)
        .where(allowance.c.account_id.in_(account_ids))
        .order_by(allowance_share.c.allowance_id, allowance_share.c.position)
    )
    for allowance_id, lot_id, points in tx.connection.execute(lent):
        found[f"{_ALLOWANCE}{allowance_id}"].append((lot_id, points))
    return {source: tuple(lots) for source, lots in found.items()}


def _fact(row: Row[Any], beside: _Beside) -> PointsFact:
    kind = EntryKind(row.kind)
    named = beside.lots.get(row.cause, ())
    if kind is EntryKind.EXPIRY:
        # The cause is expiry:LOT:BEFORE.
        named = ((row.cause.removeprefix(_EXPIRY).rpartition(":")[0], -row.points),)
    return PointsFact(
        account_id=row.account_id,
        kind=kind,
        points=row.points,
        day=row.business_day,
        source=_source(kind, row, beside.returns),
        gone_on=row.expires_on,
        sale_fen=beside.sale_fen.get(row.entry_id, 0),
        lot_id=row.entry_id,
        lots=named,
    )


def _source(kind: EntryKind, row: Row[Any], returns: Mapping[str | None, tuple[str, str]]) -> str:
    """Returns the cause by which the entry and what undoes it know each other."""
    return_id, sale_id = returns.get(row.request_id, ("", ""))
    match kind:
        case EntryKind.ACCRUAL_REVERSAL:
            # A return takes back what its sale earned; what was given for another reason says so itself.
            return f"{_SALE}{sale_id}" if return_id else str(row.cause).removesuffix(":back")
        case EntryKind.REDEMPTION_REVERSAL:
            return _REDEMPTION + str(row.cause).removeprefix(f"return:{return_id}:" if return_id else "reversal:")
        case EntryKind.ALLOWANCE_IN:
            return _ALLOWANCE + str(row.cause).removeprefix("allowance_back:")
        case _:
            return str(row.cause)


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merge between two accounts."""

    row: MergeRow
    from_id: str
    into_id: str


def _merges(tx: Tx) -> list[_Merge]:
    rows = every_merge(tx)
    members = {member_id for row in rows for member_id in (row.from_member_id, row.into_member_id)}
    query = select(points_account.c.member_id, points_account.c.account_id).where(points_account.c.member_id.in_(members))
    accounts = {row.member_id: row.account_id for row in tx.connection.execute(query)}
    return [_Merge(row, accounts[row.from_member_id], accounts[row.into_member_id]) for row in rows]


def _placed_merges(merges: Iterable[_Merge]) -> Iterator[Placed]:
    for one in merges:
        row = one.row
        steps = {one.from_id: row.from_step or 0, one.into_id: row.into_step or 0}
        yield Placed(AccountsJoined(row.merge_id, one.from_id, one.into_id), steps, row.merged_at, row.merged_on, f"merge:{row.merge_id}")
        if row.undone_at is not None:
            steps = {one.from_id: row.undone_from_step or 0, one.into_id: row.undone_into_step or 0}
            parted = AccountsParted(row.merge_id)
            yield Placed(parted, steps, row.undone_at, business_day(row.undone_at), f"unmerge:{row.merge_id}")
