"""What a value of a script may look like: small checks that are put together to the shapes of events and parameters.

A check takes a value and returns the reasons that speak against it: some of UNKNOWN_FIELD, MISSING_FIELD, BAD_FIELD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.model.days import read_day, read_moment
from tests.model.reading import LARGEST
from tests.model.reasons import Reason

Check = Callable[[Any], set[Reason]]
ORDER = (Reason.UNKNOWN_FIELD, Reason.MISSING_FIELD, Reason.BAD_FIELD)
_IDENT = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def where(test: Callable[[Any], bool]) -> Check:
    """A value that passes the test; anything else is BAD_FIELD."""
    return lambda value: set() if test(value) else {Reason.BAD_FIELD}


def is_ident(value: object) -> bool:
    """True for an id: 1 to 64 of letters, digits, dot, underscore, colon and hyphen."""
    return isinstance(value, str) and _IDENT.fullmatch(value) is not None


ident = where(is_ident)
text = where(lambda value: isinstance(value, str) and 1 <= len(value) <= 200)
any_text = where(lambda value: isinstance(value, str))
truth = where(lambda value: isinstance(value, bool))
day = where(lambda value: read_day(value) is not None)
moment = where(lambda value: read_moment(value) is not None)


def integer(least: int = -LARGEST, most: int = LARGEST) -> Check:
    """An integer literal within a range; True and False are none."""
    return where(lambda value: type(value) is int and least <= value <= most)


def one_of(*names: str) -> Check:
    """One of some strings."""
    return where(lambda value: isinstance(value, str) and value in names)


def nullable(check: Check) -> Check:
    """null, or what the check allows."""
    return lambda value: set() if value is None else check(value)


def several(check: Check, least: int = 0, most: int = LARGEST) -> Check:
    """A list of a length within a range, each member as the check allows."""

    def reasons(value: Any) -> set[Reason]:
        if not isinstance(value, list):
            return {Reason.BAD_FIELD}
        found = union(check(item) for item in value)
        return found if least <= len(value) <= most else found | {Reason.BAD_FIELD}

    return reasons


def table(is_key: Callable[[str], bool], check: Check) -> Check:
    """An object with free keys; a key that is none is BAD_FIELD, for it is no field."""

    def reasons(value: Any) -> set[Reason]:
        if not isinstance(value, dict):
            return {Reason.BAD_FIELD}
        return union(check(item) if is_key(key) else {Reason.BAD_FIELD} for key, item in value.items())

    return reasons


def record(required: dict[str, Check], optional: dict[str, Check] | None = None, also: Check | None = None) -> Check:
    """An object with these fields; `also` looks at the whole, whose fields may be missing or bad."""
    fields = required | (optional or {})

    def reasons(value: Any) -> set[Reason]:
        if not isinstance(value, dict):
            return {Reason.BAD_FIELD}
        found = union(fields[name](item) for name, item in value.items() if name in fields)
        found |= {Reason.UNKNOWN_FIELD} if value.keys() - fields.keys() else set()
        found |= {Reason.MISSING_FIELD} if required.keys() - value.keys() else set()
        return found | (also(value) if also else set())

    return reasons


def union(sets: Iterable[set[Reason]]) -> set[Reason]:
    """All reasons of all sets."""
    return set().union(*sets)


def first(reasons: set[Reason]) -> Reason | None:
    """Returns the one that is reported: unknown before missing before bad."""
    return next((reason for reason in ORDER if reason in reasons), None)
