"""Reads words into arguments; words that make no command become an error, so that programs hear of it in JSON too. Knows no command."""

from __future__ import annotations

import argparse
from itertools import takewhile
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

_JSON = "--json"
_SHORTEST = "--j"


class Misused(Exception):
    """Words make no command.

    Attributes:
        message: What is wrong with them, in argparse's words.
    """

    def __init__(self, parser: argparse.ArgumentParser, message: str) -> None:
        super().__init__(message)
        self.message = message
        self._parser = parser

    def leave(self) -> NoReturn:
        """Says usage and message on the error stream as argparse does, and ends with its exit code."""
        argparse.ArgumentParser.error(self._parser, self.message)


class Parser(argparse.ArgumentParser):
    """A parser that raises `Misused`; so do the parsers of its commands.

    Raises:
        Misused: the words make no command.
    """

    def error(self, message: str) -> NoReturn:
        """Raises it."""
        raise Misused(self, message)


def asks_for_json(words: Sequence[str]) -> bool:
    """Returns whether JSON is asked for, also among words that make no command; the option may be shortened."""
    options = takewhile(lambda word: word != "--", words)
    return any(word.startswith(_SHORTEST) and _JSON.startswith(word) for word in options)
