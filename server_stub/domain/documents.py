"""Reads tables of a document of plain values, as TOML and JSON give them, and collects all that is wrong, by field. Knows no field.

What a file of rewards and a file of campaigns have in common: readers of single values, texts in every language, stores, days.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from server_stub.domain.drawable import undrawable
from server_stub.domain.language import Language
from server_stub.domain.lettering import is_plain_line
from server_stub.domain.program.values import BadField, Flaw, day, identifier, text

_PICTURE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

# No form of ours has more than eight; what walks through a document calls itself once or twice a level.
_MOST_LEVELS = 32
_TOO_DEEP = "nested too deeply"

Reader = Callable[[Any], Any]


class TextFlaw(StrEnum):
    """What can be wrong with a text beside its length."""

    CANNOT_BE_DRAWN = "CANNOT_BE_DRAWN"


@dataclass(frozen=True, slots=True)
class Flawed:
    """One thing that is wrong; field e.g. ``reward[2].name.en``, counted from 1."""

    field: str
    flaw: StrEnum


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads, and collects what is wrong.

    Attributes:
        flaws: So far, in the order in which they were met.
    """

    flaws: list[Flawed] = field(default_factory=list)

    def note(self, where: str, flaw: StrEnum) -> None:
        """Notes what is wrong with a field; empty: with the whole file."""
        self.flaws.append(Flawed(where or "file", flaw))

    def fields(self, value: Any, where: str, required: Mapping[str, Reader], optional: Mapping[str, Reader]) -> dict[str, Any]:
        """Returns what could be read of an object."""
        if not isinstance(value, dict):
            self.note(where, Flaw.BAD_FIELD)
            return {}
        readers = {**required, **optional}
        prefix = f"{where}." if where else ""
        for name in required:
            if name not in value:
                self.note(prefix + name, Flaw.MISSING_FIELD)
        found = {}
        for name, part in value.items():
            if name not in readers:
                self.note(prefix + name, Flaw.UNKNOWN_FIELD)
                continue
            try:
                found[name] = readers[name](part)
            except BadField:
                self.note(prefix + name, Flaw.BAD_FIELD)
        return found

    def texts(self, value: Any, where: str, longest: int) -> dict[Language, str]:
        """Returns a text in every language; nothing where there is none at all."""
        if value is None:
            return {}
        read = {language.value: text_up_to(longest) for language in Language}
        found = self.fields(value, where, read, {})
        for name, part in found.items():
            if undrawable(part):
                self.note(f"{where}.{name}", TextFlaw.CANNOT_BE_DRAWN)
        return {Language(name): part for name, part in found.items()}


def plain_values(raw: bytes, *, is_json: bool) -> Any:
    """Returns what a file says.

    Raises:
        ValueError: It is not UTF-8, no TOML or JSON, or nested too deeply; the message names line and column where they are known.
    """
    try:
        content = raw.decode("utf-8")
        found = json.loads(content) if is_json else tomllib.loads(content)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    level = [found]
    for _ in range(_MOST_LEVELS):
        level = [part for value in level for part in _parts(value)]
    if level:
        raise ValueError(_TOO_DEEP)
    return found


def _parts(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


def as_list(value: Any) -> list[Any]:
    """Returns a list that is not empty."""
    if not isinstance(value, list) or not value:
        raise BadField
    return value


def as_found(value: Any) -> Any:
    """Returns what is looked into later, where its fields are named."""
    return {} if value is None else value


def a_day(value: Any) -> date:
    """Returns a day of TOML, or of JSON as YYYY-MM-DD."""
    if isinstance(value, datetime):
        raise BadField
    return day(value.isoformat() if isinstance(value, date) else value)


def store_ids(value: Any) -> tuple[str, ...]:
    """Returns ids of stores, each once."""
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise BadField
    return tuple(identifier(store) for store in value)


def picture(value: Any) -> str:
    """Returns the key of a picture, e.g. ``reward-rice``."""
    if not isinstance(value, str) or not _PICTURE.fullmatch(value):
        raise BadField
    return value


def text_up_to(longest: int) -> Reader:
    """Returns the reader of a printable text without blanks around it."""

    def read(value: Any) -> str:
        found = text(value)
        if len(found) > longest or not is_plain_line(found):
            raise BadField
        return found

    return read
