"""The tier of a member on any day, past ones included, from what had happened by then. Pure. Source: till-script.md section 3.5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from server_stub.domain.ledger.tiers import tier_of_years
from server_stub.domain.program.parameters import Parameters


@dataclass(frozen=True, slots=True)
class YearMove:
    """Points that a sale earned for a calendar year, or that a return took from that year; ``day`` is when that happened."""

    day: date
    year: int
    points: int


@dataclass(frozen=True, slots=True)
class TierFacts:
    """What the tier is made of.

    Attributes:
        brought: Points by year that came along with the member, who has them from the first day on.
        moves: In any order.
    """

    brought: Mapping[int, int] = field(default_factory=dict)
    moves: Sequence[YearMove] = ()


@dataclass(frozen=True, slots=True)
class TierOn:
    """A tier at the end of a day and the points of the two years that give it; None where the rules have no tiers."""

    day: date
    tier: str | None
    this_year: int
    last_year: int


def tier_on(facts: TierFacts, rules: Parameters, day: date) -> TierOn:
    """Returns the tier at the end of a day by the rules of that day: what happened later changes nothing."""
    this_year, last_year = (_points(facts, year, day) for year in (day.year, day.year - 1))
    return TierOn(day, tier_of_years(rules, this_year, last_year), this_year, last_year)


def _points(facts: TierFacts, year: int, day: date) -> int:
    moved = sum(move.points for move in facts.moves if move.year == year and move.day <= day)
    return facts.brought.get(year, 0) + moved
