"""Where an application stands: one headline, what comes next, and, where it came back, what to mend."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.status.flow import OPEN_STATES
from kiosk.flows.status.state import CorrectionChosen, ShowingStatus, WithdrawChosen
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.values import ApplicationState
from screens.frame.page import Page, Send
from screens.register.returned import FindingRows
from screens.widgets.kv import load_beside

LOOKS = {
    ApplicationState.CARD_PENDING: ("check-circle", "green"),
    ApplicationState.ACTIVE: ("check-circle", "green"),
    ApplicationState.IN_REVIEW: ("hourglass-medium", "blue"),
    ApplicationState.RETURNED: ("pencil-simple-line", "warn"),
    ApplicationState.HELD: ("chat-centered-text", "blue"),
    ApplicationState.REJECTED: ("x-circle", "red"),
    ApplicationState.WITHDRAWN: ("arrow-counter-clockwise", "gold"),
    ApplicationState.EXPIRED: ("clock-countdown", "gold"),
}
MOST, MOST_LARGE = 3, 1


class StatusPage(Page):
    """The answer.

    Attributes:
        number: Application number.
        title: Headline.
        body: What comes next.
        icon: Icon of the state.
        hue: Its colour.
        may_take_card: The card can be written now.
        may_withdraw: The application is still open.
        may_correct: The application was returned.
        has_findings: Something is to be mended.
    """

    touches = {"withdraw": WithdrawChosen, "correct": CorrectionChosen, "next": Continued, "back": Back}

    number = StringProperty("")
    title = StringProperty("")
    body = StringProperty("")
    icon = StringProperty("info")
    hue = StringProperty("blue")
    may_take_card = BooleanProperty(False)
    may_withdraw = BooleanProperty(False)
    may_correct = BooleanProperty(False)
    has_findings = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._rows = FindingRows(self, top=852, top_large=1000)

    def render(self, state: ShowingStatus, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the state."""
        status = state.status
        self.number = status.application_number
        self.title = self.tr(f"status.{status.state}.title")
        self.body = self.tr(f"status.{status.state}.body")
        self.icon, self.hue = LOOKS[status.state]
        self.may_take_card = status.state is ApplicationState.CARD_PENDING
        self.may_withdraw = status.state in OPEN_STATES
        self.may_correct = status.state is ApplicationState.RETURNED
        self.has_findings = bool(status.findings)
        self._rows.show(self.tr, status.findings, most=MOST_LARGE if self.is_large else MOST, is_short=self.is_large)

    def wipe(self) -> None:
        """Forget number and findings."""
        self.number = ""
        self._rows.show(self.tr, ())


load_beside(__file__)
