"""Birthdays and age: what is taken, and which day counts in a common year. Knows no benefit."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from server_stub.domain.reasons import Reason

OLDEST_YEARS = 120
ADULT_AGE = 18
GUARDIAN_BELOW_AGE = 14
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class AgeBand(StrEnum):
    """Age band that the member states first."""

    UNDER_14 = "UNDER_14"
    FROM_14_TO_17 = "14_TO_17"
    ADULT = "ADULT"


class ProofLevel(StrEnum):
    """How well the birthday is proved."""

    UNSPECIFIED = "UNSPECIFIED"
    STATED = "STATED"
    DOCUMENT = "DOCUMENT"
    DESK = "DESK"


def parse_birthday(typed: str, today: date) -> date | Reason:
    """Returns the day of ``YYYY-MM-DD``, or why it is none. ``today`` is the day in Asia/Shanghai."""
    if not _ISO_DAY.fullmatch(typed):
        return Reason.BIRTHDAY_NOT_A_DATE
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return Reason.BIRTHDAY_NOT_A_DATE
    return Reason.BIRTHDAY_IMPOSSIBLE if day > today or age_on(day, today) > OLDEST_YEARS else day


def age_on(birthday: date, day: date) -> int:
    """Returns full years; who was born on 29 February turns older on 28 February in common years (china.md 4.6)."""
    return day.year - birthday.year - (day < anniversary(birthday, day.year))


def anniversary(birthday: date, year: int) -> date:
    """Returns the day on which the birthday falls in a year."""
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age_band(birthday: date, day: date) -> AgeBand:
    """Returns the band that the birthday leads to."""
    age = age_on(birthday, day)
    if age < GUARDIAN_BELOW_AGE:
        return AgeBand.UNDER_14
    return AgeBand.FROM_14_TO_17 if age < ADULT_AGE else AgeBand.ADULT
