"""What is typed on the command line, read as days and whole numbers; says in words what was expected. Knows no command."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}")
# What both databases can hold and compare; a larger one ends deep inside them.
LARGEST = 2**63 - 1


def day(text: str) -> date:
    """Returns the day that is written as YYYY-MM-DD.

    Raises:
        ArgumentTypeError: It is written otherwise, or the calendar has no such day.
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-01-31")


def number(least: int = -LARGEST, most: int = LARGEST) -> Callable[[str], int]:
    """Returns a reader of whole numbers, both bounds included; it raises ArgumentTypeError with the range."""
    what = f"a whole number from {least} to {most}"

    def read(text: str) -> int:
        value = int(text) if _NUMBER.fullmatch(text) else None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is not {what}")
        return value

    return read
