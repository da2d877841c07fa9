"""What there is, what is used, what is left: three numbers that add up, and which points pay. Information, never a target."""

from __future__ import annotations

from kivy.properties import ObjectProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken


class Arithmetic(Card):
    """A card of three lines, 984 x 312; in large type 984 x 360.

    Attributes:
        tr: Texts.
        before: Points that there are.
        cost: Points that are used, with their sign.
        payer: Which points pay first, "" where that is not known.
        after: Points that are left.
    """

    tr = ObjectProperty(unspoken)
    before = StringProperty("")
    cost = StringProperty("")
    payer = StringProperty("")
    after = StringProperty("")


load_beside(__file__)
