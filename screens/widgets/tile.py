"""A tile of the menu: duotone icon on a tinted square, title, note. In large type it lies on its side."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target

TINTS = {"gold": "gold50", "red": "red50", "violet": "violet50", "green": "green50", "blue": "blue50", "warn": "warn50"}
"""Hue of a tinted square by the colour of its icon."""


class IconTile(Card):
    """The tinted square with its icon.

    Attributes:
        icon: Name of the icon.
        hue: One of TINTS; "" is the neutral look of what cannot be used.
        glyph: Size of the icon in design px.
    """

    icon = StringProperty("")
    hue = StringProperty("red")
    icon_ink = StringProperty("red")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("hue", self._tint)
        self._tint()

    def _tint(self, *_args: Any) -> None:
        self.fill = TINTS.get(self.hue, "disabledTile")
        self.icon_ink = self.hue or "ink3"


class Tile(Target, Card):
    """A tile.

    Attributes:
        icon: Name of the icon.
        hue: One of TINTS.
        title: One short line (13 letters at most in English).
        note: One line.
        badge: Takes the place of the caret, "" for none.
        reason: While disabled, takes the place of the note.
        is_low: It has less height than the drawings give it; icon and words move together.
        is_flat: It has still less, and the icon is smaller.
    """

    icon = StringProperty("")
    hue = StringProperty("red")
    title = StringProperty("")
    note = StringProperty("")
    badge = StringProperty("")
    reason = StringProperty("")
    is_low = BooleanProperty(False)
    is_flat = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("disabled", self._dress)
        self._dress()

    def _dress(self, *_args: Any) -> None:
        self.fill, self.edge, self.shadow = ("disabled", "disabledBorder", "") if self.disabled else ("surface", "", "e1")


load_beside(__file__)
