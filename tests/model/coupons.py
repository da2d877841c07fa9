"""Coupons: issue, claim, redeem, roll back, void."""

from __future__ import annotations

from typing import Any

from tests.model.accounts import member_of
from tests.model.days import day_of
from tests.model.reasons import Reason, Refused, refuse_if
from tests.model.state import Coupon, CouponState, World


def coupon(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays a step of a coupon; returns the keys of its result line."""
    match event["step"]:
        case "issue":
            return _issue(world, event)
        case "claim":
            return _claim(world, event)
        case "redeem":
            return _redeem(world, event)
        case "roll_back":
            return _roll_back(world, event)
        case _:
            return _void(world, event)


def _is_over(world: World, one: Coupon) -> bool:
    """True after the last day of a coupon that is neither redeemed nor void."""
    open_still = one.state not in {CouponState.REDEEMED, CouponState.VOID}
    return open_still and world.today > day_of(one.terms["valid_to"])


def _state(world: World, one: Coupon) -> dict[str, Any]:
    return {"state": CouponState.EXPIRED if _is_over(world, one) else one.state}


def _issue(world: World, event: dict[str, Any]) -> dict[str, Any]:
    member = member_of(world, event["member"])
    refuse_if(event["coupon_id"] in world.coupons, Reason.DUPLICATE_ID)
    refuse_if(day_of(event["valid_to"]) < world.today, Reason.EXPIRY_IN_PAST)
    issued = Coupon(event["coupon_id"], member.name, event)
    world.coupons[issued.name] = issued
    return _state(world, issued)


def _known(world: World, event: dict[str, Any]) -> Coupon:
    if event["coupon_id"] not in world.coupons:
        raise Refused(Reason.COUPON_UNKNOWN)
    return world.coupons[event["coupon_id"]]


def _own(world: World, event: dict[str, Any]) -> Coupon:
    """Returns the member's coupon, which is not void."""
    member = member_of(world, event["member"])
    one = _known(world, event)
    refuse_if(one.owner != member.name, Reason.COUPON_NOT_YOURS)
    refuse_if(one.state is CouponState.VOID, Reason.COUPON_VOID)
    return one


def _claim(world: World, event: dict[str, Any]) -> dict[str, Any]:
    one = _own(world, event)
    refuse_if(_is_over(world, one), Reason.COUPON_EXPIRED)
    refuse_if(one.state is not CouponState.ISSUED, Reason.COUPON_ALREADY_CLAIMED)
    one.state = CouponState.CLAIMED
    return _state(world, one)


def _redeem(world: World, event: dict[str, Any]) -> dict[str, Any]:
    one = _own(world, event)
    terms = one.terms
    refuse_if(one.state is CouponState.REDEEMED, Reason.COUPON_ALREADY_REDEEMED)
    refuse_if(_is_over(world, one), Reason.COUPON_EXPIRED)
    refuse_if(one.state is CouponState.ISSUED, Reason.COUPON_NOT_CLAIMED)
    refuse_if(world.today < day_of(terms["valid_from"]), Reason.COUPON_NOT_STARTED)
    refuse_if("weekdays" in terms and world.today.isoweekday() not in terms["weekdays"], Reason.COUPON_WRONG_DAY)
    refuse_if("stores" in terms and event["store"] not in terms["stores"], Reason.COUPON_WRONG_STORE)
    refuse_if(event["basket_fen"] < terms.get("min_spend_fen", 0), Reason.COUPON_BASKET_TOO_SMALL)
    on_sale = (other for other in world.coupons.values() if other.state is CouponState.REDEEMED and other.sale == event["sale_id"])
    refuse_if(any(on_sale), Reason.COUPON_STACKED)
    one.state = CouponState.REDEEMED
    one.sale = event["sale_id"]
    return _state(world, one) | {"off_fen": min(terms["off_fen"], event["basket_fen"])}


def _roll_back(world: World, event: dict[str, Any]) -> dict[str, Any]:
    one = _known(world, event)
    refuse_if(one.state is not CouponState.REDEEMED, Reason.COUPON_NOT_REDEEMED)
    one.state = CouponState.ROLLED_BACK
    one.sale = None
    return _state(world, one)


def _void(world: World, event: dict[str, Any]) -> dict[str, Any]:
    one = _known(world, event)
    refuse_if(one.state is CouponState.REDEEMED, Reason.COUPON_ALREADY_REDEEMED)
    refuse_if(one.state is CouponState.VOID, Reason.COUPON_VOID)
    one.state = CouponState.VOID
    return _state(world, one)
