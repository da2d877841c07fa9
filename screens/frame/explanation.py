"""The centre's answers to "why?" in words. Knows keys and values of a line and no reason of its own."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.ports.perks import ExplanationLine
from kiosk.texts import Phrase, TextError, Texts
from kiosk.texts.days import say_day
from kiosk.texts.money import Yuan

MOST_LINES = 3
"""Lines of an explanation; the contract sends no more."""


def say_explanation(tr: Texts, lines: Iterable[ExplanationLine]) -> list[Phrase]:
    """Return the lines in words; one of a newer service that has no text here is left out."""
    return [said for line in lines if (said := _say(tr, line)) is not None][:MOST_LINES]


def _say(tr: Texts, line: ExplanationLine) -> Phrase | None:
    try:
        said = tr(line.key, **{name: _value(tr, name, value) for name, value in line.values})
        return tr("explained.by", line=said, rules=line.rules) if line.rules else said
    except TextError:
        return None


def _value(tr: Texts, name: str, value: str) -> str | Yuan:
    """Days and amounts as the language writes them, numbers with a mark at thousands, names as they came."""
    try:
        match name:
            case "day":
                return say_day(tr, value)
            case "points" | "left":
                return f"{int(value):,}"
            case "amount":
                return Yuan(round(float(value) * 100))
            case _:
                return value
    except ValueError:
        return value
