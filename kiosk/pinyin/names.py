"""The name mode of the keyboard: an engine whose candidates are people's names; how they are ranked is not known here.

Holds the letters and picks of one composition and nothing else; `clear` drops them. Thread: the loop's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from kiosk.pinyin.api import MAX_LETTERS, NO_CANDIDATES, SEPARATOR, CandidatePage, check_letter
from kiosk.pinyin.lexicon import Lexicon
from kiosk.pinyin.name_search import NOTHING, NameSearch
from kiosk.pinyin.syllables import spaced


@dataclass(frozen=True, slots=True)
class _Pick:
    text: str
    letters: str


class NameEngine:
    """A `CandidateEngine` for the name field."""

    def __init__(self, search: NameSearch) -> None:
        self._search = search
        self._before = ""
        self._letters = ""
        self._picked: list[_Pick] = []
        self._just_picked = False
        self._reading = NOTHING

    @classmethod
    def load(cls) -> Self:
        """Make an engine with the package's own data; under 150 ms."""
        return cls(NameSearch(Lexicon.load()))

    @property
    def composition(self) -> str:
        """See `CandidateEngine.composition`."""
        return self._picked_text + spaced(self._reading.split, self._letters)

    def preceding(self, text: str) -> None:
        """Take what stands before the cursor: after "张" only given names are offered, after "欧" nothing but them either."""
        self._before = text
        self._refresh()

    def type(self, letter: str) -> None:
        """See `CandidateEngine.type`."""
        check_letter(letter)
        typed = len(self._letters) + sum(len(pick.letters) for pick in self._picked)
        if typed < MAX_LETTERS and (self._letters or letter != SEPARATOR):
            self._letters += letter
            self._just_picked = False
            self._refresh()

    def backspace(self) -> None:
        """See `CandidateEngine.backspace`."""
        if not self._just_picked:
            self._letters = self._letters[:-1]
        if self._picked and (self._just_picked or not self._letters):
            pick = self._picked.pop()
            self._letters = pick.letters + self._letters
            self._just_picked = bool(self._picked)
        self._refresh()

    def candidates(self, page: int, per_page: int = 8) -> CandidatePage:
        """See `CandidateEngine.candidates`."""
        start = page * per_page
        items = tuple(found.text for found in self._reading.found[start : start + per_page])
        if not items:
            return NO_CANDIDATES
        return CandidatePage(items, has_previous=page > 0, has_next=start + per_page < len(self._reading.found))

    def pick(self, index: int) -> str | None:
        """See `CandidateEngine.pick`."""
        if not 0 <= index < len(self._reading.found):
            raise IndexError("no such candidate")
        found = self._reading.found[index]
        rest = self._letters[found.letters :].lstrip(SEPARATOR)
        self._picked.append(_Pick(found.text, self._letters.removesuffix(rest)))
        self._letters = rest
        if self._letters:
            self._just_picked = True
            self._refresh()
            return None
        text = self._picked_text
        self.clear()
        return text

    def clear(self) -> None:
        """See `CandidateEngine.clear`."""
        self._before = self._letters = ""
        self._picked = []
        self._just_picked = False
        self._reading = NOTHING

    def close(self) -> None:
        """See `CandidateEngine.close`."""
        self.clear()

    @property
    def _picked_text(self) -> str:
        return "".join(pick.text for pick in self._picked)

    def _refresh(self) -> None:
        self._reading = self._search.read(self._letters, self._before + self._picked_text) if self._letters else NOTHING
