"""The application number is typed from the slip; it begins with a letter that nobody has to type. It may stay empty."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.flows.status.state import NUMBER_MAX, EnteringNumber, NumberTyped
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from screens.frame.message import reason_help, reason_title
from screens.frame.page import Page
from screens.widgets.kv import load_beside

LETTER = "A"
DIGITS = 12


class NumberPage(Page):
    """Number pad and field.

    Attributes:
        digits: Typed so far, without the letter.
        trouble: What was wrong, "" for nothing.
        advice: What helps.
    """

    touches = {"back": Back, "next": Continued}

    digits = StringProperty("")
    trouble = StringProperty("")
    advice = StringProperty("")

    def render(self, state: EnteringNumber, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the number."""
        self.digits = state.number.removeprefix(LETTER)
        self.trouble = reason_title(self.tr, state.reason) if state.reason else ""
        self.advice = reason_help(self.tr, state.reason) if state.reason else ""

    def say(self, digits: str) -> str:
        """Return the number as the slip prints it."""
        groups = " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
        return f"{LETTER} {groups}" if digits else ""

    def type_digit(self, digit: str) -> None:
        """A digit was touched."""
        if len(self.digits) < min(DIGITS, NUMBER_MAX - 1):
            self._enter(self.digits + digit)

    def clear(self) -> None:
        """All digits go."""
        self._enter("")

    def backspace(self) -> None:
        """The last digit goes."""
        self._enter(self.digits[:-1])

    def wipe(self) -> None:
        """Forget the number."""
        self.digits = ""
        self.ids.number.wipe()

    def _enter(self, digits: str) -> None:
        # Two quick touches may come before the journey has answered the first: the second builds on the first.
        self.digits = digits
        self.send(NumberTyped(LETTER + digits if digits else ""))


load_beside(__file__)
