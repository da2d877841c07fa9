"""Breaks text into lines as Chinese and English want it. Pure: widths come from a function; knows no widget.

Kivy breaks at spaces first and then anywhere: a Chinese sentence with a number in it falls apart, and a line may begin with a
full stop. Rules here (W3C "Requirements for Chinese Text Layout", 3.1.3): no line begins with closing punctuation, none ends with
opening punctuation, numbers and words stay whole, and no text ends with a line of one or two characters or of
a single Latin word, where the same number of lines can be filled otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable

NOT_FIRST = "，。、；：？！）】》」』”’％…·,.;:?!)%"
NOT_LAST = "（【《「『“‘("
WIDOW = 2
"""A last line of this many characters or fewer is one too short."""

_WIDE = "⺀-鿿豈-﫿︰-﹏＀-￯\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{NOT_LAST}]*(?:[{_WIDE}]|[^\s{_WIDE}{NOT_FIRST}{NOT_LAST}]+(?:[.,:][0-9A-Za-z]+)*|[{NOT_FIRST}])[{NOT_FIRST}]*")

Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure) -> str:
    """Return `text` with line breaks such that no line is wider than `width`, as far as words allow.

    Args:
        text: May hold line breaks of its own, which stay.
        width: In the unit of `measure`.
        measure: Width of a piece of text on one line.
    """
    return "\n".join(_paragraph(line, width, measure) for line in text.split("\n"))


def _paragraph(text: str, width: float, measure: Measure) -> str:
    if measure(text) <= width:
        return text
    lines = _fill(text, width, measure)
    narrower = width
    while _is_widow(lines[-1].strip()) and narrower > width / 2:
        narrower -= width / 24
        again = _fill(text, narrower, measure)
        if len(again) > len(lines):
            break
        lines = again
    return "\n".join(lines)


def _is_widow(line: str) -> bool:
    """Tell whether a last line is too short: a character or two, or, of Latin words, a single one."""
    return len(line) <= WIDOW or (line.isascii() and " " not in line)


def _fill(text: str, width: float, measure: Measure) -> list[str]:
    """Put as much on each line as it takes."""
    lines = [""]
    for piece in pieces(text):
        if lines[-1] and measure(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return lines


def pieces(text: str) -> list[str]:
    """Return the parts of `text` that are never broken, with the spaces before them; joined they are `text`."""
    found, start = [], 0
    for match in _TOKEN.finditer(text):
        found.append(text[start : match.end()])
        start = match.end()
    if start < len(text):
        found.append(text[start:])
    return found
