"""What the on-screen keyboard asks of a Chinese input engine; engines, dictionaries and widgets are not known here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MAX_LETTERS = 60
"""Letters one composition takes; a keystroke beyond it changes nothing."""

SEPARATOR = "'"
"""Typed between syllables to force a split ("xi'an")."""


class PinyinUnavailable(Exception):
    """An engine cannot be had on this machine; the message names what is missing, never what was typed."""


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One row of candidates.

    Attributes:
        items: the texts shown, at most `per_page` of them, best first; empty where nothing fits.
        has_previous: a page stands before this one.
        has_next: a page follows this one.
    """

    items: tuple[str, ...]
    has_previous: bool
    has_next: bool


NO_CANDIDATES = CandidatePage((), has_previous=False, has_next=False)


class CandidateEngine(Protocol):
    """One composition at a time, from the first letter until text is committed or wiped.

    Every method is called on the loop's thread and answers at once (p99 of a keystroke: 20 ms). An engine learns nothing from
    what is typed, writes none of it to disk and logs none of it.
    """

    @property
    def composition(self) -> str:
        """The text under work: characters picked so far, then the letters by syllable ("ou yang", "欧阳xiao ming"); "" if idle."""
        ...

    def preceding(self, text: str) -> None:
        """Tell which text stands before the cursor, so that a given name is ranked as one; forgotten by `clear`."""
        ...

    def type(self, letter: str) -> None:
        """Add one of a-z or the separator.

        Raises:
            ValueError: for anything else.
        """
        ...

    def backspace(self) -> None:
        """Undo the last pick of a part, or else remove the last letter; nothing happens while idle.

        A pick is also undone when no letter is left after it, so that there is always something to pick or nothing at all.
        """
        ...

    def candidates(self, page: int, per_page: int = 8) -> CandidatePage:
        """Give a page of candidates for the letters not yet picked, `page` from 0; an empty page past the end."""
        ...

    def pick(self, index: int) -> str | None:
        """Take a candidate by its index over all pages (page * per_page + place).

        Returns:
            The whole text once no letters are left, and the engine is idle again; None while letters remain.

        Raises:
            IndexError: where no such candidate exists.
        """
        ...

    def clear(self) -> None:
        """Wipe the composition, its candidates, and the preceding text."""
        ...

    def close(self) -> None:
        """Wipe and release everything; no other call may follow."""
        ...


def check_letter(letter: str) -> None:
    """Refuse whatever no key of the pinyin keyboard gives.

    Raises:
        ValueError: unless it is one of a-z or the separator; the message does not repeat it.
    """
    if len(letter) != 1 or not ("a" <= letter <= "z" or letter == SEPARATOR):
        raise ValueError("a pinyin key gives one of a-z or the separator")
