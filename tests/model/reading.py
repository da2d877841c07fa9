"""Reads the lines of a till script as JSON in which every number must be an integer literal; knows no event."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.model.reasons import Reason, Refused

LARGEST = 2**53 - 1


class NoInteger:
    """A number that is no integer literal (1.0, 1e3): good JSON, but right in no field."""


def _integer(literal: str) -> int:
    # Python refuses to read more than 4300 digits; for a script such a number is only too large.
    return int(literal) if len(literal) <= 20 else LARGEST + 1


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yields (number from 1, line) of all lines that are not blank. Only a line feed ends a line: U+2028 may stand in a string."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def read_object(line: str) -> dict[str, Any]:
    """Returns the line's JSON object.

    Raises:
        Refused: BAD_JSON where it is no JSON or no object.
    """
    try:
        found = json.loads(line, parse_int=_integer, parse_float=lambda _literal: NoInteger(), parse_constant=_constant)
    except (ValueError, RecursionError):
        raise Refused(Reason.BAD_JSON) from None
    if not isinstance(found, dict):
        raise Refused(Reason.BAD_JSON)
    return found
