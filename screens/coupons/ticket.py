"""One coupon in the list: value, condition, last day, state. Always a target: also what is used or ended explains itself."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target


class Ticket(Target, Card):
    """A coupon, 312 x 364; in large type 480 x 312.

    Attributes:
        value: What it is worth.
        condition: When it can be used.
        end: Its last day.
        state: State in words.
        state_icon: Icon of the state (fill).
        state_ink: Colour of the state.
        is_past: Used or ended: flat, without a shadow.
    """

    value = StringProperty("")
    condition = StringProperty("")
    end = StringProperty("")
    state = StringProperty("")
    state_icon = StringProperty("")
    state_ink = StringProperty("green")
    is_past = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("is_past", self._dress)

    def wipe(self) -> None:
        """Forget whose coupon it was."""
        self.value = self.condition = self.end = self.state = ""

    def _dress(self, *_args: Any) -> None:
        self.fill, self.edge, self.shadow = ("disabled", "disabledBorder", "") if self.is_past else ("surface", "", "e1")


load_beside(__file__)
