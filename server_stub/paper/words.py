"""Words of papers in Chinese and in English, from data files. Knows no paper."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
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


def read_words(package: str) -> Mapping[str, Words]:
    """Returns the words of a package's ``words.toml`` by ``table.name``."""
    tree = tomllib.loads(files(package).joinpath("words.toml").read_text("utf-8"))
    return {f"{table}.{name}": Words(*both) for table, names in tree.items() for name, both in names.items()}
