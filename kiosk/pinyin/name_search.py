"""Ranks what letters may mean as a person's name: surname first, then a given name; typing and paging are not known here.

A candidate's cost is that of its surname plus that of its given name, each from the lexicon; what the letters leave open (how they
split, how long given names are) costs extra. Everything is computed anew for each call: no trace of
what was typed stays behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from operator import attrgetter
from typing import TYPE_CHECKING

from kiosk.pinyin.lexicon import COSTS_PER_NAT, WORST, Character, Known, Lexicon, known
from kiosk.pinyin.syllables import Segment, Split, Syllables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WHOLE_SHOWN = 15
"""Candidates for all letters that are offered before those for the first syllables."""

WHOLE_BEFORE_BEGINNING = 7
"""Place of the likeliest surname alone: the last of the first row, so that a rare given name costs no paging."""

_CHARACTERS_TRIED = 24
_GIVEN_TRIED = 48

_SHORT_GIVEN = round(1.5 * COSTS_PER_NAT)
_LONG_GIVEN = 5 * COSTS_PER_NAT
_NOT_A_SURNAME = 8 * COSTS_PER_NAT
_FIRST_OF_TWO = round(1.4 * COSTS_PER_NAT)
_UNKNOWN_PAIR = round(0.6 * COSTS_PER_NAT)


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate.

    Attributes:
        text: the characters.
        letters: how many letters of the input they stand for.
    """

    text: str
    letters: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What letters may mean.

    Attributes:
        split: how the best candidate splits them; empty where nothing can be read.
        found: all candidates, best first.
    """

    split: Split
    found: tuple[Found, ...]


NOTHING = Reading((), ())


class NameSearch:
    """Searches one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._syllables = Syllables(lexicon.characters)
        self._compounds = frozenset(name.text for names in lexicon.compounds.values() for name in names)

    def read(self, letters: str, before: str) -> Reading:
        """Candidates in order: for all letters, then surnames of two characters, then every character of the first syllable.

        Args:
            letters: what was typed and not yet picked.
            before: the text in front of it, which tells whether a surname is still to come.
        """
        ranked = self._ranked_splits(letters, before)
        if not ranked:
            return NOTHING
        whole: dict[Found, int] = {}
        for names, split in ranked:
            for cost, text in names:
                whole.setdefault(Found(text, split[-1].end), cost)
        found = nsmallest(WHOLE_SHOWN, whole, key=whole.__getitem__)
        beginnings = [found for opening in dict.fromkeys(split[:2] for _, split in ranked) for found in self._beginnings(opening, before)]
        found[WHOLE_BEFORE_BEGINNING:WHOLE_BEFORE_BEGINNING] = beginnings[:1]
        return Reading(ranked[0][1], tuple(dict.fromkeys(found + beginnings)))

    def _ranked_splits(self, letters: str, before: str) -> list[tuple[list[Known], Split]]:
        readings = ((self._names(split, before), split) for split in self._syllables.splits(letters))
        return sorted((entry for entry in readings if entry[0]), key=lambda entry: entry[0][0])

    def _names(self, split: Split, before: str) -> list[Known]:
        """Best names for all syllables of a split."""
        if before:
            return self._given(split, before[-1:] if self._given_so_far(before) else "")
        found = self._joined(self._surnames(split[0]), split[1:])
        if len(split) > 1:
            found += self._joined(self._compound_surnames(split[0], split[1]), split[2:])
        return nsmallest(_GIVEN_TRIED, found)

    def _joined(self, surnames: Iterable[Known], rest: Split) -> list[Known]:
        if not rest:
            return list(surnames)
        given = self._given(rest, "")
        return [Known(cost + more, surname + name) for cost, surname in surnames for more, name in given]

    def _given_so_far(self, before: str) -> int:
        return len(before) - (2 if before[:2] in self._compounds else 1)

    # surnames

    def _surnames(self, segment: Segment) -> list[Known]:
        known_ones = nsmallest(_CHARACTERS_TRIED, self._all_surnames(segment))
        if known_ones:
            return known_ones
        return [Known(entry.first + _NOT_A_SURNAME, entry.text) for entry in self._likeliest(segment, attrgetter("first"))]

    def _all_surnames(self, segment: Segment) -> Iterator[Known]:
        for syllable in self._meant(segment, self._lexicon.surnames):
            yield from self._lexicon.surnames[syllable]

    def _compound_surnames(self, first: Segment, second: Segment) -> list[Known]:
        if first.whole and second.whole:
            return list(self._lexicon.compounds.get((first.text, second.text), ()))
        return [name for (one, two), names in self._lexicon.compounds.items() if _fits(first, one) and _fits(second, two) for name in names]

    # given names

    def _given(self, split: Split, previous: str) -> list[Known]:
        """Given names, or what continues one after `previous`."""
        if previous:
            return self._chain([Known(0, "")], split, attrgetter("second"))
        match split:
            case (only,):
                return [Known(_only_or_first(entry) + _SHORT_GIVEN, entry.text) for entry in self._likeliest(only, _only_or_first)]
            case (first, second):
                return self._two_characters(first, second)
            case (first, second, *rest):
                begun = [Known(cost + _LONG_GIVEN, text) for cost, text in self._two_characters(first, second)[:_CHARACTERS_TRIED]]
                return self._chain(begun, tuple(rest), attrgetter("second"))
        return []

    def _two_characters(self, first: Segment, second: Segment) -> list[Known]:
        best = {text: cost for cost, text in self._known_pairs(first, second)}
        ends = self._likeliest(second, attrgetter("second"))
        for one in self._likeliest(first, attrgetter("first")):
            for two in ends:
                text = one.text + two.text
                if text not in best:
                    best[text] = one.first + two.second + _UNKNOWN_PAIR
        return nsmallest(_GIVEN_TRIED, map(Known, best.values(), best.keys()))

    def _known_pairs(self, first: Segment, second: Segment) -> Iterator[Known]:
        for syllable in self._meant(first, self._lexicon.pairs):
            followers = self._lexicon.pairs[syllable]
            for follower in self._meant(second, followers):
                yield from known(followers[follower], 2)

    def _chain(self, begun: list[Known], rest: Split, cost: Callable[[Character], int]) -> list[Known]:
        for segment in rest:
            ends = self._likeliest(segment, cost)
            joined = (Known(worth + cost(entry), text + entry.text) for worth, text in begun for entry in ends)
            begun = nsmallest(_GIVEN_TRIED, joined)
        return begun

    # parts

    def _beginnings(self, opening: Split, before: str) -> list[Found]:
        """Candidates that leave letters for later: surnames of two characters, then each character of the first syllable."""
        found = []
        if not before and len(opening) > 1:
            found = [Found(text, opening[1].end) for _, text in sorted(self._compound_surnames(opening[0], opening[1]))]
        costs = {entry.text: self._cost_alone(entry, before) for entry in self._all_characters(opening[0])}
        if not before:
            costs |= {text: cost - WORST for cost, text in self._all_surnames(opening[0])}
        return found + [Found(text, opening[0].end) for text in sorted(costs, key=costs.__getitem__)]

    def _cost_alone(self, entry: Character, before: str) -> int:
        return entry.second if before and self._given_so_far(before) else _only_or_first(entry)

    def _all_characters(self, segment: Segment) -> Iterator[Character]:
        for syllable in self._meant(segment, self._lexicon.characters):
            yield from self._lexicon.characters[syllable]

    def _likeliest(self, segment: Segment, cost: Callable[[Character], int]) -> list[Character]:
        return nsmallest(_CHARACTERS_TRIED, self._all_characters(segment), key=cost)

    @staticmethod
    def _meant(segment: Segment, known_syllables: Iterable[str]) -> list[str]:
        """Syllables of a dictionary that a segment stands for."""
        if segment.whole:
            return [segment.text] if segment.text in known_syllables else []
        return [syllable for syllable in known_syllables if syllable.startswith(segment.text)]


def _fits(segment: Segment, syllable: str) -> bool:
    return syllable == segment.text if segment.whole else syllable.startswith(segment.text)


def _only_or_first(entry: Character) -> int:
    return min(entry.only, entry.first + _FIRST_OF_TWO)
