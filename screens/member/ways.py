"""Where the member's home leads on, as a row of buttons: one for each errand."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage


class Ways(Stage):
    """The row.

    Attributes:
        tr: Texts in the language of the session.
        act: What a touch does, by its name.
    """

    tr = ObjectProperty(unspoken)
    act = ObjectProperty(None, allownone=True)


load_beside(__file__)
