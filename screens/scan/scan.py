"""Showing a code: the viewfinder, what can be shown, and why the last one was not taken."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.flows.scan.state import ScanHint, Scanning
from kiosk.flows.sign_in.state import PhoneChosen
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome, Viewfinder
from screens.frame.message import reason_help, reason_title
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside


class ScanPage(Page):
    """The page.

    Attributes:
        verdict: Why the last code was not taken, in words; of the first look, what to do.
        help: What helps.
        is_wrong: The last code was not taken.
        finder: The viewfinder; set by the kv file.
    """

    touches = {"back": Back, "by_phone": PhoneChosen}

    verdict = StringProperty("")
    help = StringProperty("")
    is_wrong = BooleanProperty(False)
    finder = ObjectProperty(None)

    def __init__(self, send: Send, viewfinder: Viewfinder, **kwargs: Any) -> None:
        """Show what lies in `viewfinder` while the page is seen."""
        super().__init__(send, **kwargs)
        self.finder.source = viewfinder

    def render(self, state: Scanning, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the verdict on the last code."""
        self.is_wrong = state.hint is not None or state.reason is not None
        if state.reason is not None:
            self.verdict, self.help = reason_title(self.tr, state.reason), reason_help(self.tr, state.reason)
        else:
            key = f"scan.{state.hint}" if isinstance(state.hint, ScanHint) else "scan.hold"
            self.verdict, self.help = self.tr(key), self.tr(f"{key}.help")

    def enter(self) -> None:
        """Show the camera."""
        self.finder.begin()

    def leave(self) -> None:
        """Show it no more."""
        self.finder.end()

    def wipe(self) -> None:
        """Forget the picture."""
        self.finder.wipe()


load_beside(__file__)
