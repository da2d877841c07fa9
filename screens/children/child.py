"""What a guardian can do for one child: open its pages, or take the consent back."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.flows.children.state import ChildShown, OpenChosen, WithdrawChosen
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from screens.children.naming import say_child
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class ChildPage(Page):
    """The choices.

    Attributes:
        child: The child's name, masked, with the end of the application's number.
    """

    touches = {"open": OpenChosen, "withdraw": WithdrawChosen, "back": Back}

    child = StringProperty("")

    def render(self, state: ChildShown, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show whose choices they are."""
        self.child = say_child(self.tr, state.child)

    def wipe(self) -> None:
        """Forget the name."""
        self.child = ""


load_beside(__file__)
