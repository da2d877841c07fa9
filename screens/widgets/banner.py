"""A band that says what is the matter: lost connection, a wrong code, good news. Information, never a target."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.band import Band
from screens.widgets.kv import load_beside


class Banner(Band):
    """A band, 984 x 144 or higher.

    Attributes:
        title: First line, "" for none.
        body: What to do; its lines are broken by hand.
    """

    title = StringProperty("")
    body = StringProperty("")


load_beside(__file__)
