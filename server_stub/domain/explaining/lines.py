"""A line of an explanation, and how amounts, days and factors are written in one. Knows no language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A text by its key, with the values of its variables.

    Attributes:
        variables: Texts; ``tier`` and ``multiplier`` hold keys of the rules, which are shown by the name that the rules give them.
    """

    key: str
    variables: Mapping[str, str] = field(default_factory=dict)


def three(lines: Iterable[Line | None]) -> tuple[Line, ...]:
    """Returns the first three lines that there are."""
    return tuple(line for line in lines if line is not None)[:MOST_LINES]


def yuan(fen: int) -> str:
    """Returns an amount as yuan with two places, e.g. ``12.30``."""
    return f"{fen // 100}.{fen % 100:02d}"


def factor(pct: int) -> str:
    """Returns a percent as a factor without idle zeros, e.g. ``1.5``."""
    return f"{pct / 100:g}"


def iso(day: date) -> str:
    """Returns a day as YYYY-MM-DD; who shows it writes it in the language's own way."""
    return day.isoformat()
