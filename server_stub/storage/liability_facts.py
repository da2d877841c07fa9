"""Reads the ledger as the accounts need it: each entry with its sale, what it gives back and the lots that it took. Knows no estimate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger.merging import merged_groups
from server_stub.domain.liability.lots import Named
from server_stub.domain.liability.replay import AccountsJoined, AccountsParted, Event, PointsFact
from server_stub.storage.database import Tx
from server_stub.storage.tables.allowances import allowance, allowance_share
from server_stub.storage.tables.ledger import points_account, points_entry
from server_stub.storage.tables.merges import member_merge
from server_stub.storage.tables.redemptions import redemption, redemption_share
from server_stub.storage.tables.sales import sale, sale_return

_PAGE = 500
_REDEMPTION, _SALE, _EXPIRY, _ALLOWANCE = "redemption:", "sale:", "expiry:", "allowance:"

# An event at its place: the moment, then the id of the entry beside which it stands, then what comes first there.
_Placed = tuple[datetime, str, int, Event]


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


def accounts_until(tx: Tx, as_of: date) -> Iterator[tuple[Event, ...]]:
    """Yields what happened on each account up to a day, in order; accounts that were ever merged come together.

    The whole ledger is never in memory at once.
    """
    merges = _merges_until(tx, as_of)
    merged: set[str] = set()
    for group in merged_groups((one.from_id, one.into_id) for one in merges):
        merged |= group
        placed = [*_facts_of(tx, sorted(group), as_of), *_placed_merges(tx, [one for one in merges if one.from_id in group], as_of)]
        yield tuple(event for *_, event in sorted(placed, key=lambda one: one[:3]))
    after = ""
    while page := _accounts_after(tx, after):
        after = page[-1]
        facts = _facts_of(tx, [account_id for account_id in page if account_id not in merged], as_of)
        for _, of_account in groupby(facts, key=lambda one: one[3].account_id):
            yield tuple(event for *_, event in of_account)


def _accounts_after(tx: Tx, account_id: str) -> Sequence[str]:
    query = select(points_account.c.account_id).where(points_account.c.account_id > account_id)
    return tx.connection.execute(query.order_by(points_account.c.account_id).limit(_PAGE)).scalars().all()


def _facts_of(tx: Tx, account_ids: Sequence[str], as_of: date) -> list[tuple[datetime, str, int, PointsFact]]:
    """Returns the entries of accounts, by account and sequence."""
    beside = _Beside(_sale_amounts(tx, account_ids), _returns(tx, account_ids), _lots_that_paid(tx, account_ids))
    query = select(points_entry).where(points_entry.c.account_id.in_(account_ids), points_entry.c.business_day <= as_of)
    rows = tx.connection.execute(query.order_by(points_entry.c.account_id, points_entry.c.sequence))
    return [(row.at, row.entry_id, 1, _fact(row, beside)) for row in rows]


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

    merge_id: str
    from_id: str
    into_id: str
    merged_at: datetime
    undone_at: datetime | None


def _merges_until(tx: Tx, as_of: date) -> list[_Merge]:
    rows = tx.connection.execute(select(member_merge).where(member_merge.c.merged_on <= as_of).order_by(member_merge.c.merged_at)).all()
    members = {member_id for row in rows for member_id in (row.from_member_id, row.into_member_id)}
    query = select(points_account.c.member_id, points_account.c.account_id).where(points_account.c.member_id.in_(members))
    accounts = {row.member_id: row.account_id for row in tx.connection.execute(query)}
    return [_Merge(row.merge_id, accounts[row.from_member_id], accounts[row.into_member_id], row.merged_at, row.undone_at) for row in rows]


def _placed_merges(tx: Tx, merges: Sequence[_Merge], as_of: date) -> Iterator[_Placed]:
    """Yields merges and their undoing beside their own entries; where there was nothing to move, before all of their moment."""
    causes = [f"{word}:{one.merge_id}" for one in merges for word in ("merge", "unmerge")]
    query = select(points_entry.c.cause, points_entry.c.entry_id).where(
        points_entry.c.account_id.in_({account_id for one in merges for account_id in (one.from_id, one.into_id)}),
        points_entry.c.cause.in_(causes),
    )
    beside: dict[str, str] = {}
    for cause, entry_id in tx.connection.execute(query):
        beside[cause] = min(entry_id, beside.get(cause, entry_id))
    for one in merges:
        yield one.merged_at, beside.get(f"merge:{one.merge_id}", ""), 0, AccountsJoined(one.merge_id, one.from_id, one.into_id)
        if one.undone_at is not None and business_day(one.undone_at) <= as_of:
            yield one.undone_at, beside.get(f"unmerge:{one.merge_id}", ""), 0, AccountsParted(one.merge_id)
