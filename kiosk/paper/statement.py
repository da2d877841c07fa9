"""What stands on a printed statement of points, from top to bottom. Knows no measures beyond sizes of type, and no PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kiosk.paper.blocks import Block, Gap, Pair, Paragraph, Rule, Stamp
from kiosk.paper.faces import Weight
from kiosk.paper.layout import foot, head
from kiosk.paper.slip import Item, StatementSlip, Words

_HEADING: Final = 30
_NOTE: Final = 24


def statement_blocks(slip: StatementSlip, words: Words, *, is_copy: bool) -> Iterator[Block]:
    """Yield the parts of a statement."""
    yield from head(slip.shop, words)
    if is_copy:
        yield Stamp(words("paper.copy"))
    yield Paragraph(words("paper.statement.title"), 42, Weight.BOLD)
    if slip.parts > 1:
        yield Paragraph(words("paper.statement.part", part=slip.part, parts=slip.parts), _NOTE)
    yield Gap(12)
    yield Pair(words("paper.membership.caption"), slip.number_masked)
    yield Pair(words("paper.time"), slip.made_at)
    yield Rule()
    is_first, is_last = slip.part == 1, slip.part == slip.parts
    if is_first:
        for line in slip.sums:
            yield Pair(line.label, line.value, 30, Weight.BOLD)
        yield Rule()
    if slip.lots or is_first:
        yield from _items(words("paper.statement.lots"), slip.lots, words)
    if slip.movements or is_last:
        yield from _items(words("paper.statement.movements"), slip.movements, words)
    if is_last and not slip.is_whole:
        yield Paragraph(words("paper.statement.older"), _NOTE)
        yield Rule()
    yield Paragraph(words("paper.statement.how"), _NOTE)
    yield from foot(slip.shop, words)


def _items(heading: str, items: Iterable[Item], words: Words) -> Iterator[Block]:
    yield Paragraph(heading, _HEADING, Weight.BOLD, is_centred=False)
    rows = list(items)
    if not rows:
        yield Paragraph(words("paper.statement.none"), 28, is_centred=False)
    for item in rows:
        yield Gap(8)
        yield Pair(item.label, item.value, 28, Weight.BOLD)
        if item.note:
            yield Paragraph(item.note, _NOTE, is_centred=False)
    yield Rule()
