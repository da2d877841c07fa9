"""Days as the points arithmetic counts them: those of Asia/Shanghai, months clamped, 29 February moved. Knows no lot.

Source: till-script.md sections 1, 3.1 and 3.2.
"""

from __future__ import annotations

import calendar as civil
from datetime import UTC, date, datetime, time

from server_stub.domain.clock import CHINA
from server_stub.domain.program.choices import Feb29

_MONTHS = 12
_NEW_YEAR = (1, 1)


def start_of(day: date) -> datetime:
    """Returns the first moment of a day, aware, UTC; a day is [00:00:00, next 00:00:00)."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """Returns the day months later, clamped to the month's last day (till-script 3.2, rolling)."""
    ahead = day.month - 1 + months
    year, month = day.year + ahead // _MONTHS, ahead % _MONTHS + 1
    return date(year, month, min(day.day, civil.monthrange(year, month)[1]))


def in_year(day: date, year: int, feb29: Feb29) -> date:
    """Returns where a yearly day falls in a year; 29 February of common years is moved (till-script 3.1)."""
    if (day.month, day.day) == (2, 29) and not civil.isleap(year):
        return date(year, 2, 28) if feb29 is Feb29.FEB28 else date(year, 3, 1)
    return day.replace(year=year)


def next_anniversary(joined_on: date, after: date, feb29: Feb29) -> date:
    """Returns the first anniversary strictly after a day (till-script 3.2, anniversary)."""
    this_year = in_year(joined_on, after.year, feb29)
    return this_year if this_year > after else in_year(joined_on, after.year + 1, feb29)


def age_on(birthday: date, day: date, feb29: Feb29) -> int:
    """Returns full years."""
    return day.year - birthday.year - (day < in_year(birthday, day.year, feb29))


def next_new_year(day: date) -> date:
    """Returns 1 January of the year after."""
    return date(day.year + 1, *_NEW_YEAR)
