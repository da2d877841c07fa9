"""The head of every screen: whose kiosk this is, the time, and whether the centre can be reached."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage


class Header(Stage):
    """The head.

    Attributes:
        tr: Texts.
        place: Store and device as shown.
        place_large: The same, short, for large type.
        clock: Time of day, e.g. "14:26".
        date: Date and weekday as shown.
        is_linked: The centre can be reached.
        is_low: In one line, so that a band has room below it.
    """

    tr = ObjectProperty(unspoken)
    place = StringProperty("")
    place_large = StringProperty("")
    clock = StringProperty("")
    date = StringProperty("")
    is_linked = BooleanProperty(True)
    is_low = BooleanProperty(False)


load_beside(__file__)
