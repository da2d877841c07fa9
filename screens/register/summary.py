"""The notice in six lines: icon, heading, text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.theme.faces import font_of
from screens.theme.tokens import STYLES
from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage
from screens.widgets.text import Measure

ICONS = ("storefront", "list-checks", "target", "clock-countdown", "share-network", "shield-check")
LINE = 84
SIDE = 36
"""Design px of air beside a line, the same on both sides."""
TEXT_WIDTH = 644
"""Design px of a line's text where all six are seen."""
LINE_LARGE = 156
LEAF = 3
"""Lines at a time in large type."""


class SummaryLine(Stage):
    """A line."""

    icon = StringProperty("")
    heading = StringProperty("")
    text = StringProperty("")
    joined = StringProperty("")
    style = StringProperty("body")
    is_large = BooleanProperty(False)


class Summary(Card):
    """The lines; room for as many as there are icons.

    Attributes:
        leaf: Which LEAF lines are seen; -1 for all.
    """

    leaf = NumericProperty(-1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lines = [self._line(place, icon) for place, icon in enumerate(ICONS)]
        self.fbind("leaf", self._turn)

    def show(self, summary: Sequence[tuple[str, str]]) -> None:
        """Show headings and texts, all in the larger type in which every text keeps to one line, else all in the smaller one."""
        style = "body" if all(_width(text, "body") <= TEXT_WIDTH for _heading, text in summary) else "note"
        for place, line in enumerate(self._lines):
            line.style = style
            line.heading, line.text = summary[place] if place < len(summary) else ("", "")
            colon = ": " if line.text.isascii() else "："
            line.joined = f"{line.heading}{colon}{line.text}"
        self._turn()

    def _line(self, place: int, icon: str) -> SummaryLine:
        large = [24, 8 + place % LEAF * LINE_LARGE, -24, LINE_LARGE]
        line = SummaryLine(icon=icon, box=[SIDE, 12 + place * LINE, -SIDE, LINE], box_large=large)
        self.add_widget(line)
        return line

    def _turn(self, *_args: Any) -> None:
        for place, line in enumerate(self._lines):
            line.is_large = self.leaf >= 0
            line.is_shown = bool(line.heading) and self.leaf in (-1, place // LEAF)


def _width(text: str, style: str) -> float:
    """Return the width of `text` in design px at the normal size of type."""
    size, weight = STYLES[style].size, STYLES[style].weight
    return float(Measure(font_name=font_of(text, weight), font_size=size).get_extents(text)[0])


load_beside(__file__)
