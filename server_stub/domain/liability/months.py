"""Calendar months: the ages of cohorts and the periods that are closed. Knows no points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_TEXT = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar in Asia/Shanghai.

    Attributes:
        number: 1 to 12.
    """

    year: int
    number: int

    def __str__(self) -> str:
        """Returns the month as ISO 8601 writes it."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def last_day(self) -> date:
        """Returns its last day."""
        return date(self.year + self.number // 12, self.number % 12 + 1, 1) - timedelta(days=1)

    def next(self) -> Month:
        """Returns the month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def age_at(self, day: date) -> int:
        """Returns how many months ago it was on a day; 0 within the month."""
        return (day.year - self.year) * 12 + day.month - self.number


def month_of(day: date) -> Month:
    """Returns the month in which a day lies."""
    return Month(day.year, day.month)


def month_from(text: str) -> Month:
    """Returns the month that a text such as ``2026-10`` names.

    Raises:
        ValueError: It names none.
    """
    found = _TEXT.fullmatch(text)
    if found is None or not int(found[1]):
        raise ValueError(f"{text!r} is no month such as 2026-10")
    return Month(int(found[1]), int(found[2]))
