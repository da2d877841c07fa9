"""The desk's equations are true, each with the rounding that is named, and the last one leads to what the sale earned."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.explaining.arithmetic import arithmetic
from server_stub.domain.explaining.sales import DecidedSale
from server_stub.domain.ledger.earning import earned_points
from server_stub.domain.ledger.prepared import Considered
from server_stub.domain.program.parsing import parse

ROUNDED = {"down": math.floor, "half_up": lambda x: math.floor(x + Fraction(1, 2)), "up": math.ceil}


def decided(total: int, eligible: int, *pcts: int, **rules: object) -> DecidedSale:
    parameters = parse({"fen_per_point": 100} | rules)
    used = [Considered(f"M{n}", pct, holds=True, used=True) for n, pct in enumerate(pcts)]
    return DecidedSale(total, eligible, earned_points(eligible, total, pcts, parameters), used, 0, parameters)


@pytest.mark.parametrize(
    ("sale", "equations"),
    [
        (decided(12_850, 9_980), "9980 fen / 100 = 99"),
        (decided(12_850, 9_980, exclusion_order="after"), "12850 fen / 100 = 128; 2870 fen / 100 = 28; 128 - 28 = 100"),
        (decided(12_850, 12_850, 200), "12850 fen x 200% / 100 = 257"),
        (decided(12_850, 12_850, 200, round_at="base"), "12850 fen / 100 = 128; 128 x 200% = 256"),
        (
            decided(12_850, 9_980, 200, 150, round_at="base", exclusion_order="after"),
            "12850 fen / 100 = 128; 128 x 200% x 150% = 384; 2870 fen / 100 = 28; 28 x 200% x 150% = 84; 384 - 84 = 300",
        ),
    ],
    ids=["before-end", "after-end", "before-end-multiplied", "before-base", "after-base"],
)
def test_what_was_computed_is_printed(sale: DecidedSale, equations: str) -> None:
    assert arithmetic(sale).split(" (")[0] == equations


@given(data=st.data())
def test_every_equation_is_true_and_the_last_is_what_was_earned(data: st.DataObject) -> None:
    mode = data.draw(st.sampled_from(sorted(ROUNDED)))
    rules = {
        "fen_per_point": data.draw(st.integers(1, 2_000)),
        "rounding_mode": mode,
        "round_at": data.draw(st.sampled_from(["end", "base"])),
        "exclusion_order": data.draw(st.sampled_from(["before", "after"])),
    }
    total = data.draw(st.integers(0, 100_000))
    sale = decided(total, data.draw(st.integers(0, total)), *data.draw(st.lists(st.integers(101, 400), max_size=3)), **rules)
    said = arithmetic(sale)
    assert f"rounding_mode {mode}" in said
    sides = [equation.split(" = ") for equation in said.split(" (")[0].split("; ")]
    for left, right in sides:
        assert ROUNDED[mode](worth(left)) == int(right)
    assert int(sides[-1][1]) == sale.earned


def worth(left: str) -> Fraction:
    """What stands to the left of an equation, computed from left to right."""
    first, *steps = re.findall(r"([-x/]?) ?(\d+)(%?)", left.replace(" fen", ""))
    value = Fraction(int(first[1]))
    for sign, number, percent in steps:
        other = Fraction(int(number), 100 if percent else 1)
        value = value - other if sign == "-" else value * other if sign == "x" else value / other
    return value
