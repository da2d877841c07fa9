"""A person looks at it: the number, the receipt as a code, what comes next."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.flows.register.state import InReview, PrintChosen
from kiosk.flows.step import Continued
from kiosk.ports.display import Chrome
from screens.frame.slip import SlipPage
from screens.widgets.kv import load_beside


class InReviewPage(SlipPage):
    """The ticket.

    Attributes:
        number: Application number.
        code: The signed receipt as text, for the QR code.
        of: Which texts: "in_review", or "in_review.child" where a guardian joins a child.
    """

    touches = {"print": PrintChosen, "home": Continued}

    number = StringProperty("")
    code = StringProperty("")
    of = StringProperty("in_review")

    def render(self, state: InReview, chrome: Chrome) -> None:
        """Show number, code and slip."""
        self.step = 4
        self.of = "in_review.child" if state.is_child else "in_review"
        self.number, self.code = _spaced(state.application_number), state.receipt.code
        self.tell_slip(state, chrome)

    def wipe(self) -> None:
        """Forget number and code, and the code's picture."""
        self.number = self.code = ""
        self.ids.qr.wipe()


def _spaced(number: str) -> str:
    """Return an application number in fours: A 1234 5678 9012."""
    digits = number.removeprefix("A")
    groups = " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
    return f"A {groups}" if number.startswith("A") else groups


load_beside(__file__)
