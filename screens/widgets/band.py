"""A coloured surface with an icon: what is the matter is seen before it is read. Information, never a target."""

from __future__ import annotations

from typing import Any

from kivy.properties import OptionProperty, StringProperty

from screens.widgets.card import Card

_LOOKS = {
    "warn": ("warn50", "warn", "warn"),
    "bad": ("red50", "", "red"),
    "good": ("green50", "green", "green"),
    "quiet": ("", "line", "ink2"),
}


class Band(Card):
    """The surface; what is on it is laid out by its kinds.

    Attributes:
        kind: warn, bad, good or quiet.
        icon: Name of the icon.
        ink: Name of the colour of what is said first.
    """

    kind = OptionProperty("warn", options=tuple(_LOOKS))
    icon = StringProperty("")
    ink = StringProperty("warn")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("kind", self._dress)
        self._dress()

    def _dress(self, *_args: Any) -> None:
        self.fill, self.edge, self.ink = _LOOKS[self.kind]
