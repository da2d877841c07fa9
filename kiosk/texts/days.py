"""Days in words of the language, for screens and slips alike. Pure."""

from __future__ import annotations

from datetime import date
from typing import Protocol

SOON_DAYS = 60
"""What ends within so many days is marked."""


class Words(Protocol):
    """Says a text of the catalogue in one language."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of `key` with `values` filled in."""
        ...


def say_day(words: Words, iso: str) -> str:
    """Return a day in words, with its year: 2026年12月25日, 25 Dec 2026.

    Raises:
        ValueError: `iso` is no day as YYYY-MM-DD.
    """
    day = date.fromisoformat(iso)
    return words("date.full", year=day.year, month=words(f"month.{day.month}"), day=day.day)


def say_short_day(words: Words, iso: str) -> str:
    """Return month and day in words, for a day within the year: 12月25日, 25 Dec.

    Raises:
        ValueError: `iso` is no day as YYYY-MM-DD.
    """
    day = date.fromisoformat(iso)
    return words("date.short", month=words(f"month.{day.month}"), day=day.day)


def say_near_day(words: Words, iso: str, today: date) -> str:
    """Return a day in words, without its year where it is this one; "" for no day.

    Raises:
        ValueError: `iso` is no day as YYYY-MM-DD.
    """
    if not iso:
        return ""
    return say_short_day(words, iso) if date.fromisoformat(iso).year == today.year else say_day(words, iso)


def is_soon(iso: str, today: date) -> bool:
    """Return whether a last day is near, or over; no day, "", is not.

    Raises:
        ValueError: `iso` is no day as YYYY-MM-DD.
    """
    return bool(iso) and (date.fromisoformat(iso) - today).days <= SOON_DAYS


def say_moment(words: Words, moment: str) -> str:
    """Return a day in words and the time behind it, as far as it is told: 2026年12月25日 14:26.

    Raises:
        ValueError: `moment` does not begin with a day as YYYY-MM-DD.
    """
    day, _, clock = moment.partition(" ")
    return f"{say_day(words, day)} {clock}".rstrip()
