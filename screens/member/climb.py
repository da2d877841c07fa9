"""The way to the next tier on the hero card: words and a bar. Knows no tier: it is told."""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage


class Climb(Stage):
    """The way.

    Attributes:
        words: What is missing to which tier, "" where there is none above.
        filled: How much of the bar is full, design px of 600.
    """

    words = StringProperty("")
    filled = NumericProperty(0)


load_beside(__file__)
