"""The card is written: the named step is the progress. Hands off."""

from __future__ import annotations

from typing import Any

from kivy.properties import ListProperty

from kiosk.flows.issue_card.state import Activating, WritingCard
from kiosk.ports.display import Chrome
from kiosk.ports.values import IssueStage
from kiosk.texts import Texts
from screens.frame.page import Page
from screens.widgets.kv import load_beside
from screens.widgets.progress import ProgressStep, StepState

RUNNING = {IssueStage.CHECKING: 1, IssueStage.WRITING: 1, IssueStage.VERIFYING: 2, IssueStage.WRITTEN: 3}
"""Place of the step that runs at each stage, from 0."""

ICONS = ("check", "pencil-simple-line", "magnifying-glass", "lightning")


class WritingPage(Page):
    """The four steps."""

    steps = ListProperty([])

    def render(self, state: WritingCard | Activating, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show how far the card is."""
        self.step = 5
        self.steps = named_steps(self.tr, RUNNING[state.stage] if isinstance(state, WritingCard) else len(ICONS) - 1)


def named_steps(tr: Texts, running: int) -> list[Any]:
    """Return the steps: those before `running` are done, those after it wait."""
    states = [
        StepState.DONE if place < running else StepState.RUNNING if place == running else StepState.WAITING for place in range(len(ICONS))
    ]
    return [
        ProgressStep(tr(f"writing.step.{place + 1}"), tr(f"writing.step.{place + 1}.note"), state, ICONS[place])
        for place, state in enumerate(states)
    ]


load_beside(__file__)
