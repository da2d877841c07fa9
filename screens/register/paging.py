"""Divides a long text into pages that fit: at paragraphs, else at sentences, else anywhere. Pure; knows no toolkit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Fits = Callable[[str], bool]

PARAGRAPH = "\n\n"
_SENTENCE = re.compile(r"(?<=[。！？；])|(?<=[.!?;])(?<!\b\d\.)(?<!\b\d\d\.)\s+")
"""Ends of sentences; the number of a paragraph ("3.") is none, so that it never stands alone at the end of a page."""


def pages_of(text: str, fits: Fits) -> list[str]:
    """Return the pages of `text`, at least one; joined they hold every word of it in order.

    Args:
        text: Paragraphs divided by an empty line.
        fits: Tells whether a text fits on one page; a longer text never fits where a shorter did not.
    """
    pages = [""]
    for paragraph in text.split(PARAGRAPH):
        joined = f"{pages[-1]}{PARAGRAPH}{paragraph}" if pages[-1] else paragraph
        if fits(joined):
            pages[-1] = joined
        else:
            _spread(pages, paragraph, fits)
    return pages


def _spread(pages: list[str], paragraph: str, fits: Fits) -> None:
    """Put a paragraph piece by piece where there is room: on the rest of the page, then on new ones."""
    gap = PARAGRAPH if pages[-1] else ""
    for piece in _pieces(paragraph, fits):
        if fits(pages[-1] + gap + piece):
            pages[-1] += gap + piece
        else:
            pages.append(piece)
        gap = ""


def _pieces(paragraph: str, fits: Fits) -> Iterator[str]:
    for sentence in _sentences(paragraph):
        rest = sentence
        while rest and not fits(rest):
            length = max(1, len(rest) // 2)
            while length > 1 and not fits(rest[:length]):
                length //= 2
            yield rest[:length]
            rest = rest[length:]
        if rest:
            yield rest


def _sentences(paragraph: str) -> Iterator[str]:
    start = 0
    for match in _SENTENCE.finditer(paragraph):
        yield paragraph[start : match.end()]
        start = match.end()
    yield paragraph[start:]
