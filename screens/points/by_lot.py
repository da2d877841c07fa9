"""My points by lot: every lot with where it came from, how many are left of it, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.points.state import EntriesChosen, PointsByLot, StatementChosen
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.points import PointsAccount, PointsLot
from kiosk.texts.days import is_soon, say_day, say_near_day, say_short_day
from kiosk.texts.names import say_origin
from screens.frame.page import Send
from screens.points.paged import PagedPage
from screens.points.row import RowWords
from screens.points.rows import Measures, Rows
from screens.points.words import days_left, say_left, say_place
from screens.widgets.kv import load_beside

NORMAL = Measures(top=660, height=150, room=5)
LARGE = Measures(top=548, height=240, room=3)

_PERSONAL = (
    *("available", "available_note", "pending", "pending_note", "expiring", "expiring_note"),
    *("debt", "heading", "heading_large", "rest"),
)


class ByLotPage(PagedPage):
    """The page.

    Attributes:
        available: Points that can be used.
        pending: Points to come.
        pending_note: From when.
        expiring: Points that end next.
        expiring_label: That they end soon, or which end first.
        expiring_note: When.
        is_soon: Something ends.
        debt: What is owed, in words, "" for nothing.
        available_note: That they can be used; in large type also what is to come or owed, which normal type tells elsewhere.
        heading: How many lots, and which page.
        heading_large: The same in large type, with what is on the other pages.
        rest: What is on the other pages, so that the page adds up to the balance.
        is_empty: There is no lot.
    """

    touches = {"back": Back, "entries": EntriesChosen, "statement": StatementChosen}

    available = StringProperty("")
    pending = StringProperty("")
    pending_note = StringProperty("")
    expiring = StringProperty("")
    expiring_label = StringProperty("")
    expiring_note = StringProperty("")
    is_soon = BooleanProperty(False)
    debt = StringProperty("")
    available_note = StringProperty("")
    heading = StringProperty("")
    heading_large = StringProperty("")
    rest = StringProperty("")
    is_empty = BooleanProperty(False)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the rows once; `now` says how many days are left."""
        super().__init__(send, **kwargs)
        self._now = now
        self._lots: tuple[PointsLot, ...] = ()
        self._rows = Rows(self, NORMAL, LARGE)

    def render(self, state: PointsByLot, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show sums and lots."""
        self.is_end_primary = True
        account = state.account
        self._lots, self.is_empty = account.lots, not account.lots
        self._sum(account)
        self.show_rows()

    def wipe(self) -> None:
        """Forget everything about the member."""
        self._lots = ()
        for name in (
            "available",
            "pending",
            "pending_note",
            "expiring",
            "expiring_note",
            "debt",
            "available_note",
            "heading",
            "heading_large",
            "rest",
        ):
            setattr(self, name, "")
        self._rows.hide()

    def count(self) -> int:
        """Return how many lots there are."""
        return len(self._lots)

    def room(self) -> int:
        """Return how many a leaf shows."""
        return self._rows.room

    def lay(self, first: int, room: int) -> None:
        """Show up to `room` lots from `first` on."""
        seen, tr = self._lots[first : first + room], self.tr
        today = self._now().date()
        self._rows.show([self._say(lot, today) for lot in seen])
        others = len(self._lots) - len(seen)
        rest = sum(lot.points for lot in self._lots) - sum(lot.points for lot in seen)
        self.rest = tr("points.lots.rest", count=others, points=f"{rest:,}") if others else tr("points.lots.all") if seen else ""
        page = tr("points.page", page=int(self.leaf) + 1, pages=int(self.leaves)) if self.leaves > 1 else ""
        self.heading = f"{tr('points.lots.count', count=len(self._lots))}　{page}" if seen else ""
        self.heading_large = f"{page}\n{tr('points.lots.others', count=others, points=f'{rest:,}')}" if others else ""

    def _sum(self, account: PointsAccount) -> None:
        tr = self.tr
        self.available, self.pending, self.expiring = (f"{n:,}" for n in (account.available, account.pending, account.expiring))
        when = say_short_day(tr, account.pending_until) if account.pending_until else ""
        self.pending_note = tr("points.pending.none")
        if account.pending:
            self.pending_note = tr("points.pending.note", date=when) if when else tr("points.pending.awaits_card")
        self.available_note = tr("points.available.note") if account.available else ""
        if self.is_large and account.pending:
            self.available_note = tr("points.available.pending", count=self.pending)
        if self.is_large and account.debt:
            self.available_note = tr("points.available.debt", count=f"{account.debt:,}")
        today = self._now().date()
        self.is_soon = bool(account.expiring) and is_soon(account.expiring_last_day, today)
        self.expiring_label = tr("points.expiring" if self.is_soon or not account.expiring else "points.expiring.first")
        self.expiring_note = tr("points.expiring.none")
        if account.expiring:
            self.expiring_note = tr("points.expiring.note", date=say_near_day(tr, account.expiring_last_day, today))
        self.debt = tr("points.debt.note", count=f"{account.debt:,}") if account.debt else ""

    def _say(self, lot: PointsLot, today: date) -> RowWords:
        tr, left = self.tr, days_left(lot.last_day, today)
        origin = say_origin(tr, lot.origin)
        aside_label, aside = (tr("points.lot.until.label"), say_day(tr, lot.last_day)) if lot.last_day else ("", tr("points.lot.endless"))
        if not lot.available_on:
            aside_label, aside = "", tr("points.lot.awaits_card")
        elif date.fromisoformat(lot.available_on) > today:
            aside_label, aside = "", tr("points.lot.from", date=say_short_day(tr, lot.available_on))
        return RowWords(
            title=lot.campaign or origin,
            place=say_place(tr, lot.store_name or (origin if lot.campaign else ""), lot.earned_on),
            value=tr("points.lot.count", count=f"{lot.points:,}"),
            under=tr("points.lot.original", count=f"{lot.original:,}"),
            aside_label=aside_label,
            aside=aside,
            pill=say_left(tr, left),
            part=lot.points / lot.original if lot.original else 0,
            is_soon=is_soon(lot.last_day, today),
        )


load_beside(__file__)
