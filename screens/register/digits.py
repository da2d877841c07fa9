"""Six boxes for the digits of a code, and the dots that count tries."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.flows.phone_proof.state import CODE_DIGITS
from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

PITCH, WIDTH = 168, 144
DOTS, DOT_PITCH, DOT = 5, 44, 32


class DigitBox(Card):
    """One box."""

    digit = StringProperty("")
    is_wrong = BooleanProperty(False)
    is_next = BooleanProperty(False)


class DigitBoxes(Stage):
    """The row, 984 x 168.

    Attributes:
        digits: What was typed.
        is_wrong: The last code was refused.
    """

    digits = StringProperty("")
    is_wrong = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._boxes = [DigitBox(box=[place * PITCH, 0, WIDTH, 0]) for place in range(CODE_DIGITS)]
        for box in self._boxes:
            self.add_widget(box)
        self.fbind("digits", self._show)
        self.fbind("is_wrong", self._show)
        self._show()

    def _show(self, *_args: Any) -> None:
        for place, box in enumerate(self._boxes):
            box.digit = self.digits[place : place + 1]
            box.is_wrong = self.is_wrong and not self.digits
            box.is_next = place == len(self.digits)


class TryDot(Card):
    """One try; red once it is used."""

    is_used = BooleanProperty(False)


class TryDots(Stage):
    """Tries used, as dots and in words.

    Attributes:
        tr: Texts.
        left: Tries left.
        used: Tries used.
    """

    tr = ObjectProperty(unspoken)
    left = NumericProperty(DOTS)
    used = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._dots = [TryDot(box=[place * DOT_PITCH, 6, DOT, DOT]) for place in range(DOTS)]
        for dot in self._dots:
            self.add_widget(dot)
        self.fbind("left", self._show)
        self._show()

    def _show(self, *_args: Any) -> None:
        self.used = DOTS - max(0, min(DOTS, int(self.left)))
        for place, dot in enumerate(self._dots):
            dot.is_used = place < self.used


load_beside(__file__)
