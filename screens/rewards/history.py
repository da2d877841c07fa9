"""What the member redeemed, the newest first, and where each stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.rewards.state import RedemptionChosen, RedemptionList, RowsTurned
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.rewards import OwnRedemption, RedemptionState
from kiosk.texts.days import say_near_day
from screens.frame.page import Page, Send
from screens.points.purchase_row import PurchaseRow
from screens.rewards.words import fitted, say_state
from screens.widgets.kv import load_beside

ROOM, ROOM_LARGE = 4, 2
TITLE_UNITS, TITLE_UNITS_LARGE = 26, 16
_LOOKS = {
    RedemptionState.WAITING: ("gift", "red"),
    RedemptionState.PICKED_UP: ("package", "green"),
    RedemptionState.GIVEN_BACK: ("arrow-counter-clockwise", "gold"),
    RedemptionState.OTHER: ("hourglass-medium", "gold"),
}


class HistoryPage(Page):
    """The page.

    Attributes:
        waiting: How many wait to be picked up.
        note: What can be done here.
        page: Which page this is, in words.
        is_empty: There is none.
    """

    touches = {"back": Back}

    waiting = StringProperty("")
    note = StringProperty("")
    page = StringProperty("")
    is_empty = BooleanProperty(False)
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the rows once; `now` says what year it is."""
        super().__init__(send, **kwargs)
        self._now = now
        self._seen: tuple[OwnRedemption, ...] = ()
        self._rows = [
            PurchaseRow(
                test_id=f"history.{place}",
                box=[48, 1000 + place * 146, 984, 122],
                box_large=[48, 900 + place * 214, 984, 190] if place < ROOM_LARGE else [],
            )
            for place in range(ROOM)
        ]
        for place, row in enumerate(self._rows):
            row.bind(on_release=partial(self._choose, place))
            self.add_widget(row)

    def render(self, state: RedemptionList, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show redemptions from the state's first one on."""
        self.is_end_primary, self.is_empty = True, not state.redemptions
        self.waiting = str(sum(own.redemption.state is RedemptionState.WAITING for own in state.redemptions))
        self.note = self.tr("history.note.masked" if any(own.is_masked for own in state.redemptions) else "history.note")
        room = self._room
        self.leaves = max(1, -(-len(state.redemptions) // room))
        self.leaf = min(state.first // room, self.leaves - 1)
        self._seen = state.redemptions[int(self.leaf) * room : (int(self.leaf) + 1) * room]
        self.page = self.tr("points.page", page=int(self.leaf) + 1, pages=int(self.leaves)) if self.leaves > 1 else ""
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(self._seen)
            self._say(row, self._seen[place] if row.is_shown else None)

    def turn(self, step: int) -> None:
        """Other rows."""
        wanted = min(max(0, int(self.leaf) + step), int(self.leaves) - 1)
        self.send(RowsTurned(wanted * self._room))

    def wipe(self) -> None:
        """Forget what was redeemed."""
        self._seen = ()
        self.waiting = self.page = ""
        for row in self._rows:
            row.is_shown = False
            self._say(row, None)

    @property
    def _room(self) -> int:
        return ROOM_LARGE if self.is_large else ROOM

    def _say(self, row: PurchaseRow, own: OwnRedemption | None) -> None:
        if own is None:
            row.title = row.note = row.value = row.under = ""
            return
        tr, today, redemption = self.tr, self._now().date(), own.redemption
        row.icon, row.hue = _LOOKS[redemption.state]
        row.title = fitted(own.title or tr("redemption.state.other"), TITLE_UNITS_LARGE if self.is_large else TITLE_UNITS)
        row.note = tr("history.made", date=say_near_day(tr, own.made_on, today), count=own.qty)
        row.value = say_state(tr, redemption.state)
        row.under = tr("history.until", date=say_near_day(tr, redemption.last_day, today)) if redemption.last_day else ""

    def _choose(self, place: int, _row: PurchaseRow) -> None:
        if place < len(self._seen):
            self.send(RedemptionChosen(self._seen[place].redemption.redemption_id))


load_beside(__file__)
