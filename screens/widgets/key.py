"""One key of a keyboard or number pad, with its lower edge baked in."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target


class Key(Target, Card):
    """A key of a keyboard or number pad.

    Attributes:
        text: What stands on it.
        icon: Icon instead, "" for none.
        icon_face: Face of the icon: fill where the key is on.
        style: Type style.
        value: What it stands for.
        ink: Colour of what stands on it.
    """

    text = StringProperty("")
    icon = StringProperty("")
    icon_face = StringProperty("bold")
    style = StringProperty("key")
    value = StringProperty("")
    ink = StringProperty("ink")


load_beside(__file__)
