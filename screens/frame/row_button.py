"""A wide row that leads on: tinted icon, title, note, caret. The tile of a short menu."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target


class RowButton(Target, Card):
    """A row.

    Attributes:
        icon: Name of the icon.
        hue: Hue of the icon.
        title: One line.
        holds_name: The title has somebody's name in it, which gives way where it is too long.
        note: One line.
        reason: While disabled, takes the place of the note.
    """

    icon = StringProperty("")
    hue = StringProperty("red")
    title = StringProperty("")
    holds_name = BooleanProperty(False)
    note = StringProperty("")
    reason = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("disabled", self._dress)
        self._dress()

    def _dress(self, *_args: Any) -> None:
        self.fill, self.edge, self.shadow = ("disabled", "disabledBorder", "") if self.disabled else ("surface", "", "e1")


load_beside(__file__)
