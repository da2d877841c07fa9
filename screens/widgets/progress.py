"""Named steps of something that takes a while: the named step is the progress, there is no spinner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kivy.properties import ListProperty, NumericProperty, ObjectProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

ROW, ROW_LARGE = 132, 168


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    RUNNING = "running"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """A step; `icon` stands for it while it runs."""

    title: str
    note: str
    state: StepState
    icon: str = "pencil-simple-line"


class ProgressRow(Stage):
    """One step on its band."""

    tr = ObjectProperty(unspoken)
    number = NumericProperty(1)
    title = StringProperty("")
    note = StringProperty("")
    icon = StringProperty("")
    state = StringProperty("waiting")


class ProgressList(Card):
    """The list, 984 x (steps x 132); in large type x 168.

    Attributes:
        tr: Texts.
        steps: ProgressSteps, four at most.
    """

    tr = ObjectProperty(unspoken)
    steps = ListProperty([])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._rows = [
            ProgressRow(number=place + 1, box=[0, place * ROW, 0, ROW], box_large=[0, place * ROW_LARGE, 0, ROW_LARGE], is_shown=False)
            for place in range(4)
        ]
        for row in self._rows:
            self.add_widget(row)
        self.fbind("steps", self._show)
        self.fbind("tr", self._show)
        self._show()

    def _show(self, *_args: Any) -> None:
        steps: Sequence[ProgressStep] = self.steps
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(steps)
            if row.is_shown:
                step = steps[place]
                row.tr, row.title, row.note, row.icon, row.state = self.tr, step.title, step.note, step.icon, step.state.value


load_beside(__file__)
