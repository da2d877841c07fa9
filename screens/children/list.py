"""The children of who is here: one row each, a way to join another, and the phone where only the card was shown."""

from __future__ import annotations

from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.children.state import AddChildChosen, ChildChosen, ChildrenShown, PhoneChosen
from kiosk.flows.step import Back
from kiosk.ports.children import LinkedChild
from kiosk.ports.display import Chrome
from screens.children.naming import say_child
from screens.frame.page import Page, Send
from screens.frame.row_button import RowButton
from screens.widgets.kv import load_beside

MOST = 5
"""As many as one guardian can have (server_stub/domain/rules): fewer rows would hide a child."""


class ChildrenPage(Page):
    """The list.

    Attributes:
        note: What can be done here, one line.
        may_act: The visit began with a code.
        is_empty: There is no child.
    """

    touches = {"add": AddChildChosen, "phone": PhoneChosen, "back": Back}

    note = StringProperty("")
    may_act = BooleanProperty(False)
    is_empty = BooleanProperty(True)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._shown: tuple[LinkedChild, ...] = ()
        self._rows = [
            RowButton(
                box=[48, 324 + place * 180, 984, 164], box_large=[48, 396 + place * 172, 984, 160], icon="baby", hue="gold", holds_name=True
            )
            for place in range(MOST)
        ]
        for place, row in enumerate(self._rows):
            row.test_id = f"children.{place + 1}"
            row.bind(on_release=partial(self._choose, place))
            self.add_widget(row)

    def render(self, state: ChildrenShown, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the children."""
        self._shown = state.children.children[:MOST]
        self.may_act, self.is_empty = state.children.may_act, not self._shown
        self.note = self.tr("children.none.note" if self.is_empty else "children.note" if self.may_act else "children.note.card")
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(self._shown)
            if row.is_shown:
                self._dress(row, self._shown[place])

    def wipe(self) -> None:
        """Forget the children."""
        self._shown = ()
        for row in self._rows:
            row.is_shown = False
            row.title = row.note = row.reason = ""

    def _dress(self, row: RowButton, child: LinkedChild) -> None:
        row.title = say_child(self.tr, child, "children.named")
        row.note = self.tr("children.member") if child.is_member else self.tr("children.pending")
        row.reason = row.note
        row.disabled = not (child.is_member and self.may_act)

    def _choose(self, place: int, _row: RowButton) -> None:
        if place < len(self._shown):
            self.send(ChildChosen(self._shown[place].link_id))


load_beside(__file__)
