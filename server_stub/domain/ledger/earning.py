"""What a sale earns, with every step of the decision. Pure: the same basket, facts and rules always give the same. Knows no account.

Source: till-script.md section 3.1. Whole numbers only; Python's do not overflow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from server_stub.domain.ledger.calendar import in_year
from server_stub.domain.ledger_commands import RecordSale, SaleLine
from server_stub.domain.program.choices import BirthdayScope, ExclusionOrder, RoundAt, RoundingMode, Stacking
from server_stub.domain.program.parameters import Multiplier, Parameters

_WHOLE_PCT = 100


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


@dataclass(frozen=True, slots=True)
class Earning:
    """What a sale earns and why.

    Attributes:
        total_fen: Sum of the nets of all lines (N).
        eligible_fen: Of those that are not excluded (E).
        excluded_lines: Lines that earn nothing, from 1.
        multipliers: All of the rule set, in its order.
        points: Earned (P).
    """

    total_fen: int
    eligible_fen: int
    excluded_lines: tuple[int, ...]
    multipliers: tuple[Considered, ...]
    points: int

    @property
    def applied(self) -> tuple[str, ...]:
        """Returns the codes of the multipliers that were used, in the order of the rule set."""
        return tuple(m.code for m in self.multipliers if m.used)

    @property
    def used_pcts(self) -> tuple[int, ...]:
        """Returns the percents of the multipliers that were used; their product is the sale's factor."""
        return tuple(m.pct for m in self.multipliers if m.used)


def net_fen(line: SaleLine) -> int:
    """Returns what was paid for a line."""
    return line.qty * line.unit_price_fen - line.discount_fen


def total_fen(sale: RecordSale) -> int:
    """Returns the sum of the nets of all lines."""
    return sum(net_fen(line) for line in sale.lines)


def earn(sale: RecordSale, facts: EarningFacts, rules: Parameters, multiplier_rules: Parameters) -> Earning:
    """Returns what the sale earns.

    Args:
        sale: Checked before.
        facts: Of the member.
        rules: In force when the sale is booked.
        multiplier_rules: In force when the sale occurred; only its multipliers and how they stack count.
    """
    total = total_fen(sale)
    excluded = _excluded_lines(sale, rules)
    eligible = total - sum(net_fen(sale.lines[number - 1]) for number in excluded)
    multipliers = _considered(sale, facts, multiplier_rules)
    pcts = [m.pct for m in multipliers if m.used]
    return Earning(total, eligible, excluded, multipliers, earned_points(eligible, total, pcts, rules))


def earned_points(eligible_fen: int, all_fen: int, pcts: Sequence[int], rules: Parameters) -> int:
    """Returns P of amounts (till-script 3.1, ``exclusion_order``)."""
    if rules.exclusion_order is ExclusionOrder.AFTER:
        return points_of(all_fen, pcts, rules) - points_of(all_fen - eligible_fen, pcts, rules)
    return points_of(eligible_fen, pcts, rules)


def points_of(amount_fen: int, pcts: Sequence[int], rules: Parameters) -> int:
    """Returns points(a) (till-script 3.1, ``round_at``)."""
    factor, parts = math.prod(pcts), _WHOLE_PCT ** len(pcts)
    if rules.round_at is RoundAt.BASE:
        base = rounded(amount_fen, rules.fen_per_point, rules.rounding_mode)
        return rounded(base * factor, parts, rules.rounding_mode)
    return rounded(amount_fen * factor, parts * rules.fen_per_point, rules.rounding_mode)


def rounded(dividend: int, divisor: int, mode: RoundingMode) -> int:
    """Returns the whole number that a fraction is rounded to; dividend >= 0, divisor > 0."""
    match mode:
        case RoundingMode.DOWN:
            return dividend // divisor
        case RoundingMode.HALF_UP:
            return (2 * dividend + divisor) // (2 * divisor)
        case RoundingMode.UP:
            return -(-dividend // divisor)


def _excluded_lines(sale: RecordSale, rules: Parameters) -> tuple[int, ...]:
    if set(sale.tags) & set(rules.excluded_sale_tags):
        return tuple(range(1, len(sale.lines) + 1))
    return tuple(number for number, line in enumerate(sale.lines, 1) if line.category in rules.excluded_categories)


def _considered(sale: RecordSale, facts: EarningFacts, rules: Parameters) -> tuple[Considered, ...]:
    holding = [m for m in rules.multipliers if _holds(m, sale, facts, rules)]
    used = holding
    if rules.stacking is Stacking.HIGHEST and holding:
        # The largest; of equal ones the first in the table, which is the one that max finds.
        used = [max(holding, key=lambda m: m.pct)]
    if all(m.pct == _WHOLE_PCT for m in used):
        used = []
    return tuple(Considered(m.code, m.pct, m in holding, m in used) for m in rules.multipliers)


def _holds(multiplier: Multiplier, sale: RecordSale, facts: EarningFacts, rules: Parameters) -> bool:
    """Whether the multiplier's one condition is met (till-script 3.1, Multiplier conditions)."""
    if multiplier.dates is not None:
        return any(first <= facts.day <= last for first, last in multiplier.dates)
    if multiplier.birthday:
        return facts.birthday is not None and _is_birthday(facts.birthday, facts.day, rules)
    if multiplier.tag is not None:
        return multiplier.tag in sale.tags
    if multiplier.tier is not None:
        return multiplier.tier == facts.tier
    paid_by = {tender.type for tender in sale.tenders or () if tender.fen > 0}
    return paid_by == {multiplier.tender_only}


def _is_birthday(birthday: date, day: date, rules: Parameters) -> bool:
    this_year = in_year(birthday, day.year, rules.feb29)
    return this_year.month == day.month if rules.birthday_scope is BirthdayScope.MONTH else this_year == day
