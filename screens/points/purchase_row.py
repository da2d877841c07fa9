"""A row of a list of what happened: what, where and when, and how it stands with it. Touching it shows all of it."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target


class PurchaseRow(Target, Card):
    """A row, 984 x 132; in large type 984 x 190."""

    icon = StringProperty("receipt")
    hue = StringProperty("blue")
    title = StringProperty("")
    note = StringProperty("")
    value = StringProperty("")
    under = StringProperty("")


load_beside(__file__)
