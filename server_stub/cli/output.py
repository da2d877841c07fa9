"""What a command prints: tables for people, JSON for programs, and the exit codes. Knows no command."""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import asdict, is_dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WIDE = {"W", "F"}


class Exit(IntEnum):
    """Exit codes; 2 is argparse's own for wrong usage."""

    GOOD = 0
    FOUND_WRONG = 1
    USAGE = 2
    REFUSED = 3
    NOT_SET_UP = 4


class Printer:
    """Prints in the form that was asked for. `notice` goes to the error stream, so that it spoils no JSON."""

    def __init__(self, *, as_json: bool, mark: str = "") -> None:
        self._as_json = as_json
        self._mark = mark
        self._beside: dict[str, Any] = {}

    def marked(self, mark: str) -> Printer:
        """Returns a printer that puts the mark before every line."""
        printer = Printer(as_json=self._as_json, mark=mark)
        printer._beside = self._beside
        return printer

    @property
    def prints_json(self) -> bool:
        """Returns whether a program reads what is printed."""
        return self._as_json

    def record(self, values: Any) -> None:
        """Prints one thing."""
        plain = _plain(values)
        if self._as_json:
            self._write(json.dumps({**self._json_mark(), **plain}, ensure_ascii=False, indent=1))
            return
        width = max((_columns(name) for name in plain), default=0)
        for name, value in plain.items():
            self.line(f"{name}{' ' * (width - _columns(name))}  {_cell(value)}")

    def table(self, rows: Iterable[Any], columns: Sequence[str]) -> None:
        """Prints many things, the named columns in that order."""
        plain = [_plain(row) for row in rows]
        if self._as_json:
            self._write(json.dumps({**self._json_mark(), "items": plain}, ensure_ascii=False, indent=1))
            return
        cells = [list(columns), *([_cell(row.get(name)) for name in columns] for row in plain)]
        widths = [max(_columns(row[place]) for row in cells) for place in range(len(columns))]
        for row in cells:
            self.line("  ".join(text + " " * (width - _columns(text)) for text, width in zip(row, widths, strict=True)).rstrip())

    def present(self, values: Any) -> None:
        """Prints how the thing stands that the coming fault is about; for programs it is ``present`` of the fault's object."""
        if self._as_json:
            self._beside["present"] = _plain(values)
        else:
            self.record(values)

    def line(self, text: str) -> None:
        """Prints a line for people; nothing where JSON is asked for."""
        if not self._as_json:
            self._write(f"{self._mark}{text}")

    def notice(self, text: str) -> None:
        """Prints a line to the error stream."""
        sys.stderr.write(f"{self._mark}{text}\n")

    def fault(self, kind: str, text: str, values: Mapping[str, Any]) -> None:
        """Says in one line of the error stream why a command came to nothing, and prints an object where JSON is asked for.

        Args:
            kind: What sort of fault it is, e.g. ``refused``.
            text: One line for people.
            values: The same for programs; with the stable code as ``reason``.
        """
        self.fault_for_programs(kind, text, values)
        self.notice(f"{kind}: {text}")

    def fault_for_programs(self, kind: str, text: str, values: Mapping[str, Any]) -> None:
        """Prints the object alone, in one line: after what a command prints line by line it is one more."""
        if self._as_json:
            self._write(json.dumps({"failed": kind, "text": text, **self._json_mark(), **values, **self._beside}, ensure_ascii=False))

    def _json_mark(self) -> dict[str, str]:
        return {"notice": self._mark.strip()} if self._mark else {}

    @staticmethod
    def _write(text: str) -> None:
        print(text, flush=True)


def _plain(value: Any) -> Mapping[str, Any]:
    found = asdict(value) if is_dataclass(value) and not isinstance(value, type) else dict(value)
    return {name: _json_value(part) for name, part in found.items()}


def _json_value(value: Any) -> Any:
    match value:
        case bytes():
            return value.hex()
        case dict():
            return {str(name): _json_value(part) for name, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_json_value(part) for part in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _cell(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_cell(part) for part in value) or "-"
        case dict():
            return ", ".join(f"{name}={_cell(part)}" for name, part in value.items())
        case _:
            # Control characters of members' texts must not steer the terminal.
            return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)
