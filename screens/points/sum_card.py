"""A sum of points with what it means. Information: no caret, no press."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class SumCard(Card):
    """A sum.

    Attributes:
        label: What it is.
        value: The number.
        note: Until or from when.
        style: Type style of the number.
        ink: Colour of the number.
        note_ink: Colour of the note.
        is_soon: It ends soon: warm ground, no shadow.
    """

    label = StringProperty("")
    value = StringProperty("")
    note = StringProperty("")
    style = StringProperty("h1")
    ink = StringProperty("ink")
    note_ink = StringProperty("ink2")
    is_soon = BooleanProperty(False)


load_beside(__file__)
