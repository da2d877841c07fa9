"""Moments, days, months and years of till scripts, all of Asia/Shanghai (+08:00, no summer time since 1991 counts here)."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
FIRST_YEAR, LAST_YEAR = 1900, 2999
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])(Z|\+(?:[01][0-9]|2[0-3]):[0-5][0-9])")


def read_day(text: object) -> date | None:
    """Returns the day of `YYYY-MM-DD`, or None where the text is none of 1900 to 2999."""
    if not isinstance(text, str) or not _DATE.fullmatch(text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_moment(text: object) -> datetime | None:
    """Returns the moment of `YYYY-MM-DDThh:mm:ss` plus `Z` or `+hh:mm`, in Shanghai's time; None where the text is none."""
    parts = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if parts is None or not FIRST_YEAR <= int(parts[1][:4]) <= LAST_YEAR:
        return None
    try:
        return datetime.fromisoformat(parts[1] + parts[2].replace("Z", "+00:00")).astimezone(SHANGHAI)
    except ValueError:
        return None


def day_of(text: str) -> date:
    """Returns the day of a text that passed the shape checks."""
    found = read_day(text)
    assert found is not None
    return found


def moment_of(text: str) -> datetime:
    """Returns the moment of a text that passed the shape checks."""
    found = read_moment(text)
    assert found is not None
    return found


def midnight(day: date) -> datetime:
    """Returns the first second of a day."""
    return datetime.combine(day, time(), SHANGHAI)


def add_months(day: date, months: int) -> date:
    """Returns the same day some months later, the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_year(day: date, year: int, feb29: str) -> date:
    """Returns the anniversary of a day in a year; `feb29` (feb28, mar01) says where 29 Feb goes in a common year."""
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28) if feb29 == "feb28" else date(year, 3, 1)
    return day.replace(year=year)


def is_younger(birthday: date, years: int, today: date, feb29: str) -> bool:
    """True while the birthday of that age has not come."""
    return today < in_year(birthday, birthday.year + years, feb29)
