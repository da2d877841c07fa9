"""My purchases of twelve months, the newest first, each with its points."""

from __future__ import annotations

from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.points.state import PurchaseChosen, PurchaseList
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.points import Purchase
from kiosk.texts.numbers import say_signed
from screens.frame.page import Send
from screens.points.paged import PagedPage
from screens.points.purchase_row import PurchaseRow
from screens.points.words import say_place, say_yuan
from screens.widgets.kv import load_beside

ROOM, ROOM_LARGE = 4, 2
DAY, CLOCK = slice(0, 10), slice(11, 16)


class PurchasesPage(PagedPage):
    """The page.

    Attributes:
        total: How many there are.
        page: Which page this is, in words.
        is_empty: There is none.
    """

    touches = {"back": Back}

    total = StringProperty("")
    page = StringProperty("")
    is_empty = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._purchases: tuple[Purchase, ...] = ()
        self._first = 0
        self._rows = [
            PurchaseRow(
                test_id=f"purchases.{place}",
                box=[48, 1000 + place * 146, 984, 122],
                box_large=[48, 900 + place * 214, 984, 190] if place < ROOM_LARGE else [],
            )
            for place in range(ROOM)
        ]
        for place, row in enumerate(self._rows):
            row.bind(on_release=partial(self._choose, place))
            self.add_widget(row)

    def render(self, state: PurchaseList, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show purchases."""
        self.is_end_primary = True
        self._purchases, self.is_empty = state.purchases, not state.purchases
        self.total = f"{state.total:,}"
        self.has_more, self.is_waiting = bool(state.next_page), state.is_loading
        self.show_rows()

    def wipe(self) -> None:
        """Forget the purchases."""
        self._purchases = ()
        self.total = self.page = ""
        self.lay(0, self.room())

    def count(self) -> int:
        """Return how many purchases are here."""
        return len(self._purchases)

    def room(self) -> int:
        """Return how many a leaf shows."""
        return ROOM_LARGE if self.is_large else ROOM

    def lay(self, first: int, room: int) -> None:
        """Show up to `room` purchases from `first` on."""
        self._first = first
        seen = self._purchases[first : first + room]
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(seen)
            self._say(row, seen[place] if row.is_shown else None)
        page, pages = int(self.leaf) + 1, int(self.leaves)
        self.page = ""
        if seen:
            self.page = self.tr("points.page.open", page=page) if self.has_more else self.tr("points.page", page=page, pages=pages)

    def _say(self, row: PurchaseRow, purchase: Purchase | None) -> None:
        if purchase is None:
            row.title = row.note = row.value = row.under = ""
            return
        tr = self.tr
        kept = purchase.points - purchase.taken_back
        row.title = say_yuan(tr, purchase.total_fen)
        row.note = say_place(self.tr, purchase.store_name, purchase.sold_at[DAY] if self.is_large else purchase.sold_at)
        row.value = tr("purchases.points", count=say_signed(kept)) if purchase.points else tr("purchases.no_points")
        row.under = tr("purchases.returned") if purchase.refund_fen else ""

    def _choose(self, place: int, _row: PurchaseRow) -> None:
        chosen = self._first + place
        if chosen < len(self._purchases):
            self.send(PurchaseChosen(self._purchases[chosen].sale_id))


load_beside(__file__)
