"""The sixteen digits of a feedback slip are typed."""

from __future__ import annotations

from kiosk.flows.feedback.flow import ALL_DIGITS
from kiosk.flows.feedback.state import CaseDigitsTyped, EnteringCase
from kiosk.ports.display import Chrome
from screens.frame.slip_number import SlipNumberPage, SlipNumberWords


class CaseDigitsPage(SlipNumberPage):
    """Number pad and field."""

    limit = ALL_DIGITS
    typed = CaseDigitsTyped
    words = SlipNumberWords(
        title="feedback.case.title",
        note="feedback.case.note",
        label="feedback.sent.digits",
        empty="feedback.case.placeholder",
        find="feedback.case.note",
        where="feedback.case.hint",
        go="feedback.case.look",
        id_back="feedback.case.back",
        id_go="feedback.case.look",
    )

    def render(self, state: EnteringCase, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the digits."""
        self.show(state.digits, state.reason)
