"""States, events and effects of a member's coupons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.ports.perks import CouponState, OwnCoupon, ShownCoupon
from kiosk.ports.values import Reason, Visitor


class Shelf(StrEnum):
    """Where a coupon lies."""

    READY = "ready"
    USED = "used"
    ENDED = "ended"


_SHELVES = {CouponState.REDEEMED: Shelf.USED, CouponState.EXPIRED: Shelf.ENDED, CouponState.VOID: Shelf.ENDED}


def shelf_of(coupon: OwnCoupon) -> Shelf:
    """Return where a coupon lies."""
    return _SHELVES.get(coupon.state, Shelf.READY)


def is_ready(coupon: OwnCoupon) -> bool:
    """Tell whether a till takes the coupon, today or from its first day on."""
    return coupon.state in {CouponState.CLAIMED, CouponState.ROLLED_BACK}


def is_claimable(coupon: OwnCoupon) -> bool:
    """Tell whether the member can take the coupon now."""
    return coupon.state is CouponState.ISSUED and not coupon.awaits_card


@dataclass(frozen=True, slots=True)
class LoadingCoupons:
    """The centre is asked."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class CouponList:
    """The coupons of one shelf."""

    visitor: Visitor
    coupons: tuple[OwnCoupon, ...]
    shelf: Shelf = Shelf.READY


@dataclass(frozen=True, slots=True)
class CouponDetail:
    """A coupon without its code: it is to be taken first, or can no more be used; `is_why` asks why instead."""

    visitor: Visitor
    among: CouponList
    coupon: OwnCoupon
    is_why: bool = False


@dataclass(frozen=True, slots=True)
class ClaimingCoupon:
    """The coupon is taken."""

    visitor: Visitor
    among: CouponList
    coupon: OwnCoupon


@dataclass(frozen=True, slots=True)
class OpeningCoupon:
    """Its code is fetched."""

    visitor: Visitor
    among: CouponList
    coupon: OwnCoupon


@dataclass(frozen=True, slots=True)
class CouponCode:
    """The coupon with its code, to be shown at the till; `is_why` asks why instead."""

    visitor: Visitor
    among: CouponList
    shown: ShownCoupon
    is_why: bool = False

    @property
    def coupon(self) -> OwnCoupon:
        """Return the coupon of the code."""
        return self.shown.coupon


@dataclass(frozen=True, slots=True)
class CouponRefused:
    """It was not to be had; what was asked can be asked again where the answer was lost."""

    visitor: Visitor
    asked: ClaimingCoupon | OpeningCoupon
    reason: Reason


@dataclass(frozen=True, slots=True)
class CouponsUnavailable:
    """The list is not to be had now."""

    visitor: Visitor
    reason: Reason


CouponsState = LoadingCoupons | CouponList | CouponDetail | ClaimingCoupon | OpeningCoupon | CouponCode | CouponRefused | CouponsUnavailable


# Events of touches.


@dataclass(frozen=True, slots=True)
class ShelfChosen:
    """Another shelf."""

    shelf: Shelf


@dataclass(frozen=True, slots=True)
class CouponChosen:
    """One coupon, please."""

    coupon_id: str


@dataclass(frozen=True, slots=True)
class ClaimChosen:
    """Take it."""


@dataclass(frozen=True, slots=True)
class CouponWhyChosen:
    """Why do I have it? Once more: enough of that."""


# Answers to effects.


@dataclass(frozen=True, slots=True)
class CouponsLoaded:
    """The member's coupons."""

    coupons: tuple[OwnCoupon, ...]


@dataclass(frozen=True, slots=True)
class CouponClaimed:
    """It is the member's now."""


@dataclass(frozen=True, slots=True)
class CouponOpened:
    """The code, and the coupon as it is now."""

    shown: ShownCoupon


# Effects.


@dataclass(frozen=True, slots=True)
class LoadCoupons:
    """Ask for the coupons; answers CouponsLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class ClaimCoupon:
    """Take a coupon; answers CouponClaimed."""

    visit_token: str
    coupon_id: str


@dataclass(frozen=True, slots=True)
class ShowCoupon:
    """Ask for the code; answers CouponOpened."""

    visit_token: str
    coupon_id: str
