"""The sixteen digits of a feedback slip are typed."""

from __future__ import annotations

from kiosk.flows.feedback.flow import ALL_DIGITS
from kiosk.flows.feedback.state import CaseDigitsTyped, EnteringCase
from kiosk.flows.sign_in.state import ScanChosen
from kiosk.ports.display import Chrome
from screens.frame.slip_number import SlipNumberPage, SlipNumberWords


class CaseDigitsPage(SlipNumberPage):
    """Number pad and field."""

    limit = ALL_DIGITS
    typed = CaseDigitsTyped
    touches = SlipNumberPage.touches | {"scan": ScanChosen}
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
        scan="feedback.case.scan",
    )

    def render(self, state: EnteringCase, chrome: Chrome) -> None:
        """Show the digits, and the way by the camera where it works and nobody is signed in."""
        self.has_camera = chrome.camera_ok and state.visitor is None
        self.show(state.digits, state.reason)
