"""What stands below the points on the hero card: the way to the next tier, points to come and to go, the card. It is told its words."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage


class Climb(Stage):
    """The lines.

    Attributes:
        is_large: Large type is on.
        words: What is missing to which tier, "" where there is none above.
        brief: The same without the tier's name, for where the name is too long.
        filled: How much of the bar is full, design px of 600.
        pending: Points to come; "" for none.
        expiring: In large type the points that expire next, "" for none; normal type has a card for them.
        beside: Width of what a line stands beside, design px: in normal type points to come beside the caption of the points, where
            there is a way; in large type the card beside the number.
        below: Top of the lines below the way, design px.
        state: How it stands with the card, "" where that is said elsewhere.
    """

    is_large = BooleanProperty(False)
    words = StringProperty("")
    brief = StringProperty("")
    filled = NumericProperty(0)
    pending = StringProperty("")
    expiring = StringProperty("")
    beside = NumericProperty(0)
    below = NumericProperty(0)
    state = StringProperty("")


load_beside(__file__)
