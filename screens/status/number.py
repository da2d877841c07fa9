"""The application number is typed from the slip; it begins with a letter that nobody has to type. It may stay empty."""

from __future__ import annotations

from kiosk.flows.status.state import NUMBER_MAX, EnteringNumber, NumberTyped
from kiosk.ports.display import Chrome
from screens.frame.slip_number import SlipNumberPage, SlipNumberWords

LETTER = "A"
DIGITS = 12


class NumberPage(SlipNumberPage):
    """Number pad and field; digits are without the letter."""

    limit = min(DIGITS, NUMBER_MAX - len(LETTER))
    typed = NumberTyped
    words = SlipNumberWords(
        title="status.title",
        note="status.note",
        label="status.field",
        empty="status.placeholder",
        find="status.placeholder",
        where="status.hint",
        go="status.next",
        id_back="status.back",
        id_go="status.next",
        remark="field.optional",
    )

    def whole(self, digits: str) -> str:
        """Return the number with its letter; no digits are no number."""
        return LETTER + digits if digits else ""

    def render(self, state: EnteringNumber, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the number."""
        self.show(state.number.removeprefix(LETTER), state.reason)

    def say(self, digits: str) -> str:
        """Return the number as the slip prints it."""
        return f"{LETTER} {super().say(digits)}" if digits else ""
