"""How alike two people are: name, birthday and address, from 0 to 100. Knows no database and no threshold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared; empty or None where it is not known."""

    name: str = field(repr=False)
    birthday: date | None = field(default=None, repr=False)
    district_code: str = ""
    address_detail: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the parts and the least weight that makes a score meaningful."""

    name: int
    birthday: int
    address: int
    minimum: int


def folded(text: str) -> str:
    """Returns text for comparison: compatibility forms, case, spaces and punctuation do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN")


def score(one: Likeness, other: Likeness, weights: Weights) -> int:
    """Returns the likeness from 0 to 100; 0 where too little is known of both."""
    parts = [
        (weights.name, _names(one.name, other.name) if one.name and other.name else None),
        (weights.birthday, _birthdays(one.birthday, other.birthday) if one.birthday and other.birthday else None),
        (weights.address, _addresses(one, other) if one.address_detail and other.address_detail else None),
    ]
    known = [(weight, value) for weight, value in parts if value is not None]
    weight = sum(w for w, _ in known)
    return round(sum(w * value for w, value in known) / weight) if weight >= max(weights.minimum, 1) else 0


def _names(one: str, other: str) -> int:
    return round(100 * SequenceMatcher(None, folded(one), folded(other), autojunk=False).ratio())


def _birthdays(one: date, other: date) -> int:
    if one == other:
        return 100
    digits = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    swapped = one.year == other.year and (one.month, one.day) == (other.day, other.month)
    return 70 if digits == 1 or swapped else 0


def _addresses(one: Likeness, other: Likeness) -> int:
    if one.district_code != other.district_code:
        return 0
    return round(100 * SequenceMatcher(None, folded(one.address_detail), folded(other.address_detail), autojunk=False).ratio())
