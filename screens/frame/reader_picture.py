"""The drawing of the card reader: where the card goes, that it lies there, that it may be taken. Fits any height."""

from __future__ import annotations

from typing import Any

from kivy.metrics import Metrics
from kivy.properties import NumericProperty, OptionProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage

HEIGHT = 588
"""Design px of the drawing; other heights scale it."""

SIGNS = {
    "lay": ("arrow-fat-lines-down", "red"),
    "take": ("arrow-fat-lines-up", "red"),
    "wrong": ("x-circle", "red"),
    "empty": ("check-circle", "green"),
}


class ReaderPicture(Stage):
    """The drawing.

    Attributes:
        pose: lay (card above, arrow down), on (card on the reader), take (arrow up), wrong (card crossed out),
            empty (no card), "" for nothing.
        scale: Factor on all measures.
        middle: Half the width in design px.
        card_top: Upper edge of the card in design px of HEIGHT.
    """

    pose = OptionProperty("", options=("", "lay", "on", "take", "wrong", "empty"))
    scale = NumericProperty(1.0)
    middle = NumericProperty(492)
    card_top = NumericProperty(40)
    sign = StringProperty("")
    sign_ink = StringProperty("red")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("pose", self._strike)
        self.fbind("size", self._measure)
        Metrics.bind(density=self._measure)
        self._strike()
        self._measure()

    def _strike(self, *_args: Any) -> None:
        self.sign, self.sign_ink = SIGNS.get(self.pose, ("", "red"))
        self.card_top = 210 if self.pose == "on" else 40

    def _measure(self, *_args: Any) -> None:
        self.scale = self.height / Metrics.dp / HEIGHT
        self.middle = self.width / Metrics.dp / 2


load_beside(__file__)
