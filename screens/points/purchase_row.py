"""A purchase in the list: where and when, what was paid, and its points. Touching it shows its lines."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target


class PurchaseRow(Target, Card):
    """A row, 984 x 132; in large type 984 x 190."""

    title = StringProperty("")
    note = StringProperty("")
    value = StringProperty("")
    under = StringProperty("")


load_beside(__file__)
