"""What of a typed text is kept: cleaned, cut to its limit, and without the numbers of people. Knows no table.

ID numbers, card numbers and phone numbers are masked before anything is stored (capabilities row 68), however they are written: in
full width, with spaces, hyphens or dots between digits, or in Chinese numerals. A text keeps its length, so that only digits change.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_STAR = "*"
# Numerals as people write or say them in numbers; each is one character, so that places stay.
_NUMERALS = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))
_GAP = r"[ \t\-.\u00b7\u2010-\u2015\u3000]?"
_NO_DIGIT_BEFORE, _NO_DIGIT_AFTER = r"(?<![0-9])", r"(?![0-9])"


def _spaced(*digits: str) -> str:
    return _GAP.join(digits)


_ID_18 = _spaced("[1-9]", *["[0-9]"] * 16, "[0-9Xx]")
_ID_15 = _spaced("[1-9]", *["[0-9]"] * 14)
_CARD = _spaced(*["[0-9]"] * 16) + rf"(?:{_GAP}[0-9]){{0,3}}"
_MOBILE = rf"(?:(?:\+|00)?86{_GAP})?" + _spaced("1", "[3-9]", *["[0-9]"] * 9)
_LANDLINE = rf"0[0-9]{{2,3}}{_GAP}" + _spaced(*["[0-9]"] * 7) + rf"(?:{_GAP}[0-9])?"
_NEIGHBOURS = rf"\+?(?:852|853|886){_GAP}" + _spaced(*["[0-9]"] * 8) + rf"(?:{_GAP}[0-9])?"
# The longest first: a phone number is not to be found inside an ID number.
_NUMBERS = re.compile(
    "|".join(f"{_NO_DIGIT_BEFORE}(?:{one}){_NO_DIGIT_AFTER}" for one in (_ID_18, _CARD, _ID_15, _MOBILE, _LANDLINE, _NEIGHBOURS))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A text as it is stored.

    Attributes:
        is_trimmed: It was longer than its limit.
        is_masked: Numbers of people were taken out of it.
    """

    text: str = field(repr=False)
    is_trimmed: bool
    is_masked: bool


def keep(typed: str, longest: int) -> Kept:
    """Returns what is kept of a text.

    Args:
        typed: As it came; any length and any characters.
        longest: Characters that are kept at most. What was cut is masked too: numbers are looked for before the cut.
    """
    clean = _cleaned(typed)
    masked = mask_numbers(clean)
    return Kept(masked[:longest].rstrip(), len(masked) > longest, masked != clean)


def mask_numbers(text: str) -> str:
    """Returns the text with the digits of ID, card and phone numbers replaced by stars, all but the last two."""
    plain = "".join(_digit_or_self(character) for character in text)
    characters = list(text)
    for found in _NUMBERS.finditer(plain):
        places = [place for place in range(*found.span()) if plain[place].isalnum()]
        for place in places[:-2]:
            characters[place] = _STAR
    return "".join(characters)


def _digit_or_self(character: str) -> str:
    if character in _NUMERALS:
        return _NUMERALS[character]
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 and folded.isascii() and folded.isalnum() else character


def _cleaned(typed: str) -> str:
    """Returns the text (NFC) without control and format characters, single spaces between words, at most one empty line."""
    lines = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = (" ".join("".join(c for c in line if _is_shown(c)).split()) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(shown)).strip()


def _is_shown(character: str) -> bool:
    # Tabs become the space that they look like; format characters turn a text around or hide digits from the mask.
    return character == "\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
