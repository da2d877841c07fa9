"""The list of campaigns: three on a page, two in large type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.campaigns.state import CampaignChosen, CampaignList
from kiosk.flows.step import Back
from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.display import Chrome
from screens.campaigns.row import CampaignRow
from screens.campaigns.words import picture_of, say_until, words_of
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

ROOM, ROOM_LARGE = 3, 2


class CampaignListPage(Page):
    """The page.

    Attributes:
        running: How many have begun, in words; where none has, how many will.
        picture: Of the first of them.
        is_empty: There is none.
        leaf: Page, from 0.
        leaves: How many there are.
    """

    touches = {"back": Back}

    running = StringProperty("")
    picture = StringProperty("")
    is_empty = BooleanProperty(False)
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the rows once; `now` says what has begun."""
        super().__init__(send, **kwargs)
        self._now = now
        self._campaigns: tuple[PublicCampaign, ...] = ()
        self._chrome = Chrome()
        self._rows = [
            CampaignRow(
                test_id=f"campaigns.{place}",
                box=[48, 866 + place * 242, 984, 222],
                box_large=[48, 792 + place * 316, 984, 296] if place < ROOM_LARGE else [],
            )
            for place in range(ROOM)
        ]
        for place, row in enumerate(self._rows):
            row.bind(on_release=partial(self._open, place))
            self.add_widget(row)

    def render(self, state: CampaignList, chrome: Chrome) -> None:
        """Show the campaigns."""
        self._campaigns, self._chrome = state.campaigns, chrome
        self.is_end_primary, self.is_empty = True, not state.campaigns
        running = sum(campaign.has_begun(self._now()) for campaign in state.campaigns)
        self.running = self.tr("campaign.running", count=running) if running else self.tr("campaign.coming", count=len(state.campaigns))
        self.picture = picture_of(state.campaigns[0]) if state.campaigns else "attract-groceries.png"
        self._show_leaf()

    def enter(self) -> None:
        """The first page comes first."""
        self.leaf = 0
        self._show_leaf()

    def turn(self, step: int) -> None:
        """Show other ones."""
        self.leaf = min(max(0, self.leaf + step), self.leaves - 1)
        self._show_leaf()

    def _open(self, place: int, _row: CampaignRow) -> None:
        seen = self._seen()
        if place < len(seen):
            self.send(CampaignChosen(seen[place].campaign_id))

    def _seen(self) -> tuple[PublicCampaign, ...]:
        room = ROOM_LARGE if self.is_large else ROOM
        return self._campaigns[int(self.leaf) * room : int(self.leaf) * room + room]

    def _show_leaf(self) -> None:
        room = ROOM_LARGE if self.is_large else ROOM
        self.leaves = max(1, -(-len(self._campaigns) // room))
        self.leaf = min(self.leaf, self.leaves - 1)
        seen = self._seen()
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(seen)
            if row.is_shown:
                self._fill(row, seen[place])

    def _fill(self, row: CampaignRow, campaign: PublicCampaign) -> None:
        words = words_of(campaign, self._chrome.language)
        row.picture, row.title, row.line = picture_of(campaign), words.title, words.line
        row.until = say_until(self.tr, campaign, self._now())


load_beside(__file__)
