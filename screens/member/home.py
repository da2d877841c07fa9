"""The member's home: tier, points and coupons at a glance, everything masked by the centre, and the ways on as tiles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.member.errands import PLACES, Errand
from kiosk.flows.member.flow import awaits_phone, is_card_lost
from kiosk.flows.member.state import ErrandChosen, MemberHome, TakeCardChosen
from kiosk.ports.display import Chrome
from kiosk.ports.perks import OwnNews
from kiosk.ports.points import Climb
from kiosk.ports.values import Membership
from kiosk.texts import Phrase, Texts
from kiosk.texts.days import say_day, say_short_day
from kiosk.texts.money import Yuan
from kiosk.texts.names import say_tier
from screens.frame.page import Page, Send
from screens.member.tiles import LOOKS, usable
from screens.widgets.kv import load_beside
from screens.widgets.tile import Tile

ROOM, ROOM_BUSY, ROOM_LARGE = 9, 6, 4
"""Tiles on a page: in three rows where nothing but tiles is below the figures, else in two above the buttons."""
TILES = 992
"""Top of the tiles, design px."""
NOON, EVENING = 12, 18
CLIMB_WIDTH = 600


class MemberPage(Page):
    """The page.

    Attributes:
        greeting: By the time of day, with the masked name.
        tier: Name of the tier.
        number: Membership number, masked.
        points: Points that can be used.
        pending: Points to come, in words.
        climb: What is missing to the next tier, "" where there is none above.
        climb_brief: The same without the name of that tier.
        climb_width: How much of the bar is full, design px.
        coupons: How many coupons can be used; `coupons_unit` is what they are counted in, small beside it.
        expiring: Points that expire next, with their unit in the same way.
        expire_on: When they do, in words.
        application: Where the application stands, in a word.
        is_card_lost: The card was reported lost, and there is no new one yet.
        may_take_card: A card waits to be written, the first one or a new one.
        code: Text of the code for the till; a minute's, once.
        gift: Of the birthday gift that can be had today, "" for none.
        gift_note: Until when.
        has_pending: There are points to come.
        expiring_line: The same in one line, for the hero of large type; "" where none expire.
        headline: In large type gift and news of the benefits in one line; "" for none.
        headline_icon: Its icon.
        is_linked: The centre can be reached.
        leaf: Page of tiles, from 0.
        leaves: How many there are.
    """

    touches = {
        "take_card": TakeCardChosen,
        "gift": partial(ErrandChosen, Errand.BENEFITS),
        "benefits": partial(ErrandChosen, Errand.BENEFITS),
    }

    greeting = StringProperty("")
    tier = StringProperty("")
    number = StringProperty("")
    points = StringProperty("")
    pending = StringProperty("")
    climb = StringProperty("")
    climb_brief = StringProperty("")
    climb_width = NumericProperty(0)
    coupons = StringProperty("")
    coupons_unit = StringProperty("")
    expiring = StringProperty("")
    expiring_unit = StringProperty("")
    expire_on = StringProperty("")
    application = StringProperty("")
    is_card_lost = BooleanProperty(False)
    code = StringProperty("")
    may_take_card = BooleanProperty(False)
    is_linked = BooleanProperty(True)
    gift = StringProperty("")
    gift_note = StringProperty("")
    has_pending = BooleanProperty(False)
    headline = StringProperty("")
    headline_icon = StringProperty("")
    expiring_line = StringProperty("")
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the tiles once; `now` is the time of day for the greeting."""
        super().__init__(send, **kwargs)
        self._now = now
        self._membership: Membership | None = None
        self._news = OwnNews()
        self._tiles = [Tile(box_large=_box_large(place) if place < ROOM_LARGE else []) for place in range(ROOM)]
        for place, tile in enumerate(self._tiles):
            tile.bind(on_release=partial(self._choose, place))
            self.add_widget(tile)

    def render(self, state: MemberHome, chrome: Chrome) -> None:
        """Show the membership."""
        membership = self._membership = state.membership
        self.is_card_lost = is_card_lost(membership)
        self.may_take_card = bool(membership.issue_grant) or self.is_card_lost or awaits_phone(membership)
        self.is_end_primary = not self.may_take_card
        self.code = state.code
        self._tell_gift(state.news)
        self.is_linked = chrome.is_linked
        self._greet(membership, say_tier(self.tr, chrome.tier_name(membership.tier)))
        self._count(membership)
        self._climb(membership.climb, chrome)
        self._tell_headline(state.news)
        self._show_leaf()

    def enter(self) -> None:
        """The first tiles come first."""
        self.leaf = 0
        if self._membership is not None:
            self._show_leaf()

    def turn(self, step: int) -> None:
        """Other tiles."""
        self.leaf = min(max(0, self.leaf + step), self.leaves - 1)
        self._show_leaf()

    def say_next(self, tr: Texts, leaf: float, leaves: float, is_large: bool, has_middle: bool) -> str:  # noqa: FBT001 - from kv
        """Return the words of the button onwards, with as much as it has room for."""
        if has_middle or not is_large:
            return "" if is_large else tr("points.next")
        return tr("button.next_page", page=int(leaf) + 1, pages=int(leaves))

    def wipe(self) -> None:
        """Forget everything about the member."""
        self._membership, self._news = None, OwnNews()
        self.gift = self.gift_note = self.headline = self.climb_brief = self.expiring_line = ""
        for name in ("greeting", "tier", "number", "points", "pending", "climb", "coupons", "expiring", "expire_on", "application", "code"):
            setattr(self, name, "")
        self.coupons_unit = self.expiring_unit = ""
        self.climb_width = 0
        for tile in self._tiles:
            tile.is_shown = False
            tile.title = tile.note = tile.badge = ""

    def _tell_gift(self, news: OwnNews) -> None:
        self._news, gift = news, news.gift
        if gift is None:
            self.gift = self.gift_note = ""
            return
        self.gift = self.tr("member.gift", amount=Yuan(gift.value_fen))
        self.gift_note = self.tr("member.gift.until", date=say_day(self.tr, gift.valid_until))

    def _tell_headline(self, news: OwnNews) -> None:
        """Say gift and changes in the one row that large type has for them; the page behind it tells more of both."""
        self.headline, self.headline_icon = self.gift, "cake" if self.gift else "gift"
        if news.changes and self.gift:
            self.headline = self.tr("member.headline.both", gift=self.gift, count=news.changes)
        elif news.changes:
            self.headline = self.tr("member.headline.news", count=news.changes)

    def _greet(self, membership: Membership, tier: str) -> None:
        if membership.name_masked:
            self.greeting = self.tr(f"member.greeting.{_part_of_day(self._now().hour)}", name=membership.name_masked)
        else:
            self.greeting = self.tr("member.greeting.plain")
        self.tier, self.number = tier, membership.membership_number_masked

    def _count(self, membership: Membership) -> None:
        tr = self.tr
        self.points = f"{membership.points_available:,}"
        self.has_pending = membership.points_pending > 0
        self.pending = tr("member.no_pending") if membership.points_available else ""
        if membership.points_pending:
            self.pending = tr("member.pending", count=f"{membership.points_pending:,}")
        self.coupons, self.coupons_unit = _unit_apart(tr("member.coupons.count", count=usable(membership)))
        self.expiring, self.expiring_unit = _unit_apart(tr("member.points.count", count=f"{membership.points_expiring:,}"))
        self.expire_on = say_expiry(tr, membership, self._now().year)
        self.expiring_line = ""
        if membership.points_expiring and membership.points_expire_on:
            self.expiring_line = tr("member.expiring.line", count=f"{membership.points_expiring:,}", when=self.expire_on)
        self.application = tr("member.card.lost") if self.is_card_lost else tr(f"application.{membership.application_state}")

    def _climb(self, climb: Climb | None, chrome: Chrome) -> None:
        self.climb, self.climb_brief, self.climb_width = "", "", 0
        if climb is not None and climb.goal > climb.points:
            missing, tier = f"{climb.goal - climb.points:,}", say_tier(self.tr, chrome.tier_name(climb.tier))
            self.climb, self.climb_brief = self.tr("member.climb", count=missing, tier=tier), self.tr("member.climb.brief", count=missing)
            # A bar narrower than it is high would not be round any more.
            self.climb_width = max(18, round(CLIMB_WIDTH * climb.points / climb.goal))

    def _room(self) -> int:
        if not self.is_large:
            return ROOM_BUSY if self.may_take_card or len(PLACES) > ROOM else ROOM
        return ROOM_LARGE

    def _seen(self) -> list[Errand]:
        room, first = self._room(), int(self.leaf) * self._room()
        return list(PLACES)[first : first + room]

    def _show_leaf(self) -> None:
        self.leaves = max(1, -(-len(PLACES) // self._room()))
        self.leaf = min(self.leaf, self.leaves - 1)
        seen = self._seen()
        pitch, height = (200, 176) if self._room() == ROOM else (212, 188)
        for place, tile in enumerate(self._tiles):
            # News come a moment after the page: they have a place of their own below, so that no tile moves from under a finger.
            tile.box = [48 + 336 * (place % 3), TILES + pitch * (place // 3), 312, height]
            tile.is_shown = place < len(seen)
            if tile.is_shown:
                self._dress(tile, seen[place])

    def _dress(self, tile: Tile, way: Errand) -> None:
        membership, look = self._membership, LOOKS[way]
        if membership is None:
            return
        tile.test_id = f"member.{way}"
        tile.icon, tile.hue = look.icon, look.hue
        tile.title = self.tr(f"member.tile.{way}")
        tile.note = self.tr(f"member.tile.{way}.note", **look.values(membership))
        badge = look.badge(self.tr, membership, self._news) if self.is_linked else ""
        if badge and self.is_large:
            # The low tile has no room above its title.
            tile.note, badge = look.large(self.tr, membership, badge), ""
        tile.badge = badge
        is_campaigns = way is Errand.CAMPAIGNS
        # Campaigns can be looked at from what the kiosk remembers, as a guest can.
        tile.disabled = not self.is_linked and not is_campaigns
        if is_campaigns and not self.is_linked:
            tile.note = self.tr("member.tile.campaigns.offline")
        tile.reason = self.tr("menu.no_network.short")

    def _choose(self, place: int, _tile: Tile) -> None:
        seen = self._seen()
        if place < len(seen):
            self.send(ErrandChosen(seen[place]))


def _box_large(place: int) -> list[int]:
    return [48 + 504 * (place % 2), 928 + 184 * (place // 2), 480, 160]


def say_expiry(tr: Texts, membership: Membership, this_year: int) -> Phrase:
    """Return when the next points expire: the day where it is in this year, else the year."""
    if not (membership.points_expiring and membership.points_expire_on):
        return tr("member.no_expiring")
    day = date.fromisoformat(membership.points_expire_on)
    if day.year != this_year:
        return tr("member.expiring.year", year=day.year)
    return tr("member.expiring", date=say_short_day(tr, membership.points_expire_on))


def _unit_apart(said: str) -> tuple[str, str]:
    """Return a number and the unit behind it, "" where the language says none."""
    number, _, unit = said.partition(" ")
    return number, unit


def _part_of_day(hour: int) -> str:
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


load_beside(__file__)
