"""Reads what happened on accounts and what is kept of them, for some hundred accounts at a time. Knows no arithmetic.

A statement for each account and table would cost more than all the arithmetic of a proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from server_stub.domain.ledger.lots import Lot
from server_stub.storage.allowances import AllowanceRow, UseRow, allowances_of, uses_on
from server_stub.storage.database import Tx
from server_stub.storage.ledger import (
    EntryRow,
    MemberAccount,
    YearRow,
    entries_of_accounts,
    holders_of,
    lots_posted_on,
    rows_of_accounts,
    years_of,
)
from server_stub.storage.merges import members_ever_merged
from server_stub.storage.redemptions import RedemptionSteps, redemption_steps
from server_stub.storage.sales import ReturnSteps, SaleSteps, return_steps, sale_steps

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account: what happened on it, in order, and what is kept beside that.

    Attributes:
        uses: What devices gave out under its allowances.
        lots: Every lot that the account has, ended ones included.
        years: Its year points, by account on which they were earned.
        was_merged: Whether the member ever took part in a merge, undone or not.
    """

    row: MemberAccount
    entries: tuple[EntryRow, ...]
    sales: tuple[SaleSteps, ...]
    returns: tuple[ReturnSteps, ...]
    redemptions: tuple[RedemptionSteps, ...]
    allowances: tuple[AllowanceRow, ...]
    uses: tuple[UseRow, ...]
    lots: tuple[Lot, ...]
    years: tuple[YearRow, ...]
    was_merged: bool


def facts_of_accounts(tx: Tx, account_ids: Sequence[str]) -> tuple[AccountFacts, ...]:
    """Returns the facts of accounts in the order of their ids; an unknown id is left out.

    Args:
        tx: Transaction.
        account_ids: Some hundred at most: everything of all of them is in memory at once.
    """
    rows = rows_of_accounts(tx, account_ids)
    holders = holders_of(tx, account_ids)
    merged = members_ever_merged(tx, [row.member_id for row in rows])
    entries = _by(entries_of_accounts(tx, account_ids), lambda entry: entry.account_id)
    sales = _by(sale_steps(tx, account_ids), lambda sale: sale.account_id)
    returns = _by(return_steps(tx, account_ids), lambda back: back.account_id)
    redemptions = _by(redemption_steps(tx, account_ids), lambda one: one.account_id)
    allowances = _by(allowances_of(tx, account_ids), lambda one: one.account_id)
    whose = {one.allowance_id: one.account_id for of_account in allowances.values() for one in of_account}
    uses = _by(uses_on(tx, account_ids), lambda use: whose[use.allowance_id])
    lots = _by(lots_posted_on(tx, list(holders)), lambda lot: holders[lot.account_id])
    years = _by(years_of(tx, list(holders)), lambda year: holders[year.account_id])
    return tuple(
        AccountFacts(
            row=row,
            entries=tuple(entries[row.account_id]),
            sales=tuple(sales[row.account_id]),
            returns=tuple(returns[row.account_id]),
            redemptions=tuple(redemptions[row.account_id]),
            allowances=tuple(allowances[row.account_id]),
            uses=tuple(uses[row.account_id]),
            lots=tuple(lots[row.account_id]),
            years=tuple(years[row.account_id]),
            was_merged=row.member_id in merged,
        )
        for row in rows
    )


def _by(rows: Iterable[T], whose: Callable[[T], str]) -> defaultdict[str, list[T]]:
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        groups[whose(row)].append(row)
    return groups
