"""Proves accounts: each number that is kept beside the entries is worked out from them again and compared. Changes nothing."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.lot_set import is_available
from server_stub.domain.ledger.lots import Lot
from server_stub.domain.ledger.rebuilding import Contradiction
from server_stub.domain.permissions import Operation, require
from server_stub.services.audit import Deed
from server_stub.services.ledger.account_facts import AccountFacts, facts_of_accounts
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.books import proven_account
from server_stub.services.ledger.rebuilding import rebuilt_lots
from server_stub.services.ledger.rule_times import RuleTimes
from server_stub.storage.database import Tx
from server_stub.storage.ledger import accounts_after, moved_since

_BATCH = 200


class Flaw(StrEnum):
    """What does not agree."""

    ENTRIES = "ENTRIES"
    LOTS = "LOTS"
    REBUILT = "REBUILT"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class WrongAccount:
    """An account that does not agree with its entries.

    Attributes:
        flaw: ENTRIES: their sum is another; LOTS: their sums are others; REBUILT: a lot made again from what happened is another;
            CLOSED: what is not divided over lots yet cannot be, so that nothing is booked there.
        said: What is stored.
        proved: What it must be.
    """

    account_id: str
    flaw: Flaw
    said: tuple[int, ...]
    proved: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Proved:
    """How many accounts were looked at and which of them are wrong."""

    accounts: int
    wrong: tuple[WrongAccount, ...]


class Proof:
    """The proof of the ledger. Each batch is one consistent state, so it can run beside everything else."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking
        self._database = booking.base.database
        self._audit = booking.base.audit
        self._programme = booking.programme

    def of_moved(self, actor: Actor, since: datetime) -> Proved:
        """Returns what is wrong with the accounts in which something was booked since a moment.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        moved = [account_id for account_id, _ in self._database.read(lambda tx: moved_since(tx, since))]
        wrong: list[WrongAccount] = []
        for first in range(0, len(moved), _BATCH):
            wrong.extend(self._database.read(functools.partial(self.of_accounts, account_ids=moved[first : first + _BATCH])))
        return Proved(len(moved), tuple(wrong))

    def run(self, actor: Actor) -> Proved:
        """Returns what is wrong in the whole ledger.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        accounts, last, wrong = 0, "", list[WrongAccount]()
        while (batch := self._database.read(functools.partial(self._batch, last)))[0]:
            account_ids, flaws = batch
            accounts, last = accounts + len(account_ids), account_ids[-1]
            wrong.extend(flaws)
        return Proved(accounts, tuple(wrong))

    def alarm(self, actor: Actor, proved: Proved) -> None:
        """Writes an alert into the audit trail."""
        detail: dict[str, str | int | bool] = {"accounts": proved.accounts, "wrong": len(proved.wrong), "first": proved.wrong[0].account_id}
        self._database.write(lambda tx: self._audit.record(tx, Deed(actor, "alert.ledger_unproven", detail=detail)))

    def of_accounts(self, tx: Tx, account_ids: Sequence[str]) -> tuple[WrongAccount, ...]:
        """Returns what is wrong with accounts, some hundred at most."""
        times = self._programme.times(tx)
        return tuple(flaw for facts in facts_of_accounts(tx, account_ids) for flaw in (*_flaws_of(times, facts), *self._closed(tx, facts)))

    def _closed(self, tx: Tx, facts: AccountFacts) -> Iterator[WrongAccount]:
        row = facts.row
        is_undivided = row.settled_sequence < row.last_sequence and row.holder_id == row.account_id
        if is_undivided and proven_account(self._booking.books(tx), row.account_id) is None:
            yield WrongAccount(row.account_id, Flaw.CLOSED, (row.settled_sequence,), (row.last_sequence,))

    def _batch(self, after: str, tx: Tx) -> tuple[tuple[str, ...], tuple[WrongAccount, ...]]:
        account_ids = accounts_after(tx, after, _BATCH)
        return account_ids, self.of_accounts(tx, account_ids)


def _flaws_of(times: RuleTimes, facts: AccountFacts) -> tuple[WrongAccount, ...]:
    return (*_sums(facts), *_rebuilt(times, facts))


def _sums(facts: AccountFacts) -> Iterator[WrongAccount]:
    row = facts.row
    said, proved = row.available + row.pending + row.held - row.debt, sum(entry.points for entry in facts.entries)
    if said != proved:
        yield WrongAccount(row.account_id, Flaw.ENTRIES, (said,), (proved,))
    kept, summed = (row.available, row.pending, row.held, row.expired), _sums_of_lots(facts)
    if kept != summed:
        yield WrongAccount(row.account_id, Flaw.LOTS, kept, summed)


def _rebuilt(times: RuleTimes, facts: AccountFacts) -> Iterator[WrongAccount]:
    if facts.was_merged:
        return
    account_id = facts.row.account_id
    kept = {lot.lot_id: _content(lot) for lot in facts.lots}
    try:
        made = {lot_id: _content(lot) for lot_id, lot in rebuilt_lots(times, facts).items()}
    except Contradiction:
        yield WrongAccount(account_id, Flaw.REBUILT, (), ())
        return
    for lot_id in sorted(kept.keys() | made.keys()):
        if kept.get(lot_id) != made.get(lot_id):
            yield WrongAccount(account_id, Flaw.REBUILT, kept.get(lot_id, ()), made.get(lot_id, ()))


def _content(lot: Lot) -> tuple[int, ...]:
    return lot.free, lot.held, lot.expired, lot.forgiven


def _sums_of_lots(facts: AccountFacts) -> tuple[int, int, int, int]:
    """Returns what is available, pending, held and expired by the lots, entries that are not divided over lots yet counted."""
    row, lots = facts.row, facts.lots
    day = business_day(row.settled_at)
    undivided = sum(entry.points for entry in facts.entries if entry.sequence > row.settled_sequence)
    available = sum(lot.free for lot in lots if is_available(lot, day))
    return (
        available + undivided,
        sum(lot.free for lot in lots) - available,
        sum(lot.held for lot in lots),
        sum(lot.expired for lot in lots),
    )
