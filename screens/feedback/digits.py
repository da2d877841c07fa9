"""The sixteen digits of a feedback slip are typed."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.flows.feedback.flow import ALL_DIGITS
from kiosk.flows.feedback.state import CaseDigitsTyped, EnteringCase
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from screens.frame.message import reason_help, reason_title
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class CaseDigitsPage(Page):
    """Number pad and field.

    Attributes:
        digits: Typed so far.
        trouble: What was wrong, "" for nothing.
        advice: What helps.
    """

    touches = {"back": Back, "next": Continued}

    digits = StringProperty("")
    trouble = StringProperty("")
    advice = StringProperty("")

    def render(self, state: EnteringCase, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the digits."""
        self.digits = state.digits
        self.trouble = reason_title(self.tr, state.reason) if state.reason else ""
        self.advice = reason_help(self.tr, state.reason) if state.reason else ""

    def say(self, digits: str) -> str:
        """Return the digits as the slip prints them."""
        return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))

    def type_digit(self, digit: str) -> None:
        """A digit was touched."""
        if len(self.digits) < ALL_DIGITS:
            self._enter(self.digits + digit)

    def clear(self) -> None:
        """All digits go."""
        self._enter("")

    def backspace(self) -> None:
        """The last digit goes."""
        self._enter(self.digits[:-1])

    def wipe(self) -> None:
        """Forget the digits."""
        self.digits = ""
        self.ids.number.wipe()

    def _enter(self, digits: str) -> None:
        # Two quick touches may come before the journey has answered the first: the second builds on the first.
        self.digits = digits
        self.send(CaseDigitsTyped(digits))


load_beside(__file__)
