"""How far it is to the next tier, and how long this one lasts. Source: till-script.md section 3.5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server_stub.domain.explaining.lines import Line, iso, three, yuan
from server_stub.domain.ledger.earning import points_of
from server_stub.domain.ledger.tier_history import TierOn
from server_stub.domain.program.parameters import Parameters, TierLevel


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing to a tier.

    Attributes:
        fen: Purchases that earn the points without any multiplier, all at once.
        by: Last day of the calendar year that counts.
    """

    tier: str
    points: int
    fen: int
    by: date


@dataclass(frozen=True, slots=True)
class TierProgress:
    """Where a member stands.

    Attributes:
        tier: None where the rules have no tiers.
        kept_until: Last day on which it holds if nothing more is bought or returned; None for the lowest, which nobody loses.
        next: None at the top.
        to_keep: What keeps the tier for another year; None where that is done, or for the lowest.
    """

    tier: str | None
    this_year: int
    last_year: int
    kept_until: date | None
    next: Missing | None
    to_keep: Missing | None


def progress_of(found: TierOn, rules: Parameters) -> TierProgress:
    """Returns where a member stands on a day."""
    levels = {level.name: level for level in rules.tiers}
    if found.tier is None:
        return TierProgress(None, found.this_year, found.last_year, None, None, None)
    level = levels[found.tier]
    higher = next((one for one in rules.tiers if one.min > level.min), None)
    is_earned = found.this_year >= level.min
    until = date(found.day.year + is_earned, 12, 31) if level.min else None
    return TierProgress(
        tier=found.tier,
        this_year=found.this_year,
        last_year=found.last_year,
        kept_until=until,
        next=None if higher is None else _missing(higher, found, rules),
        to_keep=None if is_earned else _missing(level, found, rules),
    )


def explain_tier(progress: TierProgress) -> tuple[Line, ...]:
    """Returns three lines at most: the tier, what is missing to the next, and what keeps this one."""
    if progress.tier is None:
        return (Line("explain.tier.none"),)
    return three((_now(progress), _next(progress), _keep(progress)))


def fen_for_points(points: int, rules: Parameters) -> int:
    """Returns the smallest amount that earns so many points without a multiplier."""
    least, most = 0, (points + 1) * rules.fen_per_point
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if points_of(middle, (), rules) >= points else (middle, most)
    return most


def _missing(level: TierLevel, found: TierOn, rules: Parameters) -> Missing:
    points = level.min - found.this_year
    return Missing(level.name, points, fen_for_points(points, rules), date(found.day.year, 12, 31))


def _now(progress: TierProgress) -> Line:
    tier = progress.tier or ""
    if progress.kept_until is None:
        return Line("explain.tier.now", {"tier": tier})
    return Line("explain.tier.until", {"tier": tier, "day": iso(progress.kept_until)})


def _next(progress: TierProgress) -> Line:
    if progress.next is None:
        return Line("explain.tier.top")
    missing = progress.next
    return Line("explain.tier.next", {"amount": yuan(missing.fen), "day": iso(missing.by), "tier": missing.tier})


def _keep(progress: TierProgress) -> Line | None:
    missing = progress.to_keep
    if missing is None:
        return None
    return Line("explain.tier.keep", {"amount": yuan(missing.fen), "day": iso(missing.by), "tier": missing.tier})
