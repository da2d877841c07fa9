"""Why points were spent as they were, or why a reward cannot be had and what would change that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.explaining.lines import Line, iso, three
from server_stub.domain.program.parameters import Parameters, RewardTerms
from server_stub.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class DecidedRedemption:
    """A redemption as it now is.

    Attributes:
        first_end: First day on which the points that were taken first would have been gone; None where no day is known.
    """

    state: RedemptionState
    points: int
    given_back: int
    lots: int
    first_end: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reward that a member asks about.

    Attributes:
        available: Points of the member.
        frees_on: First day on which pending points will do; None where no day is known.
    """

    reward_id: str
    terms: RewardTerms | None
    available: int
    day: date
    frees_on: date | None = None


def explain_redemption(redemption: DecidedRedemption) -> tuple[Line, ...]:
    """Returns three lines at most: what became of it, which points paid, and what came back."""
    spent = {"points": str(redemption.points)}
    first = Line(f"explain.redemption.{redemption.state.value.lower()}", spent)
    lots = None
    if redemption.first_end is not None:
        last_day = redemption.first_end - timedelta(days=1)
        lots = Line("explain.redemption.oldest_first", {"day": iso(last_day)})
    back = Line("explain.redemption.given_back", {"points": str(redemption.given_back)}) if redemption.given_back else None
    return three((first, lots, back))


def explain_wanted(wanted: Wanted, reason: Reason | None, rules: Parameters) -> tuple[Line, ...]:
    """Returns three lines at most: yes or why not, and what would change it.

    Args:
        wanted: The reward and what the member has.
        reason: Why it is refused; None where it can be had now.
        rules: In force.
    """
    points = wanted.terms.points if wanted.terms else 0
    if reason is None:
        left = {"points": str(points), "left": str(wanted.available - points)}
        return (Line("explain.reward.yes", left),)
    return three((Line(f"explain.no.{reason.value}"), *_what_helps(wanted, reason, rules)))


def _what_helps(wanted: Wanted, reason: Reason, rules: Parameters) -> tuple[Line | None, ...]:
    terms = wanted.terms
    match reason:
        case Reason.INSUFFICIENT_AVAILABLE:
            short = Line("explain.help.points", {"points": str((terms.points if terms else 0) - wanted.available)})
            frees = None if wanted.frees_on is None else Line("explain.help.frees_on", {"day": iso(wanted.frees_on)})
            return short, frees
        case Reason.REDEMPTION_CLOSED:
            return (Line("explain.help.opens", {"day": iso(_next_open(wanted.day, rules))}) if rules.redeem_months else None,)
        case Reason.REWARD_NOT_OPEN if terms is not None and terms.from_day is not None and terms.from_day > wanted.day:
            return (Line("explain.help.opens", {"day": iso(terms.from_day)}),)
        case Reason.TIER_TOO_LOW if terms is not None and terms.min_tier is not None:
            return (Line("explain.help.tier", {"tier": terms.min_tier}),)
        case Reason.LIMIT_REACHED if terms is not None and terms.per_member is not None:
            return (Line("explain.help.limit", {"count": str(terms.per_member)}),)
        case _:
            return ()


def _next_open(day: date, rules: Parameters) -> date:
    months = sorted(rules.redeem_months)
    later = [month for month in months if month > day.month]
    return date(day.year, later[0], 1) if later else date(day.year + 1, months[0], 1)
