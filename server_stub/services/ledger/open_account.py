"""An account whose book is open within one transaction: what it was found as, and what was posted since. Knows no statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server_stub.domain.clock import business_day
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.lots import Lot
from server_stub.domain.ledger_commands import Standing
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.uuid7 import IdSource
from server_stub.services.ledger.posting import Posting
from server_stub.services.ledger.programme import InForce
from server_stub.storage.ledger import EntryRow, MemberAccount

# Its place in the state of a lot.
_EXPIRED = 3


@dataclass(slots=True)
class OpenAccount:
    """An account whose book is open.

    Attributes:
        row: As it was found.
        sequence: Last one that was given out.
        found_lots: State of each lot as it was found; lots that are not in it are new.
        found_years: The same of year points.
        seen_until: Next due moment that was known before, where not every lot was looked at since.
    """

    row: MemberAccount
    book: Book
    rules: InForce
    ids: IdSource
    sequence: int
    found_lots: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    found_years: dict[tuple[str, int], int] = field(default_factory=dict)
    seen_until: datetime | None = None
    entries: list[EntryRow] = field(default_factory=list)

    def next_step(self) -> int:
        """Returns the next place in the account."""
        self.sequence += 1
        return self.sequence

    def found(self, lots: Iterable[Lot]) -> Iterator[Lot]:
        """Yields lots that were just read and remembers each as it was found."""
        for lot in lots:
            self.found_lots[lot.lot_id] = state_of(lot)
            yield lot

    def expired_just_now(self, account_ids: Collection[str]) -> int:
        """Returns the points of lots of these accounts that have expired since the book was opened, which no row says yet."""
        lots = [lot for lot in self.book.lots.values() if lot.account_id in account_ids and lot.lot_id in self.found_lots]
        return sum(lot.expired - self.found_lots[lot.lot_id][_EXPIRED] for lot in lots)

    def post(self, posting: Posting, at: datetime) -> EntryRow | None:
        """Posts an entry; none for nothing."""
        if posting.points == 0:
            return None
        entry = EntryRow(
            entry_id=self.ids.new("ent"),
            account_id=self.row.account_id,
            sequence=self.next_step(),
            kind=posting.kind,
            points=posting.points,
            counter=posting.counter,
            cause=posting.cause,
            rules_version=posting.rules_version or self.rules.version,
            request_id=posting.request_id,
            business_day=business_day(at),
            at=at,
            awaits=posting.awaits,
            available_on=posting.available_on,
            expires_on=posting.ending.expires_on,
            idle_months=posting.ending.idle_months,
        )
        self.entries.append(entry)
        return entry

    def post_lot(self, posting: Posting, source: str, at: datetime) -> Lot | None:
        """Posts an entry and the lot that it makes; none for nothing.

        Raises:
            Refusal: EXPIRY_IN_PAST, for points that would be gone on the day on which they are given.
        """
        if posting.ending.expires_on is not None and posting.ending.expires_on <= business_day(at):
            raise refuse(Reason.EXPIRY_IN_PAST)
        entry = self.post(posting, at)
        if entry is None:
            return None
        lot = lot_of(entry, source)
        self.book.lots[lot.lot_id] = lot
        return lot

    def standing(self) -> Standing:
        """Returns the account as it stands."""
        book = self.book
        day = business_day(book.settled_at)
        totals = book.totals(day)
        return Standing(self.row.member_id, totals.available, totals.pending, totals.held, book.debt, book.tier(day))


def bare_book(row: MemberAccount, rules: Parameters) -> Book:
    """Returns the book of an account without its lots, years and holds, as it was settled last."""
    return Book(
        account_id=row.account_id,
        joined_on=row.joined_on,
        rules=rules,
        settled_at=row.settled_at,
        last_activity_on=row.last_activity_on,
        debt=row.debt,
        expired=row.expired,
    )


def lot_of(entry: EntryRow, source: str) -> Lot:
    """Returns the lot that an entry makes."""
    return Lot(
        lot_id=entry.entry_id,
        account_id=entry.account_id,
        source=source,
        posted_on=entry.business_day,
        points=entry.points,
        available_on=entry.available_on,
        expires_on=entry.expires_on,
        idle_months=entry.idle_months,
        free=entry.points,
    )


def state_of(lot: Lot) -> tuple[Any, ...]:
    """Returns what of a lot changes, to find out whether it did."""
    return lot.available_on, lot.free, lot.held, lot.expired, lot.forgiven, lot.ended_on
