"""Proves accounts: each number that is kept beside the entries is worked out from them again and compared. Changes nothing."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.book import is_available
from server_stub.domain.ledger.lots import Lot
from server_stub.domain.ledger.rebuilding import Contradiction
from server_stub.domain.permissions import Operation, require
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.programme import Programme
from server_stub.services.ledger.rebuilding import rebuilt_lots
from server_stub.storage.database import Tx
from server_stub.storage.ledger import (
    MemberAccount,
    accounts_after,
    all_lots_held_by,
    entries_of,
    row_of_account,
    sum_of_entries,
)
from server_stub.storage.merges import was_ever_merged

_BATCH = 500


class Flaw(StrEnum):
    """What does not agree."""

    ENTRIES = "ENTRIES"
    LOTS = "LOTS"
    REBUILT = "REBUILT"


@dataclass(frozen=True, slots=True)
class WrongAccount:
    """An account that does not agree with its entries.

    Attributes:
        flaw: ENTRIES: their sum is another; LOTS: their sums are others; REBUILT: a lot made again from what happened is another.
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
        self._database = booking.base.database
        self._audit = booking.base.audit
        self._programme = booking.programme

    def run(self, actor: Actor) -> Proved:
        """Returns what is wrong in the whole ledger.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        proved: list[tuple[str, tuple[WrongAccount, ...]]] = []
        while batch := self._database.read(functools.partial(self._batch, proved[-1][0] if proved else "")):
            proved.extend(batch)
        return Proved(len(proved), tuple(flaw for _, flaws in proved for flaw in flaws))

    def alarm(self, actor: Actor, proved: Proved) -> None:
        """Writes an alert into the audit trail."""
        detail: dict[str, str | int | bool] = {"accounts": proved.accounts, "wrong": len(proved.wrong), "first": proved.wrong[0].account_id}
        self._database.write(lambda tx: self._audit.record(tx, Deed(actor, "alert.ledger_unproven", detail=detail)))

    def of_account(self, tx: Tx, account_id: str) -> tuple[WrongAccount, ...]:
        """Returns what is wrong with one account."""
        row = row_of_account(tx, account_id)
        return () if row is None else (*_flaws(tx, row), *_rebuilt(tx, self._programme, row))

    def _batch(self, after: str, tx: Tx) -> list[tuple[str, tuple[WrongAccount, ...]]]:
        return [(account_id, self.of_account(tx, account_id)) for account_id in accounts_after(tx, after, _BATCH)]


def _flaws(tx: Tx, row: MemberAccount) -> Iterator[WrongAccount]:
    said, proved = row.available + row.pending + row.held - row.debt, sum_of_entries(tx, row.account_id)
    if said != proved:
        yield WrongAccount(row.account_id, Flaw.ENTRIES, (said,), (proved,))
    kept, summed = (row.available, row.pending, row.held, row.expired), _sums_of_lots(tx, row)
    if kept != summed:
        yield WrongAccount(row.account_id, Flaw.LOTS, kept, summed)


def _rebuilt(tx: Tx, programme: Programme, row: MemberAccount) -> Iterator[WrongAccount]:
    if was_ever_merged(tx, row.member_id):
        return
    kept = {lot.lot_id: _content(lot) for lot in all_lots_held_by(tx, row.account_id)}
    try:
        made = {lot_id: _content(lot) for lot_id, lot in rebuilt_lots(tx, programme, row).items()}
    except Contradiction:
        yield WrongAccount(row.account_id, Flaw.REBUILT, (), ())
        return
    for lot_id in sorted(kept.keys() | made.keys()):
        if kept.get(lot_id) != made.get(lot_id):
            yield WrongAccount(row.account_id, Flaw.REBUILT, kept.get(lot_id, ()), made.get(lot_id, ()))


def _content(lot: Lot) -> tuple[int, ...]:
    return lot.free, lot.held, lot.expired, lot.forgiven


def _sums_of_lots(tx: Tx, row: MemberAccount) -> tuple[int, int, int, int]:
    """Returns what is available, pending, held and expired by the lots, entries that are not divided over lots yet counted."""
    lots = all_lots_held_by(tx, row.account_id)
    day = business_day(row.settled_at)
    undivided = sum(entry.points for entry in entries_of(tx, row.account_id, row.settled_sequence))
    available = sum(lot.free for lot in lots if is_available(lot, day))
    return (
        available + undivided,
        sum(lot.free for lot in lots) - available,
        sum(lot.held for lot in lots),
        sum(lot.expired for lot in lots),
    )
