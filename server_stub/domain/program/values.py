"""Readers of single values of a rule file or a till script: they take what is right and say what is not. Knows no field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from server_stub.domain.program.limits import LONGEST_TEXT, MOST

Choice = TypeVar("Choice", bound=StrEnum)

FIRST_YEAR, LAST_YEAR = 1900, 2999
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Flaw(StrEnum):
    """What can be wrong with the fields of a document, the gravest first."""

    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"


class BadField(Exception):
    """A value has the wrong type or lies outside its range, or the names of an object are not those that it must have.

    Attributes:
        flaw: What is wrong.
        field: Where, e.g. ``lines.qty``; empty where the caller knows it.
        every: This one and what else is wrong in the same document, in its order.
    """

    def __init__(self, flaw: Flaw = Flaw.BAD_FIELD, field: str = "") -> None:
        super().__init__(f"{field}: {flaw.value}")
        self.flaw = flaw
        self.field = field
        self.every: tuple[BadField, ...] = (self,)


def whole(value: Any, least: int = -MOST, most: int = MOST) -> int:
    """Returns a whole number in the range, both ends inclusive; a boolean is none, nor is 1.0.

    Raises:
        BadField: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadField
    return value


def truth(value: Any) -> bool:
    """Returns a boolean.

    Raises:
        BadField: It is none.
    """
    if not isinstance(value, bool):
        raise BadField
    return value


def text(value: Any) -> str:
    """Returns a string of 1 to 200 characters; half a surrogate pair is none, and NUL can be stored in no database.

    Raises:
        BadField: It is none.
    """
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT or _UNSTORABLE.search(value):
        raise BadField
    return value


def identifier(value: Any) -> str:
    """Returns an id: 1 to 64 of ``A-Z a-z 0-9 . _ : -``.

    Raises:
        BadField: It is none.
    """
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadField
    return value


def day(value: Any) -> date:
    """Returns the day of ``YYYY-MM-DD``, years 1900 to 2999.

    Raises:
        BadField: It is none.
    """
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise BadField
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise BadField from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadField
    return found


def one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    """Returns a reader of a closed choice."""

    def read(value: Any) -> Choice:
        if not isinstance(value, str) or value not in {choice.value for choice in choices}:
            raise BadField
        return choices(value)

    return read


def between(least: int, most: int = MOST) -> Callable[[Any], int]:
    """Returns a reader of a whole number in the range, both ends inclusive."""
    return lambda value: whole(value, least, most)
