"""The list of coupons: three shelves, six on a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.coupons.state import CouponChosen, CouponList, Shelf, ShelfChosen, is_ready, shelf_of
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.perks import OwnCoupon
from kiosk.texts.days import say_day
from screens.coupons.ticket import Ticket
from screens.coupons.words import is_past, say_condition, say_end, say_value, standing_of
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

ROOM, ROOM_LARGE = 6, 2
_COLUMNS, _LARGE_TOP = 3, 776


class CouponListPage(Page):
    """The page.

    Attributes:
        usable: How many can be used today; the shelf also holds what is still to begin or to be claimed.
        first_end: When the next one ends, in words; "" where none does.
        shelf: Which shelf is shown.
        heading: The shelf's name with its number.
        nothing: What is said of an empty shelf, "" where it is none.
        leaf: Page of the shelf, from 0.
        leaves: How many there are.
    """

    touches = {"back": Back}

    usable = StringProperty("")
    first_end = StringProperty("")
    shelf = StringProperty(Shelf.READY)
    ready = StringProperty("")
    used = StringProperty("")
    ended = StringProperty("")
    nothing = StringProperty("")
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)
    has_pages = BooleanProperty(False)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the tickets once; `now` says what day it is."""
        super().__init__(send, **kwargs)
        self._now = now
        self._held: tuple[OwnCoupon, ...] = ()
        self._tickets = [self._ticket(place) for place in range(ROOM)]
        for ticket in self._tickets:
            self.add_widget(ticket)

    def render(self, state: CouponList, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show a shelf."""
        self.is_end_primary = True
        if state.shelf != self.shelf:
            self.leaf = 0
        self.shelf = state.shelf
        today = self._now().date().isoformat()
        ready = [coupon for coupon in state.coupons if is_ready(coupon) and coupon.valid_from <= today]
        self.usable = str(len(ready))
        self.first_end = self.tr("coupons.first_end", date=say_day(self.tr, min(one.valid_until for one in ready))) if ready else ""
        for shelf in Shelf:
            count = sum(shelf_of(coupon) is shelf for coupon in state.coupons)
            setattr(self, shelf.value, self.tr(f"coupons.shelf.{shelf}", count=count))
        self._held = tuple(coupon for coupon in state.coupons if shelf_of(coupon) is state.shelf)
        self.nothing = "" if self._held else self.tr(f"coupons.none.{state.shelf}")
        self._show_leaf()

    def turn(self, step: int) -> None:
        """Other coupons of the shelf."""
        self.leaf = min(max(0, self.leaf + step), self.leaves - 1)
        self._show_leaf()

    def choose_shelf(self, shelf: str) -> None:
        """Another shelf."""
        self.send(ShelfChosen(Shelf(shelf)))

    def open(self, place: int) -> None:
        """One coupon."""
        held = self._held[self._first + place : self._first + place + 1]
        if held:
            self.send(CouponChosen(held[0].coupon_id))

    def wipe(self) -> None:
        """Forget everything about the member."""
        self.leaf = 0
        self.conceal()

    def conceal(self) -> None:
        """Blank the coupons; the page stays where it is."""
        self._held = ()
        for name in ("usable", "first_end", "ready", "used", "ended", "nothing"):
            setattr(self, name, "")
        for ticket in self._tickets:
            ticket.is_shown = False
            ticket.wipe()

    @property
    def _room(self) -> int:
        return ROOM_LARGE if self.is_large else ROOM

    @property
    def _first(self) -> int:
        return int(self.leaf) * self._room

    def _show_leaf(self) -> None:
        self.leaves = max(1, -(-len(self._held) // self._room))
        self.leaf = min(self.leaf, self.leaves - 1)
        self.has_pages = self.leaves > 1
        seen = self._held[self._first : self._first + self._room]
        today = self._now().date().isoformat()
        for place, ticket in enumerate(self._tickets):
            ticket.is_shown = place < len(seen)
            if place < len(seen):
                self._fill(ticket, seen[place], today)
            else:
                ticket.wipe()

    def _fill(self, ticket: Ticket, coupon: OwnCoupon, today: str) -> None:
        standing = standing_of(self.tr, coupon, today)
        ticket.is_past = is_past(coupon)
        ticket.value, ticket.condition = say_value(self.tr, coupon), say_condition(self.tr, coupon)
        ticket.end = say_end(self.tr, coupon)
        ticket.state, ticket.state_icon, ticket.state_ink = standing.words, standing.icon, standing.ink

    def _ticket(self, place: int) -> Ticket:
        row, column = divmod(place, _COLUMNS)
        ticket = Ticket(
            test_id=f"coupons.{place}",
            box=[48 + column * 336, 728 + row * 388, 312, 364],
            box_large=[48 + place * 504, _LARGE_TOP, 480, 312] if place < ROOM_LARGE else [-9000, 0, 480, 312],
        )
        ticket.bind(on_release=lambda *_args: self.open(place))
        return ticket


load_beside(__file__)
