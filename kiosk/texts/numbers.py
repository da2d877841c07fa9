"""Numbers that say which way they go. Pure."""

from __future__ import annotations

from typing import Final

MINUS: Final = "–"
"""As the drawings have it; the faces lack U+2212, and a hyphen is too short beside a plus."""


def say_signed(count: int) -> str:
    """Return a number with its sign, 0 with a plus, thousands apart."""
    return f"{count:+,}".replace("-", MINUS)
