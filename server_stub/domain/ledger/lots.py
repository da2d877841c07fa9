"""Lots: points that were posted together and end together. Knows one lot and orders of lots, no account.

Source: till-script.md section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from server_stub.domain.ledger.calendar import add_months, next_anniversary
from server_stub.domain.program.choices import Expiry, SpendOrder
from server_stub.domain.program.parameters import Parameters


@dataclass(slots=True)
class Lot:
    """A lot as it is now; owned by one book.

    Attributes:
        lot_id: Grows in the order of posting.
        account_id: Account on which it was posted; after a merge its points are another's.
        source: The sale or the adjusting request that made it.
        points: At posting. What is neither free nor held nor expired was used.
        available_on: First day on which it can be spent; None: not before the card is active.
        expires_on: First day on which it is gone, where that is fixed.
        idle_months: Months without activity after which it is gone, where that is the rule.
        forgiven: Of the expired points, those that a return has forgiven.
        ended_on: Day on which its end was reached, whether or not points were left.
    """

    lot_id: str
    account_id: str
    source: str
    posted_on: date
    points: int
    available_on: date | None
    expires_on: date | None
    idle_months: int | None
    free: int
    held: int = 0
    expired: int = 0
    forgiven: int = 0
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Points of one lot that paid for something."""

    lot_id: str
    points: int
    given_back: int = 0


def end_of(lot: Lot, last_activity_on: date) -> date | None:
    """Returns the first day on which the lot is gone, as far as it is known today."""
    if lot.ended_on is not None:
        return lot.ended_on
    if lot.idle_months is not None:
        return add_months(max(lot.posted_on, last_activity_on), lot.idle_months)
    return lot.expires_on


@dataclass(frozen=True, slots=True)
class Ending:
    """How a lot that is posted now will end: on a fixed day, after idle months, or neither."""

    expires_on: date | None = None
    idle_months: int | None = None


def ending_by_policy(rules: Parameters, posted_on: date, joined_on: date) -> Ending:
    """Returns the end of a lot posted on a day (till-script 3.2, ``expiry``); a year review needs no day."""
    match rules.expiry:
        case Expiry.ROLLING:
            return Ending(expires_on=add_months(posted_on, rules.expiry_months))
        case Expiry.ANNIVERSARY:
            return Ending(expires_on=next_anniversary(joined_on, posted_on, rules.feb29))
        case Expiry.INACTIVITY:
            return Ending(idle_months=rules.expiry_months)
        case Expiry.NONE | Expiry.YEAR_REVIEW:
            return Ending()


def in_spend_order(lots: Iterable[Lot], order: SpendOrder, last_activity_on: date) -> list[Lot]:
    """Returns lots in the order in which they are spent (till-script 3.2, Spend order)."""
    if order is SpendOrder.EARNED_FIRST:
        return sorted(lots, key=lambda lot: (lot.posted_on, lot.lot_id))
    return sorted(lots, key=lambda lot: (end_of(lot, last_activity_on) or date.max, lot.posted_on, lot.lot_id))


def take(lots: Iterable[Lot], points: int) -> tuple[Share, ...]:
    """Takes free points from lots in their order and returns what each gave; fewer than asked where there are no more."""
    shares: list[Share] = []
    for lot in lots:
        taken = min(lot.free, points)
        if taken > 0:
            lot.free -= taken
            points -= taken
            shares.append(Share(lot.lot_id, taken))
    return tuple(shares)
