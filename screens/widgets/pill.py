"""A small rounded label: a mode, a tag, a state. Never a target. As wide as its words."""

from __future__ import annotations

from typing import Any

from kivy.metrics import Metrics
from kivy.properties import NumericProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class Pill(Card):
    """A pill; `hug` says at which side of its box it stands.

    Attributes:
        text: Words.
        ink: Colour of the words and the icon.
        icon: Name of an icon before the words (fill), "" for none.
        style: Type style.
        weight: As Text.weight.
        pad: Room left and right, design px.
    """

    text = StringProperty("")
    ink = StringProperty("ink2")
    icon = StringProperty("")
    style = StringProperty("note_m")
    weight = NumericProperty(0)
    pad = NumericProperty(20)
    glyph = NumericProperty(36)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("icon", "pad", "glyph"):
            self.fbind(name, self._measure)

    def on_kv_post(self, base_widget: Any) -> None:
        """Follow the width of the words once they exist."""
        super().on_kv_post(base_widget)
        self.ids.words.fbind("texture_size", self._measure)
        self._measure()

    def _measure(self, *_args: Any) -> None:
        if "words" not in self.ids:
            return
        lead = self.glyph + 12 if self.icon else 0
        self.natural_width = self.ids.words.texture_size[0] + (2 * self.pad + lead) * Metrics.dp if self.text else 0


load_beside(__file__)
