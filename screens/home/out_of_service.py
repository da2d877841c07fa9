"""Out of service: where to go instead. No error text beyond one line; survives a restart because the session shows it again."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.flows.home.state import OutOfService
from kiosk.ports.display import Chrome
from kiosk.session.events import StaffCalled
from screens.frame.message import reason_title
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class OutOfServicePage(Page):
    """The kiosk cannot serve."""

    touches = {"call": StaffCalled}

    why = StringProperty("")

    def render(self, state: OutOfService, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Say why, in a line."""
        self.has_own_banner = True
        self.why = reason_title(self.tr, state.reason)


load_beside(__file__)
