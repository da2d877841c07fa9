"""A text whose length nobody knows beforehand, such as a name: too long, it is set smaller, and on a single line then cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kivy.metrics import Metrics
from kivy.properties import ListProperty, OptionProperty, StringProperty

from screens.theme.faces import drawable
from screens.theme.tokens import STYLES
from screens.widgets.stage import is_large
from screens.widgets.text import Measure, Text

ELLIPSIS = "…"
_WORD = re.compile(r"\w+")


class FittedText(Text):
    """The text.

    Attributes:
        whole: What it says; `text` is as much of it as fits.
        brief: What it says where that fits in no style; "" for nothing.
        styles: Type styles in the order in which they are tried.
        cuts: What gives way on a single line where even the last style is too large: the "end", or the longest "word", a name
            within a sentence; "" for nothing, so that it is a fault as with any other text.
    """

    whole = StringProperty("")
    brief = StringProperty("")
    styles = ListProperty(["body"])
    cuts = OptionProperty("", options=("", "end", "word"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("whole", "brief", "styles", "cuts", "weight", "size"):
            self.fbind(name, self._fit)
        self._fit()

    def rescale(self) -> None:
        """Fit anew."""
        super().rescale()
        self._fit()

    def _fit(self, *_args: Any) -> None:
        self.text = self.whole
        for style in self.styles:
            self.style = style
            if self._are_lines_within() if self.is_wrapped else self._is_within(self.whole):
                return
        if self.brief and self._is_within(self.brief):
            self.text = self.brief
            return
        self.text = next((cut for cut in _cuts(self.whole, self.cuts) if self._is_within(cut)), self.whole)

    def _are_lines_within(self) -> bool:
        style = STYLES[self.style]
        line = (style.large_line if is_large() else style.line) * Metrics.dp
        return bool((self.laid_text.count("\n") + 1) * line <= self.height)

    def _is_within(self, text: str) -> bool:
        font = Measure(font_name=self.font_name, font_size=self.font_size)
        return bool(font.get_extents(drawable(text))[0] <= self.width)


def _cuts(text: str, part: str) -> Iterator[str]:
    """Yield `text` with ever less of that part."""
    first, last = 0, len(text)
    if part == "word":
        first, last = max((word.span() for word in _WORD.finditer(text)), key=lambda span: span[1] - span[0], default=(0, 0))
    for end in range(last - 1, first, -1) if part else ():
        yield f"{text[:end]}{ELLIPSIS}{text[last:]}"
