"""One reward, large: its picture at the left, name, price and two facts at the right. Information, never a target."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.ports.rewards import Reward
from screens.rewards.pictures import drawing_of, ground_of
from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class RewardCard(Card):
    """A reward, 984 wide; the picture's panel is as wide as the card is high.

    Attributes:
        art: File of the drawing.
        ground: Colour of the picture's panel; the rest of the card is white, without a rim of it.
        name: Up to two lines.
        price: Points.
        unit: Their unit.
        fact: A fact, with its icon; "" for none.
        second: Another one.
        is_off: It cannot be had.
        is_large_type: Large type is on: the same facts in smaller styles.
        is_tall: There is room for the price in the largest style.
    """

    art = StringProperty("")
    ground = StringProperty("rewardBlue")
    name = StringProperty("")
    price = StringProperty("")
    unit = StringProperty("")
    fact = StringProperty("")
    fact_icon = StringProperty("storefront")
    fact_ink = StringProperty("ink2")
    second = StringProperty("")
    second_icon = StringProperty("user-check")
    is_off = BooleanProperty(False)
    is_large_type = BooleanProperty(False)
    is_tall = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("is_off", self._dress)
        self._dress()

    def say(self, reward: Reward, unit: str) -> None:
        """Show a reward; its facts are said by the page."""
        self.art, self.ground = drawing_of(reward.picture), ground_of(reward.picture)
        self.name, self.price, self.unit = reward.title, f"{reward.points:,}", unit

    def wipe(self) -> None:
        """Forget what a member looked at."""
        self.art = self.name = self.price = self.unit = self.fact = self.second = ""

    def _dress(self, *_args: Any) -> None:
        self.fill, self.edge, self.shadow = ("rewardOff", "disabledBorder", "") if self.is_off else ("surface", "", "e1")


load_beside(__file__)
