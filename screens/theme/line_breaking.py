"""Breaks text into lines as Chinese and English want it. Pure: widths come from a function; knows no widget.

Kivy breaks at spaces first and then anywhere: a Chinese sentence with a number in it falls apart, and a line may begin with a
full stop. Rules here (W3C "Requirements for Chinese Text Layout", 3.1.3): no line begins with closing punctuation, none ends with
opening punctuation, numbers and words stay whole, and no text ends with a line of a few characters or of a single
Latin word, where the same number of lines can be filled otherwise, best so that each ends with a clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

NOT_FIRST = "，。、；：？！）】》」』”’％…·,.;:?!)%"
NOT_LAST = "（【《「『“‘("
WIDOW = 4
"""A last line of this many characters or fewer is one too short."""
STEPS = 12
"""Narrower widths that are tried, down to half."""

_WIDE = "⺀-鿿豈-﫿︰-﹏＀-￯\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{NOT_LAST}]*(?:[{_WIDE}]|[^\s{_WIDE}{NOT_FIRST}{NOT_LAST}]+(?:[.,:][0-9A-Za-z]+)*|[{NOT_FIRST}])[{NOT_FIRST}]*")

_HAN_JOINT = re.compile(rf"(?<=[{_WIDE}])\n(?=[^\x00-\x7f])")

Measure = Callable[[str], float]


def join_lines(text: str) -> str:
    """Return `text` on one line; words of letters keep a space between them."""
    return _HAN_JOINT.sub("", text).replace("\n", " ")


def break_own(text: str, width: float, measure: Measure) -> str:
    """Return a text of the catalogue with line breaks: those that were set by hand give way where they cost a line.

    They are set for normal type; where a line of theirs is broken again, its rest may stand alone.
    """
    by_hand = break_lines(text, width, measure)
    as_one = break_lines(join_lines(text), width, measure)
    is_broken_again = by_hand.count("\n") > text.count("\n")
    return as_one if is_broken_again and as_one.count("\n") < by_hand.count("\n") else by_hand


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
    if _is_widow(lines[-1]):
        evener = list(_narrower(text, width, measure, len(lines)))
        whole = [other for other in evener if not _is_widow(other[-1])] or evener[-1:] or [lines]
        lines = next((other for other in whole if all(line[-1] in NOT_FIRST for line in other)), whole[0])
    return "\n".join(lines)


def _narrower(text: str, width: float, measure: Measure, count: int) -> Iterator[list[str]]:
    """Yield other lines, no more than `count`, from the longest first one on."""
    for part in range(1, STEPS):
        lines = _fill(text, width * (1 - part / STEPS / 2), measure)
        if len(lines) > count:
            return
        yield lines


def _is_widow(line: str) -> bool:
    """Tell whether a last line is too short: a few characters, or, of Latin words, a single one."""
    line = line.strip()
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
