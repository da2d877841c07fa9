"""How wide a text is and of what it is made, as far as screens and paper ask. Knows no field and no limit."""

from __future__ import annotations

import re
import unicodedata

_HAN = re.compile("[\u3400-\u9fff]")


def width_of(text: str) -> int:
    """Returns how many letters wide a text is: a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def holds_han(text: str) -> bool:
    """Returns whether a Chinese character is in it."""
    return _HAN.search(text) is not None


def is_plain_line(text: str) -> bool:
    """Returns whether it is one line without blanks around it and without what nobody sees: control, direction, no width."""
    return text.isprintable() and text == text.strip()
