"""One line of the member's home that leads on: gift and news, in large type. Knows no news: it is told its words."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target


class HeadLine(Target, Card):
    """A row, 984 x 120.

    Attributes:
        icon: Name of the icon.
        text: The line.
    """

    icon = StringProperty("")
    text = StringProperty("")


load_beside(__file__)
