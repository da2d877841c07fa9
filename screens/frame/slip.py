"""What a page says of its slip, and the button that prints it again."""

from __future__ import annotations

from typing import Protocol

from kivy.properties import BooleanProperty, StringProperty

from kiosk.ports.display import Chrome
from screens.frame.page import Page

HUES = {"printing": "blue", "printed": "green", "failed": "warn", "unknown": "warn"}
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
