"""A wide row that only tells: tinted icon, title, note. Not a target: it has no caret."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class InfoRow(Card):
    """A row.

    Attributes:
        icon: Name of the icon.
        hue: Hue of the icon.
        title: One line.
        note: One line.
        aside: Words at the right, "" for none.
    """

    icon = StringProperty("")
    hue = StringProperty("red")
    title = StringProperty("")
    note = StringProperty("")
    aside = StringProperty("")


load_beside(__file__)
