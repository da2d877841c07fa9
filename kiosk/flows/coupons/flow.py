"""A member's coupons as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.coupons.state import (
    ClaimChosen,
    ClaimCoupon,
    ClaimingCoupon,
    CouponChosen,
    CouponClaimed,
    CouponCode,
    CouponDetail,
    CouponList,
    CouponOpened,
    CouponRefused,
    CouponsLoaded,
    CouponsUnavailable,
    CouponWhyChosen,
    LoadCoupons,
    LoadingCoupons,
    OpeningCoupon,
    ShelfChosen,
    ShowCoupon,
    is_claimable,
    is_ready,
    shelf_of,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToMember, ToSignIn
from kiosk.flows.sign_in.state import PhoneChosen
from kiosk.flows.step import COMMON_EVENTS, Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, RetryChosen, Step
from kiosk.ports.perks import OwnCoupon
from kiosk.ports.values import Reason, Visitor


def load(visitor: Visitor) -> Step:
    """Return the first step: the centre is asked."""
    return Step(LoadingCoupons(visitor), (LoadCoupons(visitor.visit_token),))


def _chosen(state: CouponList, event: CouponChosen) -> Step:
    coupon = next((one for one in state.coupons if one.coupon_id == event.coupon_id), None)
    if coupon is None:
        return Step(state)
    return _open(state, coupon) if is_ready(coupon) else Step(CouponDetail(state.visitor, state, coupon))


def _open(among: CouponList, coupon: OwnCoupon) -> Step:
    return Step(OpeningCoupon(among.visitor, among, coupon), (ShowCoupon(among.visitor.visit_token, coupon.coupon_id),))


def _claim(state: CouponDetail, _event: ClaimChosen) -> Step:
    if not is_claimable(state.coupon):
        return Step(state)
    claiming = ClaimingCoupon(state.visitor, state.among, state.coupon)
    return Step(claiming, (ClaimCoupon(state.visitor.visit_token, state.coupon.coupon_id),))


def _claimed(state: ClaimingCoupon, _event: CouponClaimed) -> Step:
    return _open(state.among, state.coupon)


def _opened(state: OpeningCoupon, event: CouponOpened) -> Step:
    return Step(CouponCode(state.visitor, _with(state.among, event.shown.coupon), event.shown))


def _with(among: CouponList, coupon: OwnCoupon) -> CouponList:
    """Return the list with one coupon as it is now."""
    return replace(among, coupons=tuple(coupon if one.coupon_id == coupon.coupon_id else one for one in among.coupons))


def _refused(state: ClaimingCoupon | OpeningCoupon, reason: Reason) -> Step:
    return Step(CouponRefused(state.visitor, state, reason))


def _again(state: CouponRefused, _event: RetryChosen) -> Step:
    match state.asked:
        case ClaimingCoupon(visitor=visitor, coupon=coupon):
            return Step(state.asked, (ClaimCoupon(visitor.visit_token, coupon.coupon_id),))
        case OpeningCoupon(visitor=visitor, coupon=coupon):
            return Step(state.asked, (ShowCoupon(visitor.visit_token, coupon.coupon_id),))


def _by_phone(state: CouponRefused, _event: PhoneChosen) -> Step:
    return Step(state, (Go(ToSignIn(by_phone=True)),))


def _reload(state: CouponRefused, _event: Any) -> Step:
    # What was refused is not as the list says: used at a till meanwhile, ended at midnight.
    return load(state.visitor)


def _member(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMember(state.visitor)),))


def _why(state: CouponDetail | CouponCode, _event: Any) -> Step:
    return Step(replace(state, is_why=not state.is_why))


def _list(state: CouponDetail | CouponCode, event: Any) -> Step:
    if state.is_why:
        return _why(state, event)
    return Step(replace(state.among, shelf=shelf_of(state.coupon)))


COUPONS = Flow(
    name="coupons",
    states=(LoadingCoupons, CouponList, CouponDetail, ClaimingCoupon, OpeningCoupon, CouponCode, CouponRefused, CouponsUnavailable),
    events=(
        *COMMON_EVENTS,
        PhoneChosen,
        ShelfChosen,
        CouponChosen,
        ClaimChosen,
        CouponWhyChosen,
        CouponsLoaded,
        CouponClaimed,
        CouponOpened,
    ),
    rules={
        (LoadingCoupons, CouponsLoaded): lambda state, event: Step(CouponList(state.visitor, event.coupons)),
        (LoadingCoupons, DeskRefused): lambda state, event: Step(CouponsUnavailable(state.visitor, event.reason)),
        (LoadingCoupons, DeskUnreachable): lambda state, _event: Step(CouponsUnavailable(state.visitor, UNREACHABLE)),
        (CouponList, ShelfChosen): lambda state, event: Step(replace(state, shelf=event.shelf)),
        (CouponList, CouponChosen): _chosen,
        (CouponList, Back): _member,
        (CouponDetail, ClaimChosen): _claim,
        (CouponDetail, CouponWhyChosen): _why,
        (CouponDetail, Back): _list,
        (ClaimingCoupon, CouponClaimed): _claimed,
        (ClaimingCoupon, DeskRefused): lambda state, event: _refused(state, event.reason),
        (ClaimingCoupon, DeskUnreachable): lambda state, _event: _refused(state, UNREACHABLE),
        (OpeningCoupon, CouponOpened): _opened,
        (OpeningCoupon, DeskRefused): lambda state, event: _refused(state, event.reason),
        (OpeningCoupon, DeskUnreachable): lambda state, _event: _refused(state, UNREACHABLE),
        (CouponCode, CouponWhyChosen): _why,
        (CouponCode, Back): _list,
        (CouponRefused, RetryChosen): _again,
        (CouponRefused, PhoneChosen): _by_phone,
        (CouponRefused, Continued): _reload,
        (CouponRefused, Back): _reload,
        (CouponsUnavailable, RetryChosen): lambda state, _event: load(state.visitor),
        (CouponsUnavailable, Continued): _member,
        (CouponsUnavailable, Back): _member,
    },
)
