"""One purchase: what was bought and paid, the points that it brought, why, and what became of them with goods that came back."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.points.state import PurchaseShown
from kiosk.flows.step import Back, RetryChosen
from kiosk.ports.display import Chrome
from kiosk.ports.points import PurchaseDetail, PurchaseLine
from kiosk.texts.days import say_day, say_moment
from kiosk.texts.money import Yuan
from kiosk.texts.names import say_goods, say_tender
from kiosk.texts.numbers import say_signed
from screens.frame.explanation import say_explanation
from screens.frame.message import reason_title
from screens.frame.page import Send
from screens.points.paged import PagedPage
from screens.points.row import RowWords
from screens.points.rows import Measures, Rows
from screens.points.words import say_place, say_yuan
from screens.widgets.kv import load_beside

NORMAL = Measures(top=588, height=156, room=4)
LARGE = Measures(top=548, height=250, room=2)


class PurchasePage(PagedPage):
    """The page.

    Attributes:
        place: Where and when.
        place_large: The same on two lines, for large type.
        number: Of the receipt.
        total: What was paid.
        points: Points that it earned.
        taken_back: Of these, what went back.
        paid: How it was paid.
        returned: The last return, in words, "" for none.
        why: Why so many points, line by line.
        is_why_missing: It could not be said, and can be asked again.
    """

    touches = {"back": Back, "why": RetryChosen}

    place = StringProperty("")
    place_large = StringProperty("")
    number = StringProperty("")
    total = StringProperty("")
    points = StringProperty("")
    taken_back = StringProperty("")
    paid = StringProperty("")
    returned = StringProperty("")
    why = StringProperty("")
    is_why_missing = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._lines: tuple[PurchaseLine, ...] = ()
        self._rows = Rows(self, NORMAL, LARGE)

    def render(self, state: PurchaseShown, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the purchase."""
        self.is_end_primary = True
        tr, detail, purchase = self.tr, state.detail, state.detail.purchase
        self._lines = detail.lines
        self.place = say_place(tr, purchase.store_name, purchase.sold_at)
        self.place_large = "\n".join(part for part in (purchase.store_name, say_moment(tr, purchase.sold_at)) if part)
        self.number = tr("purchase.number", number=purchase.sale_id)
        self.total, self.points = say_yuan(tr, purchase.total_fen), say_signed(purchase.points)
        self.taken_back = say_signed(-purchase.taken_back) if purchase.taken_back else "0"
        self._tell(detail)
        self._tell_why(state)
        self.show_rows()

    def wipe(self) -> None:
        """Forget the purchase."""
        self._lines = ()
        for name in ("place", "place_large", "number", "total", "points", "taken_back", "paid", "returned", "why"):
            setattr(self, name, "")
        self._rows.hide()

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self._lines)

    def room(self) -> int:
        """Return how many a leaf shows."""
        return self._rows.room

    def lay(self, first: int, room: int) -> None:
        """Show up to `room` lines from `first` on."""
        self._rows.show([self._say(line) for line in self._lines[first : first + room]])

    def _tell(self, detail: PurchaseDetail) -> None:
        tr, purchase = self.tr, detail.purchase
        between = str(tr("purchase.tender.between"))
        how = between.join(f"{say_tender(tr, tender.type)} {say_yuan(tr, tender.fen)}" for tender in detail.tenders[:2])
        self.paid = tr("purchase.paid_with", how=how) if how else tr("purchase.paid_unknown")
        last = detail.returns[-1] if detail.returns else None
        self.returned = ""
        if last is not None:
            amount = Yuan(purchase.refund_fen)
            self.returned = tr("purchase.returns", date=say_day(tr, last.on[:10]), amount=amount, points=f"{purchase.taken_back:,}")

    def _tell_why(self, state: PurchaseShown) -> None:
        self.is_why_missing = state.why_not is not None
        if state.why_not is not None:
            lines = [reason_title(self.tr, state.why_not)]
        elif state.why is None:
            lines = [self.tr("purchase.why.loading")]
        else:
            lines = say_explanation(self.tr, state.why) or [self.tr("purchase.why.unknown")]
        self.why = "\n".join(lines)

    def _say(self, line: PurchaseLine) -> RowWords:
        tr = self.tr
        extra = []
        if line.discount_fen:
            extra.append(tr("purchase.line.discount", amount=Yuan(line.discount_fen)))
        if line.returned:
            extra.append(tr("purchase.line.returned", count=line.returned))
        return RowWords(
            title=say_goods(tr, line.category),
            place=line.sku,
            extra="　".join(extra),
            value=tr("purchase.line.qty", count=line.qty),
            aside_label="" if line.earns else tr("purchase.line.no_points"),
            aside=say_yuan(tr, line.total_fen),
        )


load_beside(__file__)
