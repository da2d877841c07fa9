"""My points by entry: each movement with the balance after it, the newest first, and which lot paid for a redemption."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.points.state import PointsByEntry, StatementChosen
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.points import PointsEntry
from kiosk.texts.names import say_origin
from kiosk.texts.numbers import say_signed
from screens.frame.page import Send
from screens.points.paged import PagedPage
from screens.points.row import RowWords
from screens.points.rows import Measures, Rows
from screens.points.words import say_payers, say_place
from screens.widgets.kv import load_beside

NORMAL = Measures(top=324, height=160, room=7)
LARGE = Measures(top=330, height=234, room=4)


class ByEntryPage(PagedPage):
    """The page.

    Attributes:
        page: Which page this is, in words.
        is_empty: There is no movement.
    """

    touches = {"back": Back, "statement": StatementChosen}

    page = StringProperty("")
    is_empty = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._entries: tuple[PointsEntry, ...] = ()
        self._rows = Rows(self, NORMAL, LARGE)

    def render(self, state: PointsByEntry, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show movements."""
        self.is_end_primary = True
        self._entries, self.is_empty = state.entries, not state.entries
        self.has_more, self.is_waiting = bool(state.next_page), state.is_loading
        self.show_rows()

    def wipe(self) -> None:
        """Forget the movements."""
        self._entries, self.page = (), ""
        self._rows.hide()

    def count(self) -> int:
        """Return how many movements are here."""
        return len(self._entries)

    def room(self) -> int:
        """Return how many a leaf shows."""
        return self._rows.room

    def lay(self, first: int, room: int) -> None:
        """Show up to `room` movements from `first` on."""
        self._rows.show([self._say(entry) for entry in self._entries[first : first + room]])
        page, pages = int(self.leaf) + 1, int(self.leaves)
        is_open = self.has_more or not self._entries
        self.page = self.tr("points.page.open", page=page) if is_open else self.tr("points.page", page=page, pages=pages)

    def _say(self, entry: PointsEntry) -> RowWords:
        origin = say_origin(self.tr, entry.origin)
        return RowWords(
            title=entry.campaign or origin,
            place=say_place(self.tr, entry.store_name or (origin if entry.campaign else ""), entry.at),
            extra=say_payers(self.tr, entry, is_large=self.is_large),
            value=say_signed(entry.points),
            aside_label="" if self.is_large else self.tr("points.entry.balance.label"),
            aside=self.tr("points.entry.balance", count=f"{entry.balance:,}") if self.is_large else f"{entry.balance:,}",
        )


load_beside(__file__)
