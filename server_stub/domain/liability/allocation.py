"""Divides what was paid for goods between the goods and the points that came with them. Pure; knows no member.

Rounding: half up (away from zero), stated here once. A sale's share is kept in millionths of a fen, so that a million sales are off by
half a fen at most; sums become whole fen when they are reported, and what happened between two reports is the difference of rounded
sums, so that every column adds up.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from server_stub.domain.liability.rules import Price

MICRO = 1_000_000
"""Millionths of a fen in a fen."""


def rounded(exact: Fraction) -> int:
    """Returns the nearest whole number; halves go away from zero."""
    return floor(exact + Fraction(1, 2)) if exact >= 0 else -rounded(-exact)


def deferred_share(sale_fen: int, points: int, price: Price) -> Fraction:
    """Returns the part of a sale, in fen, that is deferred until its points are used (IFRS 15.74, by relative stand-alone price).

    Args:
        sale_fen: What was paid, with tax; the goods' stand-alone selling price too. At least 0.
        points: Points earned by the sale, above 0.
        price: In force on the day of the sale.
    """
    net = sale_fen * price.untaxed_share
    of_points = points * price.fen_per_point
    return net * of_points / (net + of_points)


def deferred_micro(sale_fen: int, points: int, price: Price) -> int:
    """Returns the same in millionths of a fen, rounded."""
    return rounded(deferred_share(sale_fen, points, price) * MICRO)


def taken_back_micro(allocated_micro: int, points: int, returned: int) -> int:
    """Returns how much of a sale's deferred share ends because points were taken back, at the rate of the sale itself.

    Args:
        allocated_micro: The share as it was on the day of the sale.
        points: Points earned by the sale, above 0.
        returned: Points taken back so far in total, 0 to points; the last return takes the remainder.
    """
    return rounded(Fraction(allocated_micro * returned, points))


def whole_fen(micro: int) -> int:
    """Returns millionths of a fen as fen, rounded."""
    return rounded(Fraction(micro, MICRO))
