"""The member's own code on the hero card, for the till."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage


class OwnCode(Stage):
    """The code, and what it is for.

    Attributes:
        code: Its text; a member's, so whoever shows it empties it in `wipe`.
    """

    tr = ObjectProperty(unspoken)
    is_large = BooleanProperty(False)
    code = StringProperty("")


load_beside(__file__)
