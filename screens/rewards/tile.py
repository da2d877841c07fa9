"""A reward in the catalogue: picture, name, price, how it stands with it. Always a target: what cannot be had explains itself."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.ports.rewards import Reward
from screens.rewards.pictures import drawing_of, ground_of
from screens.rewards.words import Standing, fitted, width_of
from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target

ONE_LINE, TWO_LINES = 16, 34
"""Half characters of a name in the larger style on one line, and in the smaller one on two."""


class RewardTile(Target, Card):
    """A reward, 312 x 380; in large type 480 x 452.

    Attributes:
        art: File of the drawing.
        ground: Colour behind it.
        name: One line, or two in smaller type.
        is_long: The name takes two lines.
        price: Points.
        unit: Their unit.
        state: How it stands.
        is_off: It cannot be had: flat, the picture pale.
    """

    art = StringProperty("")
    ground = StringProperty("rewardBlue")
    name = StringProperty("")
    is_long = BooleanProperty(False)
    price = StringProperty("")
    unit = StringProperty("")
    state = StringProperty("")
    state_icon = StringProperty("")
    state_ink = StringProperty("green")
    badge = StringProperty("")
    badge_icon = StringProperty("")
    badge_fill = StringProperty("warn50")
    badge_ink = StringProperty("warn")
    is_off = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("is_off", "ground"):
            self.fbind(name, self._dress)
        self._dress()

    def say(self, reward: Reward, standing: Standing, unit: str) -> None:
        """Show a reward."""
        self.art, self.ground = drawing_of(reward.picture), ground_of(reward.picture)
        self.is_off = reward.refusal is not None
        self.is_long = width_of(reward.title) > ONE_LINE
        self.name = fitted(reward.title, TWO_LINES)
        self.price, self.unit = f"{reward.points:,}", unit
        self.state, self.state_icon, self.state_ink = standing.words, standing.icon, standing.ink
        self.badge, self.badge_icon = standing.badge, standing.badge_icon
        self.badge_fill, self.badge_ink = standing.badge_fill, standing.badge_ink

    def wipe(self) -> None:
        """Forget what a member could have."""
        self.art = self.name = self.price = self.unit = self.state = self.badge = ""

    def _dress(self, *_args: Any) -> None:
        # The card's own surface is the ground of the picture; the words lie on another one over its lower part.
        self.fill, self.edge, self.shadow = ("rewardOff", "disabledBorder", "") if self.is_off else (self.ground, "", "e1")


load_beside(__file__)
