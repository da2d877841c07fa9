"""A band that says what is the matter: lost connection, a wrong code, good news. Information, never a target."""

from __future__ import annotations

from typing import Any

from kivy.properties import OptionProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside

_LOOKS = {
    "warn": ("warn50", "warn", "warn"),
    "bad": ("red50", "", "red"),
    "good": ("green50", "green", "green"),
    "quiet": ("", "line", "ink2"),
}


class Banner(Card):
    """A band, 984 x 144 or higher.

    Attributes:
        kind: warn, bad, good or quiet.
        icon: Name of the icon (fill; duotone where quiet).
        title: First line, "" for none.
        body: What to do; its lines are broken by hand.
    """

    kind = OptionProperty("warn", options=tuple(_LOOKS))
    icon = StringProperty("")
    title = StringProperty("")
    body = StringProperty("")
    ink = StringProperty("warn")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("kind", self._dress)
        self._dress()

    def _dress(self, *_args: Any) -> None:
        self.fill, self.edge, self.ink = _LOOKS[self.kind]


load_beside(__file__)
