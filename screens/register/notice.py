"""The notice's full text, word for word, page by page: nothing is scrolled."""

from __future__ import annotations

from typing import Any

from kivy.metrics import Metrics
from kivy.properties import NumericProperty, StringProperty

from kiosk.flows.register.state import ReadingNotice
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from screens.frame.page import Page
from screens.register.paging import pages_of
from screens.theme.line_breaking import break_lines
from screens.widgets.kv import load_beside
from screens.widgets.text import Measure


class NoticePage(Page):
    """The text.

    Attributes:
        text: The page that is seen.
        number: Its number, from 1.
        pages: How many there are.
    """

    touches = {"back": Back}

    text = StringProperty("")
    number = NumericProperty(1)
    pages = NumericProperty(1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages = [""]
        self._laid: tuple[object, ...] = ()

    def render(self, state: ReadingNotice, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Lay the text out anew only where it or its size has changed."""
        self.step = 1
        notice = state.consenting.notice
        laid = (notice.sha256, notice.full_text, Metrics.fontscale, Metrics.density)
        if laid != self._laid:
            self._laid = laid
            self._pages = pages_of(notice.full_text, self._fits)
            self.pages = len(self._pages)
            self._turn_to(1)

    def enter(self) -> None:
        """Reading begins at the first page."""
        self._turn_to(1)

    def turn(self, step: int) -> None:
        """To the page before or after."""
        self._turn_to(min(max(1, int(self.number) + step), int(self.pages)))

    def _turn_to(self, number: int) -> None:
        self.number = number
        self.text = self._pages[min(number, len(self._pages)) - 1]

    def _fits(self, text: str) -> bool:
        words, sheet = self.ids.words, self.ids.sheet
        box = sheet.box_large if self.is_large else sheet.box
        pad = words.box
        width, height = ((side - 2 * inset) * Metrics.dp for side, inset in zip(box[2:], pad[:2], strict=True))
        font = Measure(font_name=words.font_name, font_size=words.font_size)
        label = Measure(
            # As it will be drawn: our lines may be shorter than Kivy's, and so more.
            text=break_lines(text, width, lambda piece: float(font.get_extents(piece)[0])),
            font_name=words.font_name,
            font_size=words.font_size,
            line_height=words.line_height,
            text_size=(width, None),
        )
        label.refresh()
        return bool(label.content_height <= height)


load_beside(__file__)
