"""What a page says of its slip, and the button that prints it again."""

from __future__ import annotations

from typing import Protocol

from kivy.properties import BooleanProperty, StringProperty

from kiosk.ports.display import Chrome
from kiosk.ports.values import Receipt
from screens.frame.page import Page

NO_PAPER = "warn"
HUES = {"printing": "blue", "printed": "green", "failed": NO_PAPER, "unknown": NO_PAPER}
BUTTONS = {"printing": "busy", "printed": "copy", "failed": "failed", "unknown": "copy"}


class HasSlip(Protocol):
    """A state of a page with a slip: none, printing, printed, failed or unknown."""

    @property
    def slip(self) -> str:
        """What became of it."""
        ...

    @property
    def is_copy(self) -> bool:
        """What is printed, or was, is a copy."""
        ...


class SlipPage(Page):
    """A page with a slip.

    Attributes:
        slip: What has become of it, in words.
        slip_hue: Hue of its icon, ink of its words.
        print_again: What the button says.
        may_print: The button does something.
    """

    slip = StringProperty("")
    slip_hue = StringProperty("blue")
    print_again = StringProperty("")
    may_print = BooleanProperty(False)

    def tell_slip(self, state: HasSlip, chrome: Chrome) -> None:
        """Show what has become of it; nobody waits for a printer that is known to be gone."""
        slip = "failed" if state.slip == "printing" and not chrome.printer_ok else state.slip
        is_over = state.slip == "printed" and state.is_copy
        self.slip, self.slip_hue = self.tr(f"slip.{slip}"), HUES[slip]
        self.print_again = self.tr("issued.print.copied" if is_over else f"issued.print.{BUTTONS[slip]}")
        self.may_print = state.slip != "printing" and not is_over


class ProofPage(SlipPage):
    """A page of something that a receipt proves; its rules have a QRBox named `proof`.

    Attributes:
        has_slip: There is a receipt.
        proof: What its QR says, "" while nobody needs it: paper is on its way, or there.
    """

    has_slip = BooleanProperty(False)
    proof = StringProperty("")

    def tell_proof(self, state: HasSlip, receipt: Receipt | None, chrome: Chrome) -> None:
        """Show what has become of the slip, and the receipt itself where there may be no paper."""
        self.has_slip = receipt is not None
        if receipt is None:
            self.proof = ""
            return
        self.tell_slip(state, chrome)
        self.proof = receipt.code if self.slip_hue == NO_PAPER else ""

    def wipe_proof(self) -> None:
        """Forget the receipt and its picture."""
        self.proof = ""
        self.ids.proof.wipe()
