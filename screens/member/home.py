"""My membership: tier, points and coupons at a glance, everything masked by the centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.member.errands import Errand
from kiosk.flows.member.state import ErrandChosen, MemberHome, TakeCardChosen
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.values import Membership
from kiosk.texts import Phrase, TextError, Texts
from screens.frame.benefit_rows import BenefitRows, Slots, Told
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

NORMAL = Slots(top=1080, pitch=132, height=120, most=3, paged=3)
LARGE = Slots(top=1000, pitch=196, height=180, most=2, paged=1)
NOON, EVENING = 12, 18


class MemberPage(Page):
    """The page.

    Attributes:
        greeting: By the time of day, with the masked name.
        tier: Name of the tier.
        number: Membership number, masked.
        points: Points that can be used.
        pending: Points to come, in words.
        coupons: How many coupons can be used.
        expiring: Points that expire next.
        expire_on: When they do, in words.
        application: Where the application stands, in a word.
        may_take_card: A card waits to be written.
        has_coupons: There is at least one.
        leaf: Page of coupons, from 0.
        leaves: How many there are.
    """

    touches = {
        "back": Back,
        "take_card": TakeCardChosen,
        "coupons": lambda: ErrandChosen(Errand.COUPONS),
        "benefits": lambda: ErrandChosen(Errand.BENEFITS),
        "feedback": lambda: ErrandChosen(Errand.FEEDBACK),
    }

    greeting = StringProperty("")
    tier = StringProperty("")
    number = StringProperty("")
    points = StringProperty("")
    pending = StringProperty("")
    coupons = StringProperty("")
    expiring = StringProperty("")
    expire_on = StringProperty("")
    application = StringProperty("")
    may_take_card = BooleanProperty(False)
    has_coupons = BooleanProperty(False)
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the rows once; `now` is the time of day for the greeting."""
        super().__init__(send, **kwargs)
        self._now = now
        self._coupons: tuple[Told, ...] = ()
        self._rows = BenefitRows(self, NORMAL, LARGE)

    def render(self, state: MemberHome, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the membership."""
        membership = state.membership
        self.may_take_card = bool(membership.issue_grant)
        self.is_end_primary = not self.may_take_card
        self._greet(membership)
        self._count(membership)
        self._coupons = tuple(
            Told(coupon.text_key, coupon.value_fen, coupon.valid_until, coupon.minimum_spend_fen, is_usable=coupon.usable)
            for coupon in membership.coupons
        )
        self.has_coupons = bool(self._coupons)
        self._show_leaf()

    def enter(self) -> None:
        """The first coupons come first."""
        self.leaf = 0

    def turn(self, step: int) -> None:
        """Other coupons."""
        self.leaf = min(max(0, self.leaf + step), self.leaves - 1)
        self._show_leaf()

    def wipe(self) -> None:
        """Forget everything about the member."""
        self._coupons = ()
        for name in ("greeting", "tier", "number", "points", "pending", "coupons", "expiring", "expire_on", "application"):
            setattr(self, name, "")
        self._rows.hide()

    def _greet(self, membership: Membership) -> None:
        if self.is_large or not membership.name_masked:
            self.greeting = (
                self.tr("member.greeting.short", name=membership.name_masked)
                if membership.name_masked
                else self.tr("member.greeting.plain")
            )
        else:
            self.greeting = self.tr(f"member.greeting.{_part_of_day(self._now().hour)}", name=membership.name_masked)
        self.tier, self.number = say_tier(self.tr, membership.tier), membership.membership_number_masked

    def _count(self, membership: Membership) -> None:
        tr = self.tr
        self.points = f"{membership.points_available:,}"
        self.pending = tr("member.pending", count=membership.points_pending) if membership.points_pending else tr("member.no_pending")
        self.coupons = tr("member.coupons.count", count=sum(coupon.usable for coupon in membership.coupons))
        self.expiring = tr("member.points.count", count=f"{membership.points_expiring:,}")
        self.expire_on = say_expiry(tr, membership, self._now().year)
        self.application = tr(f"application.{membership.application_state}")

    def _show_leaf(self) -> None:
        self.leaves = self._rows.leaves(len(self._coupons))
        self.leaf = min(self.leaf, self.leaves - 1)
        self._rows.show(self.tr, self._coupons, int(self.leaf))


def say_tier(tr: Texts, tier: str) -> Phrase:
    """Return the name of a tier; one that is not known yet has a name too."""
    try:
        return tr(f"tier.{tier}")
    except TextError:
        return tr("tier.other")


def say_expiry(tr: Texts, membership: Membership, this_year: int) -> Phrase:
    """Return when the next points expire: the day where it is in this year, else the year."""
    if not (membership.points_expiring and membership.points_expire_on):
        return tr("member.no_expiring")
    day = date.fromisoformat(membership.points_expire_on)
    if day.year != this_year:
        return tr("member.expiring.year", year=day.year)
    return tr("member.expiring", date=tr("date.short", month=tr(f"month.{day.month}"), day=day.day))


def _part_of_day(hour: int) -> str:
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


load_beside(__file__)
