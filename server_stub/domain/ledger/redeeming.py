"""Whether a redemption is allowed, what it costs, and where its points go back to. Knows no row and no stock.

Source: till-script.md section 3.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from server_stub.domain.clock import business_day
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.calendar import age_on
from server_stub.domain.ledger.lots import Share
from server_stub.domain.ledger.settling import available_by
from server_stub.domain.ledger.tiers import is_below
from server_stub.domain.ledger_commands import Redeem
from server_stub.domain.program.parameters import Parameters, RewardTerms
from server_stub.domain.reasons import Reason

_ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class Buyer:
    """The member as far as rewards ask.

    Attributes:
        day: Today.
        birthday: None where it is not known.
        is_minor: Used where no birthday is known.
    """

    day: date
    tier: str | None
    birthday: date | None
    is_minor: bool


def is_well_formed(command: Redeem) -> bool:
    """Returns whether either points or a reward in pieces are asked for."""
    if command.reward_id is None:
        return command.points is not None and command.points >= 1 and command.qty == 1
    return command.points is None and command.qty >= 1


def check_terms(command: Redeem, terms: RewardTerms | None, buyer: Buyer, rules: Parameters) -> Reason | None:
    """Returns the first term that is not met, in the order of the contract, or None; limits, stock and points are not looked at.

    Args:
        command: Well formed.
        terms: Of the reward that the command names; None where there is no such reward, or none is named.
        buyer: The member.
        rules: In force now.
    """
    if command.reward_id is None and rules.redeem_rewards_only:
        return Reason.REWARD_REQUIRED
    if command.reward_id is not None and terms is None:
        return Reason.REWARD_UNKNOWN
    if buyer.day.month not in rules.redeem_months:
        return Reason.REDEMPTION_CLOSED
    if terms is not None and not _is_open(terms, buyer.day):
        return Reason.REWARD_NOT_OPEN
    if _is_elsewhere(rules.redeem_stores, command) or (terms is not None and _is_elsewhere(terms.stores, command)):
        return Reason.WRONG_STORE
    return _check_buyer(terms, buyer, rules) if terms is not None else None


def is_minor(buyer: Buyer, rules: Parameters) -> bool:
    """Returns whether the buyer is under 18 by birthday, or without a birthday is known as a minor."""
    return buyer.is_minor if buyer.birthday is None else age_on(buyer.birthday, buyer.day, rules.feb29) < _ADULT_AGE


def frees_on(book: Book, points: int) -> date | None:
    """Returns the first day on which pending lots make the amount available, expiry counted; None where none does."""
    today = business_day(book.settled_at)
    days = {lot.available_on for lot in book.lots.values() if lot.free and lot.available_on is not None and lot.available_on > today}
    return next((day for day in sorted(days) if available_by(book, day) >= points), None)


def last_taken_first(shares: Sequence[Share], points: int) -> Iterator[tuple[int, int]]:
    """Yields position and points of the shares that get points back, the one that was taken last first."""
    for position in reversed(range(len(shares))):
        share = shares[position]
        back = min(points, share.points - share.given_back)
        if back > 0:
            points -= back
            yield position, back


def _is_open(terms: RewardTerms, day: date) -> bool:
    return (terms.from_day or date.min) <= day <= (terms.until_day or date.max)


def _is_elsewhere(stores: tuple[str, ...] | None, command: Redeem) -> bool:
    return stores is not None and command.store_id not in stores


def _check_buyer(terms: RewardTerms, buyer: Buyer, rules: Parameters) -> Reason | None:
    if terms.min_tier is not None and is_below(rules, buyer.tier, terms.min_tier):
        return Reason.TIER_TOO_LOW
    return Reason.ADULT_ONLY if terms.adult_only and is_minor(buyer, rules) else None
