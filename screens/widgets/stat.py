"""A number with its meaning. Information: no caret, no press, so that nobody takes it for a button."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class StatCard(Card):
    """A number, 312 x 156; in large type 480 x 180.

    Attributes:
        icon: Name of the icon (duotone).
        hue: Hue of the icon and its disc.
        value: The number.
        unit: Its unit, small.
        note: What it is.
    """

    icon = StringProperty("")
    hue = StringProperty("red")
    value = StringProperty("")
    unit = StringProperty("")
    note = StringProperty("")


load_beside(__file__)
