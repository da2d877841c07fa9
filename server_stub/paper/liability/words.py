"""The words of the report, from a data file. Knows no figures."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Words:
    """One thing in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Returns both."""
        return f"{self.zh} {self.en}"


@functools.cache
def load_words() -> Mapping[str, Words]:
    """Returns the words by ``table.name``."""
    tree = tomllib.loads(files("server_stub.paper.liability").joinpath("words.toml").read_text("utf-8"))
    return {f"{table}.{name}": Words(*both) for table, names in tree.items() for name, both in names.items()}


def all_characters() -> Iterator[str]:
    """Yields every character that the words need."""
    for words in load_words().values():
        yield from str(words)
