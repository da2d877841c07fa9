"""Given back: how many points came back, how the card stands, and the receipt: on paper, or as a code where that failed."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.register.state import PrintChosen
from kiosk.flows.rewards.state import CardStanding, Undone
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from screens.frame.slip import SlipPage
from screens.widgets.kv import load_beside


class UndonePage(SlipPage):
    """The page.

    Attributes:
        body: What came back.
        card: How the card stands, "" where there is none.
        proof: What the QR of the receipt says, "" while nobody needs it.
        has_slip: There is a receipt.
    """

    touches = {"catalogue": Continued, "home": Back, "print": PrintChosen}

    body = StringProperty("")
    card = StringProperty("")
    proof = StringProperty("")
    has_slip = BooleanProperty(False)

    def render(self, state: Undone, chrome: Chrome) -> None:
        """Show what came back."""
        tr, done = self.tr, state.redemption
        self.body = tr("undo.done.body", count=f"{done.points:,}", available=f"{done.available:,}")
        self.card = "" if state.card is CardStanding.NONE else tr(f"redemption.card.{state.card}")
        self.has_slip, self.proof = state.receipt is not None, ""
        if state.receipt is not None:
            self.tell_slip(state, chrome)
            self.proof = state.receipt.code if self.slip_hue == "warn" else ""

    def wipe(self) -> None:
        """Forget the points, the code and its picture."""
        self.body = self.card = self.proof = ""
        self.ids.proof.wipe()


load_beside(__file__)
