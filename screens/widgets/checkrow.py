"""A row that is ticked: the whole row is one target. Nothing is ever ticked by default."""

from __future__ import annotations

from typing import Any

from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target
from screens.widgets.text import Measure


class CheckRow(Target, Card):
    """A row. Event: on_release; the journey decides whether it becomes ticked.

    Attributes:
        title: What is agreed to.
        note: One line, or two.
        is_tall: The note takes two lines.
        tag: Words at the right: must be, may be.
        is_required: The tag is drawn in red.
        is_checked: Ticked.
        reason: While disabled, takes the place of the note.
    """

    title = StringProperty("")
    note = StringProperty("")
    tag = StringProperty("")
    is_required = BooleanProperty(False)
    is_checked = BooleanProperty(False)
    reason = StringProperty("")
    is_tall = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("disabled", self._dress)
        for name in ("note", "reason", "width"):
            self.fbind(name, self._measure)
        self._dress()

    def _measure(self, *_args: Any) -> None:
        """Tell a note that needs the whole width and a second line from one that stands beside the tag."""
        words = self.ids.note
        font = Measure(font_name=words.font_name, font_size=words.font_size)
        self.is_tall = font.get_extents(self.reason if self.disabled else self.note)[0] > self.width - 270 * Metrics.dp

    def _dress(self, *_args: Any) -> None:
        self.fill, self.edge, self.shadow = ("disabled", "disabledBorder", "") if self.disabled else ("surface", "", "e1")


load_beside(__file__)
