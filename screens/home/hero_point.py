"""One point on the hero: a white disc with its icon, and a few words."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage


class HeroPoint(Stage):
    """A point; 60 design px high, 76 in large type."""

    icon = StringProperty("")
    text = StringProperty("")


load_beside(__file__)
