"""Two books become one, and two again; points are conserved. Knows no row. Source: till-script.md section 3.8."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.lot_set import LotSet


def balance_of(book: Book) -> int:
    """Returns the ledger balance, which is the sum of the account's entries."""
    return sum(lot.free + lot.held for lot in book.lots.values()) - book.debt


def merge(giver: Book, taker: Book) -> int:
    """Moves everything from one book to another, both settled and without holds, and returns the balance that moved."""
    moved = balance_of(giver)
    taker.lots.update(giver.lots)
    taker.years.update(giver.years)
    taker.debt += giver.debt
    taker.expired += giver.expired
    taker.note_activity(giver.last_activity_on)
    giver.lots, giver.years, giver.debt, giver.expired = LotSet(), {}, 0, 0
    taker.pay_debt()
    return moved


def unmerge(taker: Book, giver: Book, accounts: AbstractSet[str], expired: int) -> int:
    """Moves what came from the given accounts back, as it now is, and returns the balance that moved; debt stays.

    Args:
        taker: Has everything; settled and without holds.
        giver: Empty; gets its own again.
        accounts: On which the giver's lots and year points were posted.
        expired: Points of those lots that have expired so far.
    """
    lots = tuple(taker.lots.values())
    giver.lots = LotSet(lot for lot in lots if lot.account_id in accounts)
    giver.years = {key: points for key, points in taker.years.items() if key[0] in accounts}
    giver.expired = expired
    giver.last_activity_on = taker.last_activity_on
    giver.settled_at = taker.settled_at
    taker.lots = LotSet(lot for lot in lots if lot.account_id not in accounts)
    taker.years = {key: points for key, points in taker.years.items() if key not in giver.years}
    taker.expired -= expired
    return balance_of(giver)


def merged_groups(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Returns those that merges connect, directly or through others."""
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if not group.isdisjoint(pair)]
        groups = [group for group in groups if group.isdisjoint(pair)]
        groups.append(set(pair).union(*touched))
    return groups
