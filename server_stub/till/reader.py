"""Reads a till script: JSON Lines in UTF-8, in which every number is a whole one. Knows no op and no field.

Source: till-script.md; RFC 8259. A name that occurs twice in one object is refused, because readers differ on which one counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from server_stub.domain.program.limits import MOST

_BLANK = " \t\r\n"
_BOM = "\ufeff"
# More digits than any number that is taken; Python itself refuses to read more than 4300.
_DIGITS = 20


class UnreadableScript(Exception):
    """The script is no text in UTF-8, or cannot be read at all."""


class NotWhole:
    """Stands for a number that is not written as a whole one, or is too large: good JSON, but right in no field."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    Attributes:
        number: Counts all lines from 1, blank ones too.
        document: The object; None where the line is none.
    """

    number: int
    document: dict[str, Any] | None


def read_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """Returns the lines as they come; only a line feed ends a line.

    Raises:
        UnreadableScript: A line is not UTF-8.
    """
    for number, line in enumerate(lines, 1):
        text = _decoded(line, number)
        if text.strip(_BLANK):
            yield Line(number, _document(text))


def _decoded(line: bytes, number: int) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableScript(f"line {number} is not UTF-8") from error
    return text.removeprefix(_BOM) if number == 1 else text


def _document(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(
            text,
            object_pairs_hook=_once_each,
            parse_int=_whole,
            parse_float=lambda _literal: NotWhole(),
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _whole(literal: str) -> int | NotWhole:
    number = int(literal) if len(literal) <= _DIGITS else None
    return NotWhole() if number is None or abs(number) > MOST else number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
