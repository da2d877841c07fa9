"""How a coupon is said: its value, its condition, its days, its state. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.flows.coupons.state import Shelf, is_ready, shelf_of
from kiosk.ports.perks import CouponState, OwnCoupon
from kiosk.texts import Texts
from kiosk.texts.days import say_day
from kiosk.texts.money import Yuan

GROUP = 16
"""Characters of a code in one line."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A state in words, with icon and colour: never by colour alone."""

    words: str
    icon: str
    ink: str


def say_value(tr: Texts, coupon: OwnCoupon) -> str:
    """Return what a coupon is worth."""
    return tr("coupon.value", amount=Yuan(coupon.value_fen))


def say_condition(tr: Texts, coupon: OwnCoupon) -> str:
    """Return the purchase from which it can be used."""
    if not coupon.minimum_spend_fen:
        return tr("coupon.any_spend")
    return tr("benefit.condition", amount=Yuan(coupon.minimum_spend_fen))


def say_end(tr: Texts, coupon: OwnCoupon) -> str:
    """Return its last day, or the day on which it was used; short, because a ticket is narrow."""
    if coupon.redeemed_on:
        return tr("coupon.used_on", date=say_day(tr, coupon.redeemed_on))
    return tr("coupon.until", date=say_day(tr, coupon.valid_until))


def say_where(tr: Texts, coupon: OwnCoupon) -> str:
    """Return in which stores it can be used."""
    if coupon.everywhere:
        return tr("coupon.where.everywhere")
    return tr("coupon.where.here" if coupon.here else "coupon.where.elsewhere")


def say_days(tr: Texts, weekdays: Sequence[int]) -> str:
    """Return on which days of the week it can be used."""
    if not weekdays:
        return tr("coupon.days.every")
    between = str(tr("coupon.day.between"))
    return tr("coupon.days.list", days=between.join(str(tr(f"coupon.day.{day}")) for day in sorted(weekdays)))


def standing_of(tr: Texts, coupon: OwnCoupon, today: str) -> Standing:
    """Return the state in words; `today` as YYYY-MM-DD."""
    if coupon.awaits_card:
        return Standing(tr("coupon.state.awaits_card"), "credit-card", "warn")
    match coupon.state:
        case CouponState.REDEEMED:
            return Standing(tr("coupon.state.used"), "check-circle", "ink2")
        case CouponState.EXPIRED:
            return Standing(tr("coupon.state.expired"), "hourglass-medium", "ink2")
        case CouponState.VOID:
            return Standing(tr("coupon.state.void"), "prohibit", "ink2")
        case CouponState.ISSUED:
            return Standing(tr("coupon.state.claim"), "gift", "blue")
        case CouponState.CLAIMED | CouponState.ROLLED_BACK:
            return _ready(tr, coupon, today)


def is_past(coupon: OwnCoupon) -> bool:
    """Tell whether nothing can come of it any more."""
    return shelf_of(coupon) is not Shelf.READY


def grouped_code(code: str) -> str:
    """Return a code in lines that can be compared and typed."""
    return "\n".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _ready(tr: Texts, coupon: OwnCoupon, today: str) -> Standing:
    if not coupon.here:
        return Standing(tr("coupon.state.elsewhere"), "storefront", "warn")
    if is_ready(coupon) and today < coupon.valid_from:
        return Standing(tr("coupon.state.later"), "hourglass-medium", "warn")
    return Standing(tr("coupon.state.ready"), "check-circle", "green")
