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
from screens.frame.page import Send
from screens.frame.row_button import RowButton
from screens.points.paged import PagedPage
from screens.widgets.kv import load_beside

MOST = 5
"""As many as one guardian can have (server_stub/domain/rules): fewer rows would hide a child."""
ROOM_LARGE = 2


class ChildrenPage(PagedPage):
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
        self._rows = [RowButton(icon="baby", hue="gold", holds_name=True) for _ in range(MOST)]
        for place, row in enumerate(self._rows):
            row.test_id = f"children.{place + 1}"
            row.bind(on_release=partial(self._choose, place))
            self.add_widget(row)

    def render(self, state: ChildrenShown, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the children."""
        self._shown = state.children.children[:MOST]
        self.may_act, self.is_empty = state.children.may_act, not self._shown
        self.note = self.tr("children.none.note" if self.is_empty else "children.note" if self.may_act else "children.note.card")
        self.show_rows()

    def wipe(self) -> None:
        """Forget the children."""
        self._shown = ()
        for row in self._rows:
            row.is_shown = False
            row.title = row.note = row.reason = ""

    def count(self) -> int:
        """Return how many children there are."""
        return len(self._shown)

    def room(self) -> int:
        """Return how many a leaf shows: all of them, but in large type no more than can be reached."""
        return ROOM_LARGE if self.is_large and self.may_act else MOST

    def lay(self, first: int, room: int) -> None:
        """Show up to `room` children from `first` on."""
        seen = self._shown[first : first + room]
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(seen)
            if row.is_shown:
                row.box, row.box_large = self._boxes(place)
                self._dress(row, seen[place])

    def _boxes(self, place: int) -> tuple[list[int], list[int]]:
        """Rows that only tell stand where a page begins; those that can be touched show enough of themselves below the reach line."""
        if not self.may_act:
            return [48, 324 + place * 180, 984, 164], [48, 396 + place * 172, 984, 160]
        # Five rows 24 apart would have to be lower than their two lines.
        pitch, height = (160, 136) if len(self._shown) < MOST else (120, 108)
        return [48, 1088 + place * pitch - height, 984, height], [48, 944 + place * 168, 984, 144]

    def _dress(self, row: RowButton, child: LinkedChild) -> None:
        row.title = say_child(self.tr, child, "children.named")
        row.note = self.tr("children.member") if child.is_member else self.tr("children.pending")
        row.reason = row.note
        row.disabled = not (child.is_member and self.may_act)

    def _choose(self, place: int, _row: RowButton) -> None:
        seen = self._shown[int(self.leaf) * self.room() :][place : place + 1]
        if seen:
            self.send(ChildChosen(seen[0].link_id))


load_beside(__file__)
