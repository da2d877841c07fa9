"""Lets time pass over a book: year review, lot expiry, end of holds, then debt. Knows no clock: it is told until when.

Source: till-script.md sections 1 (validity follows the clock; at one moment: year review, lot expiry, hold expiry, then the event), 3.2
and 3.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from server_stub.domain.clock import business_day
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.calendar import add_months, next_new_year, start_of
from server_stub.domain.ledger.lot_set import is_available
from server_stub.domain.ledger.lots import Lot
from server_stub.domain.program.choices import Expiry
from server_stub.domain.program.parameters import Parameters


def passes_otherwise(before: Parameters, after: Parameters) -> bool:
    """Returns whether time does anything else to a book under other rules: what ends, what pays first, which tier a year gives."""
    return _of_time(before) != _of_time(after)


def _of_time(rules: Parameters) -> tuple[object, ...]:
    review = (rules.void_below, rules.void_spares_join_year)
    return rules.expiry, rules.expiry_months, review, rules.spend_order, rules.tiers


def advance(book: Book, until: datetime) -> None:
    """Does everything that is due by a moment, each thing at its own moment; looks at every lot."""
    while (moment := min(_steps(book, book.lots.values()), default=None)) is not None and moment <= until:
        _step(book, moment)
    book.settled_at = max(book.settled_at, until)


def next_due(book: Book) -> datetime | None:
    """Returns the next moment at which anything changes by itself: a step, or pending points that become available.

    Lots that nobody has looked at are left out: whoever left them unread knows their moment.
    """
    day = business_day(book.settled_at)
    released_on = min(
        (lot.available_on for lot in book.lots.known if lot.free and lot.available_on and lot.available_on > day), default=None
    )
    release = () if released_on is None else (start_of(released_on),)
    return min((*_steps(book, book.lots.known), *release, *_unseen_lapse(book, day)), default=None)


def _steps(book: Book, lots: Iterable[Lot]) -> Iterator[datetime]:
    # Days are compared, and only the first of them becomes a moment: books have thousands of lots.
    ends = (book.end_of(lot) for lot in lots if lot.ended_on is None)
    first_end = min((end for end in ends if end is not None), default=None)
    if first_end is not None:
        yield start_of(first_end)
    for hold in book.holds.values():
        yield hold.ends_at
    if book.rules.expiry is Expiry.YEAR_REVIEW and book.rules.void_below > 0:
        yield start_of(next_new_year(business_day(book.settled_at)))


def _unseen_lapse(book: Book, day: date) -> Iterator[datetime]:
    # Lots without points are not all loaded, but they end too, and points that come back to them later expire at once.
    if book.rules.expiry is Expiry.INACTIVITY:
        lapse = add_months(book.last_activity_on, book.rules.expiry_months)
        if lapse > day:
            yield start_of(lapse)


def _step(book: Book, moment: datetime) -> None:
    day = business_day(moment)
    if book.rules.expiry is Expiry.YEAR_REVIEW and moment == start_of(date(day.year, 1, 1)) and _is_void(book, day.year - 1):
        for lot in book.lots.values():
            lot.ended_on = lot.ended_on or day
            _empty(book, lot.lot_id, moment)
    for lot in list(book.lots.values()):
        end = book.end_of(lot)
        if end is not None and end <= day:
            lot.ended_on = end
            _empty(book, lot.lot_id, moment)
    for hold in sorted(book.holds.values(), key=lambda hold: (hold.ends_at, hold.redemption_id)):
        if hold.ends_at <= moment:
            book.release_hold(hold.redemption_id, moment, day)
            book.ended_holds.append(hold.redemption_id)
    book.pay_debt()
    book.settled_at = max(book.settled_at, moment)


def _is_void(book: Book, year: int) -> bool:
    """Whether the year's points are too few (till-script 3.2, year_review)."""
    if book.rules.void_spares_join_year and book.joined_on.year == year:
        return False
    return book.year_points(year) < book.rules.void_below


def _empty(book: Book, lot_id: str, moment: datetime) -> None:
    lot = book.lots[lot_id]
    points, lot.free = lot.free, 0
    if points:
        book.expire(lot, points, moment)


def endings_until(book: Book, last_end: date) -> dict[date, int]:
    """Returns the free points that end after today and until a day, by the first day on which they are gone, if only time happens.

    What a year review would take counts as ending on 1 January, though a purchase can still save it.
    """
    today = business_day(book.settled_at)
    review = next_new_year(today) if book.rules.expiry is Expiry.YEAR_REVIEW and _is_void(book, today.year) else None
    found: dict[date, int] = {}
    for lot in book.lots.values():
        ends = [end for end in (book.end_of(lot), review) if end is not None]
        if lot.free and ends and today < min(ends) <= last_end:
            found[min(ends)] = found.get(min(ends), 0) + lot.free
    return found


def available_by(book: Book, day: date) -> int:
    """Returns what could be spent on a later day if nothing but time happened, expiry and year reviews counted, holds left alone."""
    today = business_day(book.settled_at)
    reviews = [year for year in range(today.year + 1, day.year + 1) if book.rules.expiry is Expiry.YEAR_REVIEW and _is_void(book, year - 1)]
    if reviews:
        return 0
    ends = ((lot, book.end_of(lot)) for lot in book.lots.values())
    return sum(lot.free for lot, end in ends if is_available(lot, day) and (end is None or end > day))
