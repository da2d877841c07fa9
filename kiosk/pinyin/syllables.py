"""Splits unspaced letters into syllables of pinyin, v written for ü; characters and ranking are not known here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.pinyin.api import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable

SPLITS_KEPT = 8
"""Ways to split that are followed; the rest have more syllables than these."""

_LONGEST = 6

_OTHER_SPELLINGS = {"lyu": "lv", "nyu": "nv", "lue": "lve", "nue": "nve"}
"""As passports and many keyboards write ü."""

_INITIALS = frozenset({*"bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh"})


@dataclass(frozen=True, slots=True)
class Segment:
    """One syllable, or the beginning of one.

    Attributes:
        text: the syllable in the dictionary's spelling, or its first letters.
        end: letters of the input used up to and including this one.
        whole: it is a syllable as it stands; else it stands for every syllable that begins so.
    """

    text: str
    end: int
    whole: bool


Split = tuple[Segment, ...]


class Syllables:
    """The syllables that a dictionary has characters for."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._beginnings = frozenset(syllable[:length] for syllable in self._known for length in range(1, len(syllable)))

    def splits(self, letters: str) -> list[Split]:
        """Ways to read the letters, fewest syllables first.

        The last syllable may be unfinished where the letters cannot be whole syllables ("lixiaom"). Where that is no way either
        ("zhgm"), initials may stand for syllables anywhere; and where there is still none ("zhangvv"), the
        longest beginning that can be read is. Separators force an end of a syllable.
        """
        plain = self._paths(letters, abbreviated=False)
        if plain[-1]:
            return plain[-1]
        initials = self._paths(letters, abbreviated=True)
        if initials[-1]:
            return initials[-1]
        return next((found for paths in (plain, initials) for found in reversed(paths) if found), [])

    def _paths(self, letters: str, *, abbreviated: bool) -> list[list[Split]]:
        """Best splits that end at each place of the letters."""
        paths: list[list[Split]] = [[] for _ in range(len(letters) + 1)]
        paths[0] = [()]
        for start in range(len(letters)):
            kept = paths[start] = sorted(paths[start], key=len)[:SPLITS_KEPT]
            if kept and letters[start] == SEPARATOR:
                paths[start + 1] += kept
            elif kept:
                for segment in self._segments(letters, start, abbreviated=abbreviated):
                    paths[segment.end] += [(*split, segment) for split in kept]
        paths[0] = []
        best = sorted(paths[-1], key=_unlikeliness)[:SPLITS_KEPT]
        paths[-1] = [split for split in best if _unfinished(split) == _unfinished(best[0])]
        return paths

    def _segments(self, letters: str, start: int, *, abbreviated: bool) -> list[Segment]:
        found = []
        for end in range(start + 1, min(start + _LONGEST, len(letters)) + 1):
            text = letters[start:end]
            if SEPARATOR in text:
                break
            text = _OTHER_SPELLINGS.get(text, text)
            if text in self._known:
                found.append(Segment(text, end, whole=True))
            elif text in self._beginnings and (end == len(letters) or (abbreviated and text in _INITIALS)):
                found.append(Segment(text, end, whole=False))
        return found


def spaced(split: Split, letters: str) -> str:
    """Letters as typed, with a space between syllables and ü for v: "lv xiao ming" is shown as "lü xiao ming"."""
    places = [0, *(segment.end for segment in split)]
    parts = [letters[start:end].strip(SEPARATOR) for start, end in zip(places, [*places[1:], len(letters)], strict=True)]
    return " ".join(part.replace("v", "ü") for part in parts if part)


def _unfinished(split: Split) -> int:
    return sum(not segment.whole for segment in split)


def _unlikeliness(split: Split) -> tuple[int, int]:
    return _unfinished(split), len(split)
