"""The names that are known and how likely each is, read from the data file; how a name is searched is not known here.

Costs are -6 ln(probability), whole numbers from 0 to 93, written in the file as one printable ASCII character each.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import NamedTuple, Self

DATA = "names.tsv"

COSTS_PER_NAT = 6
WORST = 93
_ZERO = 33


@dataclass(frozen=True, slots=True)
class Character:
    """A character under one of its readings, with its cost in each place of a given name."""

    text: str
    first: int
    second: int
    only: int


class Known(NamedTuple):
    """A name or a part of one; sorts by its cost."""

    cost: int
    text: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of the data; built once, never changed, the same for every member.

    Attributes:
        surnames: one-character surnames by syllable, likeliest first.
        compounds: two-character surnames by their two syllables.
        characters: every character by syllable.
        pairs: given names of two characters by first syllable, then second.
    """

    surnames: dict[str, tuple[Known, ...]]
    compounds: dict[tuple[str, str], tuple[Known, ...]]
    characters: dict[str, tuple[Character, ...]]
    pairs: dict[str, dict[str, str]]

    @classmethod
    def load(cls) -> Self:
        """Read the data file that is part of the package."""
        return cls.parse((resources.files(__package__) / DATA).read_text(encoding="utf-8"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read lines of kind, reading and entries, as `encode` writes them."""
        lexicon = cls({}, {}, {}, {})
        for line in text.splitlines():
            kind, _, rest = line.partition("\t")
            reading, _, entries = rest.partition("\t")
            first, _, second = reading.partition(" ")
            if kind == "surname":
                lexicon.surnames[first] = known(entries, 1)
            elif kind == "compound":
                lexicon.compounds[first, second] = known(entries, 2)
            elif kind == "character":
                lexicon.characters[first] = _characters(entries)
            elif kind == "pair":
                lexicon.pairs.setdefault(first, {})[second] = entries
        return lexicon


def known(entries: str, length: int) -> tuple[Known, ...]:
    """Decode names of `length` characters, each followed by its cost."""
    step = length + 1
    return tuple(Known(ord(entries[at + length]) - _ZERO, entries[at : at + length]) for at in range(0, len(entries), step))


def _characters(entries: str) -> tuple[Character, ...]:
    return tuple(
        Character(entries[at], ord(entries[at + 1]) - _ZERO, ord(entries[at + 2]) - _ZERO, ord(entries[at + 3]) - _ZERO)
        for at in range(0, len(entries), 4)
    )


def encode(text: str, *costs: int) -> str:
    """One entry of the data file: the text, then its costs."""
    return text + "".join(chr(_ZERO + max(0, min(WORST, cost))) for cost in costs)
