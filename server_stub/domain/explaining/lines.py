"""A line of an explanation, and how amounts, days and factors are written in one. Knows no language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

MOST_LINES = 3
TIMES = " × "


@dataclass(frozen=True, slots=True)
class Line:
    """A text by its key, with the values of its variables.

    Attributes:
        variables: Texts; ``tier`` and ``multiplier`` hold keys of the rules, which are shown by the name that the rules give them;
            several multipliers stand with TIMES between them.
        rules: Version of the rules that say so, with the first line of an explanation; empty elsewhere.
    """

    key: str
    variables: Mapping[str, str] = field(default_factory=dict)
    rules: str = ""


def three(lines: Iterable[Line | None]) -> tuple[Line, ...]:
    """Returns the first three lines that there are."""
    return tuple(line for line in lines if line is not None)[:MOST_LINES]


def by_rules(lines: tuple[Line, ...], version: str) -> tuple[Line, ...]:
    """Returns an explanation that names the rules it follows. That takes no line: three are few enough."""
    return (replace(lines[0], rules=version), *lines[1:]) if lines else ()


def yuan(fen: int) -> str:
    """Returns an amount as yuan with two places, e.g. ``12.30``."""
    return f"{fen // 100}.{fen % 100:02d}"


def factor(*pcts: int) -> str:
    """Returns percents that are multiplied as one factor, exact and without idle zeros, e.g. ``1.515`` of 101 and 150."""
    product = math.prod((Decimal(pct) / 100 for pct in pcts), start=Decimal(1))
    return f"{product.normalize():f}"


def iso(day: date) -> str:
    """Returns a day as YYYY-MM-DD; who shows it writes it in the language's own way."""
    return day.isoformat()
