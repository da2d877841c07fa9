"""The line of a slip that says whose it is, as far as that may be shown. Knows no kind of slip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kiosk.paper.blocks import Block, Pair
from kiosk.paper.slip import Words

_MOST: Final = 18
"""Letters of a masked name that stand on one line beside their label, wide ones too."""


def member_line(name_masked: str, words: Words) -> Iterator[Block]:
    """Yield the masked name; nothing where the kiosk was told none."""
    if name_masked:
        # What is cut is the part before the mask, which alone may be long.
        shown = name_masked if len(name_masked) <= _MOST else f"{name_masked[: _MOST - 5]}…{name_masked[-4:]}"
        yield Pair(words("paper.member"), shown)
