"""The five steps of joining: done, here, to come."""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.theme.tokens import Rgba, colour
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Boxed, Stage

KEYS = ("step.consent", "step.phone", "step.form", "step.review", "step.card")
COLUMN = 196.8
CIRCLE = 48
GAP = 12


class StepMark(Stage):
    """One step: circle with number or tick, and its name."""

    number = NumericProperty(1)
    text = StringProperty("")
    state = StringProperty("coming")


class StepLine(Boxed):
    """The line between two steps."""

    rgba = ObjectProperty(colour("stepTrack"))


class Steps(Stage):
    """The row of steps, 984 x 102.

    Attributes:
        tr: Texts.
        current: 0 to 4; 5 is all done.
    """

    tr = ObjectProperty(unspoken)
    current = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._marks = [
            StepMark(number=place + 1, box=[place * COLUMN, 0, COLUMN, 102], box_large=[place * COLUMN, 0, COLUMN, 118])
            for place in range(5)
        ]
        line = COLUMN - CIRCLE - 2 * GAP
        start = (COLUMN + CIRCLE) / 2 + GAP
        self._lines = [StepLine(box=[place * COLUMN + start, 22, line, 4]) for place in range(4)]
        for part in (*self._marks, *self._lines):
            self.add_widget(part)
        self.fbind("tr", self._show)
        self.fbind("current", self._show)
        self._show()

    def _show(self, *_args: Any) -> None:
        for place, mark in enumerate(self._marks):
            mark.text = self.tr(KEYS[place])
            mark.state = "done" if place < self.current else "here" if place == self.current else "coming"
        for place, line in enumerate(self._lines):
            line.rgba = self._line_colour(place)

    def _line_colour(self, place: int) -> Rgba:
        return colour("red") if place < self.current else colour("stepTrack")


load_beside(__file__)
