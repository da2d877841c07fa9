"""A rule set prepared once for many sales: sets for what is looked up, one function for each multiplier's condition. Pure.

Source: till-script.md section 3.1, Multiplier conditions. Knows no amount.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain.ledger.calendar import in_year
from server_stub.domain.ledger_commands import RecordSale
from server_stub.domain.program.choices import BirthdayScope, ExclusionOrder, RoundAt, RoundingMode, Stacking
from server_stub.domain.program.parameters import Multiplier, Parameters

_WHOLE_PCT = 100
_LEAP_DAY = 29
# More days than these are compared by their spans.
_FEW_DAYS = 2_000


@dataclass(frozen=True, slots=True)
class EarningFacts:
    """What has to be known of the member; facts as of just before the sale.

    Attributes:
        day: Day of the sale's ``occurred_at``.
        birthday: None where it is not known, or where no rule asks for it.
        tier: Tier just before the sale.
    """

    day: date
    birthday: date | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """A multiplier of the rule set and what became of it."""

    code: str
    pct: int
    holds: bool
    used: bool


Condition = Callable[[RecordSale, EarningFacts], bool]
# Of fen, factor and parts.
PointsOf = Callable[[int, int, int], int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What multipliers that hold together make.

    Attributes:
        considered: Every multiplier in the order of the table.
        factor: Product of the percents that are used.
        parts: What the factor is divided by: 100 for each of them.
    """

    considered: tuple[Considered, ...]
    pcts: tuple[int, ...]
    factor: int
    parts: int


@dataclass(frozen=True, slots=True)
class PreparedRules:
    """A rule set, prepared.

    Attributes:
        conditions: Each with its bit.
        outcomes: By the bits of the conditions that hold; filled as they are met, the same for ever. Thread: any.
        points: Points of an amount, with factor and parts (till-script 3.1, ``round_at`` and ``rounding_mode``).
    """

    parameters: Parameters
    excluded_categories: frozenset[str]
    excluded_tags: frozenset[str]
    is_excluded_after: bool
    conditions: tuple[tuple[int, Condition], ...]
    outcomes: dict[int, Outcome]
    points: PointsOf

    def consider(self, sale: RecordSale, facts: EarningFacts) -> Outcome:
        """Returns what becomes of the multipliers."""
        held = 0
        for bit, holds in self.conditions:
            if holds(sale, facts):
                held |= bit
        outcome = self.outcomes.get(held)
        if outcome is None:
            outcome = self.outcomes[held] = _outcome(held, self.parameters)
        return outcome


def prepare(rules: Parameters) -> PreparedRules:
    """Returns the rule set, prepared; worth it where more than a few sales follow."""
    return PreparedRules(
        parameters=rules,
        excluded_categories=frozenset(rules.excluded_categories),
        excluded_tags=frozenset(rules.excluded_sale_tags),
        is_excluded_after=rules.exclusion_order is ExclusionOrder.AFTER,
        conditions=tuple((1 << place, _condition(multiplier, rules)) for place, multiplier in enumerate(rules.multipliers)),
        outcomes={},
        points=points_function(rules),
    )


def rounded(dividend: int, divisor: int, mode: RoundingMode) -> int:
    """Returns the whole number that a fraction is rounded to; dividend >= 0, divisor > 0."""
    match mode:
        case RoundingMode.DOWN:
            return dividend // divisor
        case RoundingMode.HALF_UP:
            return (2 * dividend + divisor) // (2 * divisor)
        case RoundingMode.UP:
            return -(-dividend // divisor)


def points_function(rules: Parameters) -> PointsOf:
    """Returns points(a) of the rules (till-script 3.1, ``round_at``)."""
    per_point, mode = rules.fen_per_point, rules.rounding_mode
    if rules.round_at is RoundAt.BASE:
        return lambda fen, factor, parts: rounded(rounded(fen, per_point, mode) * factor, parts, mode)
    if mode is RoundingMode.DOWN:
        return lambda fen, factor, parts: fen * factor // (parts * per_point)
    return lambda fen, factor, parts: rounded(fen * factor, parts * per_point, mode)


def _outcome(held: int, rules: Parameters) -> Outcome:
    holding = [(place, m) for place, m in enumerate(rules.multipliers) if held >> place & 1]
    used = holding
    if rules.stacking is Stacking.HIGHEST and holding:
        # The largest; of equal ones the first in the table, which is the one that max finds.
        used = [max(holding, key=lambda one: one[1].pct)]
    if all(m.pct == _WHOLE_PCT for _, m in used):
        used = []
    places, chosen = {place for place, _ in holding}, {place for place, _ in used}
    considered = tuple(Considered(m.code, m.pct, n in places, n in chosen) for n, m in enumerate(rules.multipliers))
    pcts = tuple(m.pct for _, m in used)
    return Outcome(considered, pcts, math.prod(pcts), _WHOLE_PCT ** len(pcts))


def _condition(multiplier: Multiplier, rules: Parameters) -> Condition:
    """Returns the multiplier's one condition as a function."""
    if multiplier.dates is not None:
        return _on_days(multiplier.dates)
    if multiplier.birthday:
        return lambda _sale, facts: facts.birthday is not None and _is_birthday(facts.birthday, facts.day, rules)
    if multiplier.tag is not None:
        tag = multiplier.tag
        return lambda sale, _facts: tag in sale.tags
    if multiplier.tier is not None:
        tier = multiplier.tier
        return lambda _sale, facts: facts.tier == tier
    paid_with = {multiplier.tender_only}
    return lambda sale, _facts: {tender.type for tender in sale.tenders or () if tender.fen > 0} == paid_with


def _on_days(spans: Sequence[tuple[date, date]]) -> Condition:
    if sum(max(0, (last - first).days + 1) for first, last in spans) > _FEW_DAYS:
        return lambda _sale, facts: any(first <= facts.day <= last for first, last in spans)
    days = frozenset(first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1))
    return lambda _sale, facts: facts.day in days


def _is_birthday(birthday: date, day: date, rules: Parameters) -> bool:
    # Nearly every day is in another month, or the month decides.
    if abs(birthday.month - day.month) > 1 or (birthday.month != day.month and birthday.day != _LEAP_DAY):
        return False
    this_year = in_year(birthday, day.year, rules.feb29)
    return this_year.month == day.month if rules.birthday_scope is BirthdayScope.MONTH else this_year == day
