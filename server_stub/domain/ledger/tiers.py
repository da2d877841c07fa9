"""Tiers from year points. Knows no sale. Source: till-script.md section 3.5."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.domain.program.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Climb:
    """The way to the next tier: points of this year so far, 0 or more, and those that reach it."""

    tier: str
    points: int
    goal: int


def tier_of_years(rules: Parameters, this_year: int, last_year: int) -> str | None:
    """Returns the highest tier that the points of this year or of last year reach; None where there are no tiers.

    So a rise is immediate, a year's level is kept to the end of the next year, and a later return lowers it at once.
    """
    best = max(this_year, last_year)
    reached = [tier.name for tier in rules.tiers if tier.min <= best]
    return reached[-1] if reached else None


def climb_from(rules: Parameters, this_year: int, last_year: int) -> Climb | None:
    """Returns the way to the next tier; None where there is none above. Only the points of this year can still grow."""
    best = max(this_year, last_year)
    above = [level for level in rules.tiers if level.min > best]
    return Climb(above[0].name, max(0, this_year), above[0].min) if above else None


def is_below(rules: Parameters, tier: str | None, wanted: str) -> bool:
    """Returns whether a tier is lower than the wanted one; a tier that the rules do not know is reached by nobody."""
    names = [level.name for level in rules.tiers]
    if wanted not in names:
        return True
    return tier is None or names.index(tier) < names.index(wanted)
