"""What a sale earns, with every step of the decision. Pure: the same basket, facts and rules always give the same. Knows no account.

Source: till-script.md section 3.1. Whole numbers only; Python's do not overflow.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

from server_stub.domain.ledger.prepared import Considered, EarningFacts, PreparedRules, points_function, prepare
from server_stub.domain.ledger_commands import RecordSale, SaleLine
from server_stub.domain.program.choices import ExclusionOrder
from server_stub.domain.program.parameters import Parameters

_WHOLE_PCT = 100


class Earning(NamedTuple):
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


def earn(sale: RecordSale, facts: EarningFacts, rules: Parameters) -> Earning:
    """Does as ``earn_prepared`` does, for rules that are used once."""
    return earn_prepared(sale, facts, prepare(rules))


def earn_prepared(sale: RecordSale, facts: EarningFacts, rules: PreparedRules, barred: Collection[int] = ()) -> Earning:
    """Returns what the sale earns.

    Args:
        sale: Checked before.
        facts: Of the member.
        rules: In force when the sale occurred.
        barred: Lines that earn nothing whatever the rules say, from 1.
    """
    total, excluded, eligible = _eligible(sale, rules, barred)
    outcome = rules.consider(sale, facts)
    factor, parts = outcome.factor, outcome.parts
    if rules.is_excluded_after:
        points = rules.points(total, factor, parts) - rules.points(total - eligible, factor, parts)
    else:
        points = rules.points(eligible, factor, parts)
    return Earning(total, eligible, excluded, outcome.considered, points)


def earned_points(eligible_fen: int, all_fen: int, pcts: Sequence[int], rules: Parameters) -> int:
    """Returns P of amounts (till-script 3.1, ``exclusion_order``)."""
    if rules.exclusion_order is ExclusionOrder.AFTER:
        return points_of(all_fen, pcts, rules) - points_of(all_fen - eligible_fen, pcts, rules)
    return points_of(eligible_fen, pcts, rules)


def points_of(amount_fen: int, pcts: Sequence[int], rules: Parameters) -> int:
    """Returns points(a) (till-script 3.1, ``round_at``)."""
    return points_function(rules)(amount_fen, math.prod(pcts), _WHOLE_PCT ** len(pcts))


def _eligible(sale: RecordSale, rules: PreparedRules, barred: Collection[int]) -> tuple[int, tuple[int, ...], int]:
    """Returns the sum of all nets, the lines that earn nothing, from 1, and the sum of the others' nets."""
    total = 0
    for line in sale.lines:
        total += line.qty * line.unit_price_fen - line.discount_fen
    if not rules.excluded_tags.isdisjoint(sale.tags):
        return total, tuple(range(1, len(sale.lines) + 1)), 0
    categories = rules.excluded_categories
    if not categories and not barred:
        return total, (), total
    excluded = [(number, line) for number, line in enumerate(sale.lines, 1) if line.category in categories or number in barred]
    return total, tuple(number for number, _ in excluded), total - sum(net_fen(line) for _, line in excluded)
