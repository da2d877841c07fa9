"""The catalogue: six rewards on a page, what each costs, and at once what is possible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.rewards.state import OnlyAvailableToggled, RedemptionsChosen, RewardChosen, RewardList, RowsTurned
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.rewards import Reward
from kiosk.texts.days import is_soon, say_near_day
from screens.frame.page import Page, Send
from screens.rewards.tile import RewardTile
from screens.rewards.words import standing_of
from screens.widgets.kv import load_beside

ROOM, ROOM_LARGE = 6, 2
_COLUMNS = 3


class CataloguePage(Page):
    """The page.

    Attributes:
        available: Points that can be used.
        expiring: How many end next, "" where none do.
        expire_on: When.
        count: How many rewards, and which page.
        nothing: What is said where there is none to show, "" elsewhere.
        nothing_note: What helps.
        is_only_available: The filter is on.
        leaf: Page, from 0.
        leaves: How many there are.
    """

    touches = {"back": Back, "filter": OnlyAvailableToggled, "history": RedemptionsChosen}

    available = StringProperty("")
    expiring = StringProperty("")
    expire_on = StringProperty("")
    count = StringProperty("")
    nothing = StringProperty("")
    nothing_note = StringProperty("")
    is_only_available = BooleanProperty(False)
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the tiles once; `now` says what year it is."""
        super().__init__(send, **kwargs)
        self._now = now
        self._seen: tuple[Reward, ...] = ()
        self._tiles = [self._tile(place) for place in range(ROOM)]
        for tile in self._tiles:
            self.add_widget(tile)

    def render(self, state: RewardList, chrome: Chrome) -> None:
        """Show the rewards from the state's first one on."""
        self.is_end_primary = True
        membership, meant, room = state.membership, state.meant, self._room
        self.is_only_available = state.is_only_available
        self.available = f"{membership.points_available:,}"
        self.expiring, self.expire_on = "", ""
        if membership.points_expiring and membership.points_expire_on:
            key = "rewards.expiring" if is_soon(membership.points_expire_on, self._now().date()) else "rewards.expiring.first"
            self.expiring = self.tr(key, count=f"{membership.points_expiring:,}")
            self.expire_on = self.tr("rewards.expiring.note", date=say_near_day(self.tr, membership.points_expire_on, self._now().date()))
        self.leaves = max(1, -(-len(meant) // room))
        # Large type shows fewer: the page that holds the first one of before.
        self.leaf = min(state.first // room, self.leaves - 1)
        self._seen = meant[int(self.leaf) * room : (int(self.leaf) + 1) * room]
        self._count(len(meant), is_empty=not state.rewards)
        for place, tile in enumerate(self._tiles):
            tile.is_shown = place < len(self._seen)
            if tile.is_shown:
                reward = self._seen[place]
                standing = standing_of(self.tr, reward, membership, chrome.tier_name(reward.min_tier))
                tile.say(reward, standing, self.tr("rewards.unit"))
            else:
                tile.wipe()

    def turn(self, step: int) -> None:
        """Other rewards."""
        wanted = min(max(0, int(self.leaf) + step), int(self.leaves) - 1)
        self.send(RowsTurned(wanted * self._room))

    def wipe(self) -> None:
        """Forget what the member has and could have."""
        self._seen = ()
        for name in ("available", "expiring", "expire_on", "count", "nothing", "nothing_note"):
            setattr(self, name, "")
        for tile in self._tiles:
            tile.is_shown = False
            tile.wipe()

    @property
    def _room(self) -> int:
        return ROOM_LARGE if self.is_large else ROOM

    def _count(self, meant: int, *, is_empty: bool) -> None:
        tr, which = self.tr, "empty" if is_empty else "none"
        paged = tr("rewards.pages", count=meant, page=int(self.leaf) + 1, pages=int(self.leaves))
        self.count = "" if not meant else paged if self.leaves > 1 else tr("rewards.count", count=meant)
        self.nothing = "" if meant else tr(f"rewards.{which}")
        self.nothing_note = "" if meant else tr(f"rewards.{which}.note")

    def _choose(self, place: int, _tile: RewardTile) -> None:
        if place < len(self._seen):
            self.send(RewardChosen(self._seen[place].reward_id))

    def _tile(self, place: int) -> RewardTile:
        row, column = divmod(place, _COLUMNS)
        tile = RewardTile(
            test_id=f"rewards.{place}",
            box=[48 + column * 336, 708 + row * 404, 312, 380],
            box_large=[48 + place * 504, 628, 480, 460] if place < ROOM_LARGE else [],
        )
        tile.bind(on_release=partial(self._choose, place))
        return tile


load_beside(__file__)
