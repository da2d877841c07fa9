"""The band of the birthday gift on the member's home. Knows no gift: it is told its words."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken


class GiftBand(Card):
    """The band. Event: on_release (the gift was asked for).

    Attributes:
        tr: Texts of the session.
        title: What the gift is.
        note: Until when.
        is_off: It cannot be had now, because the centre cannot be reached.
    """

    __events__ = ("on_release",)

    tr = ObjectProperty(unspoken)
    title = StringProperty("")
    note = StringProperty("")
    is_off = BooleanProperty(False)

    def on_release(self) -> None:
        """Called when the button was touched."""


load_beside(__file__)
