"""Names of people: what is taken, how it is kept and how it is shown. Never converted between scripts."""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import files

from server_stub.domain.control_characters import holds_control_character
from server_stub.domain.reasons import Reason

MAX_LENGTH = 50
MIDDLE_DOT = "\u00b7"
# What keyboards and documents put where the middle dot of a transcribed name belongs (china.md 4.1).
_DOTS = dict.fromkeys(map(ord, "\u2022\u2027\u2219\u22c5\u30fb\uff65\u00b7\u0387\u2e31\uff0e\u2024"), MIDDLE_DOT)
_PUNCTUATION = frozenset("-'’.· ")
# Letters by their category that nobody sees: the fillers of Hangul.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
# No script of a name sets more on one letter; more is drawn over the lines above.
_MOST_MARKS = 3


def parse_name(typed: str) -> str | Reason:
    """Returns the name as kept (NFC, dots folded to U+00B7, single spaces), or why it is none.

    Digits of any script are refused; characters beyond the BMP are taken (GB 18030-2022 names need them).
    """
    name = " ".join(unicodedata.normalize("NFC", typed).translate(_DOTS).split())
    if not name:
        return Reason.FIELD_REQUIRED
    if holds_control_character(typed):
        return Reason.FIELD_CHARACTERS
    if len(name) > MAX_LENGTH:
        return Reason.FIELD_TOO_LONG
    if any(unicodedata.category(c) in {"Nd", "No"} for c in name):
        return Reason.NAME_DIGITS
    if not all(_may_stand_in_name(c) for c in name) or not any(c.isalpha() for c in name):
        return Reason.FIELD_CHARACTERS
    return name if _has_marks_in_place(name) else Reason.FIELD_CHARACTERS


def _has_marks_in_place(name: str) -> bool:
    """Returns whether no mark stands first and no pile of them on one letter; a few that NFC cannot compose are right in some languages."""
    kinds = "".join("m" if unicodedata.category(c).startswith("M") else "." for c in name)
    return not kinds.startswith("m") and "m" * (_MOST_MARKS + 1) not in kinds


def _may_stand_in_name(character: str) -> bool:
    # Lo and the letter categories hold no emoji (So, Sk); Nl holds 〇 (U+3007), which occurs in names.
    is_letter = unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nl"} and character not in _UNSEEN
    return is_letter or character in _PUNCTUATION


def mask_name(name: str) -> str:
    """Returns the name as it may be shown: 欧阳**, 王**, 买买提·***, ``Mary ***``; empty for an empty name.

    The number of stars says nothing about the length of what they hide.
    """
    parts = name.replace(MIDDLE_DOT, " ").split()
    if not parts:
        return ""
    if len(parts) > 1:
        return f"{parts[0]}{MIDDLE_DOT if MIDDLE_DOT in name else ' '}***"
    return f"{name[0]}***" if name[0].isascii() else f"{surname(name)}**"


def surname(name: str) -> str:
    """Returns the surname of a Chinese name, one or two characters."""
    return name[:2] if len(name) > 2 and name[:2] in _compound_surnames() else name[:1]


@functools.cache
def _compound_surnames() -> frozenset[str]:
    lines = files("server_stub.domain").joinpath("compound_surnames.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(lines[1:])
