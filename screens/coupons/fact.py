"""A line of facts: what it is at the left, what it says at the right. Information, never a target."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage


class Fact(Stage):
    """A line, with a rule above it but for the first."""

    label = StringProperty("")
    value = StringProperty("")
    is_first = BooleanProperty(False)


load_beside(__file__)
