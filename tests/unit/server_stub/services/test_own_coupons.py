"""A member's own coupons at a kiosk and their codes at a till: refusals first, then what is seen and what a code is good for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from server_stub.domain.actors import DeviceActor, DeviceKind, SystemActor
from server_stub.domain.coupon_commands import ClaimCoupon, IssueCoupon, VoidCoupon
from server_stub.domain.coupons import CouponState
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.tills import TillCoupon
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.central_service import DEVICE, OTHER_DEVICE, Central

ISSUER = SystemActor("issuer")
TILL = DeviceActor("T01", "lakeside", DeviceKind.TILL)
OTHER_TILL = DeviceActor("T02", "hillside", DeviceKind.TILL)
TERMS: dict[str, Any] = {"off_fen": 500, "valid_from": date(2026, 11, 23), "valid_to": date(2026, 12, 22), "min_spend_fen": 2000}


def refusal_of(work: Callable[..., object], *arguments: object) -> Reason | None:
    try:
        work(*arguments)
    except Refusal as refusal:
        return refusal.reason
    return None


def member(central: Central, mobile: str = "13800138000", *, active: bool = True) -> tuple[str, str]:
    """Number and id of a new member."""
    number = central.join(mobile=mobile, name="欧阳建国" if mobile.endswith("8000") else "王小明").membership_number
    member_id = central.member_id(number)
    if active:
        central.activate(member_id)
    return number, member_id


def give(central: Central, member_id: str, coupon_id: str, *, claimed: bool = True, **terms: Any) -> None:
    coupons = central.core.coupons
    coupons.issue(ISSUER, central.envelope(), IssueCoupon(coupon_id, member_id, **{**TERMS, **terms}))
    if claimed:
        coupons.claim(ISSUER, central.envelope(), ClaimCoupon(coupon_id, member_id))


def visit(central: Central, mobile: str = "13800138000") -> str:
    return central.core.members.identify(DEVICE, central.proof(mobile, CodePurpose.SIGN_IN)).visit_token


def code(central: Central, coupon_id: str = "c1") -> str:
    return central.core.own_coupons.show(DEVICE, visit(central), coupon_id).code


def redeem(central: Central, told: TillCoupon, till: DeviceActor = TILL) -> Any:
    return central.core.tills.redeem_coupon(till, central.envelope(), told)


def test_nobody_but_the_kiosk_of_the_visit_sees_coupons(central: Central) -> None:
    member(central)
    token, own = visit(central), central.core.own_coupons
    assert refusal_of(own.all, TILL, token) is Reason.NOT_PERMITTED
    assert refusal_of(own.show, TILL, token, "c1") is Reason.NOT_PERMITTED
    assert refusal_of(own.all, OTHER_DEVICE, token) is Reason.VISIT_OVER
    central.clock.advance(minutes=15)
    assert refusal_of(own.all, DEVICE, token) is Reason.VISIT_OVER
    assert refusal_of(own.show, DEVICE, token, "c1") is Reason.VISIT_OVER


def test_a_code_is_shown_for_what_a_till_would_take_and_for_nothing_else(central: Central) -> None:
    _, m1 = member(central)
    _, m2 = member(central, "13900139000")
    give(central, m2, "theirs")
    give(central, m1, "issued", claimed=False)
    give(central, m1, "void")
    central.core.coupons.void(ISSUER, central.envelope(), VoidCoupon("void"))
    give(central, m1, "short", valid_to=date(2026, 11, 23))
    token, own = visit(central), central.core.own_coupons
    seen = {name: refusal_of(own.show, DEVICE, token, name) for name in ("none", "theirs", "issued", "void", "short")}
    assert seen == {
        "none": Reason.COUPON_UNKNOWN,
        "theirs": Reason.COUPON_NOT_YOURS,
        "issued": Reason.COUPON_NOT_CLAIMED,
        "void": Reason.COUPON_VOID,
        "short": None,
    }
    central.clock.advance(days=1)
    assert refusal_of(own.show, DEVICE, visit(central), "short") is Reason.COUPON_EXPIRED


@pytest.mark.parametrize(
    ("by", "reason"), [(IdentifiedBy.CARD, None), (IdentifiedBy.CODE, None), (IdentifiedBy.RECEIPT, Reason.HOLDER_PROOF)]
)
def test_paper_shows_no_code_that_a_till_takes(central: Central, by: IdentifiedBy, reason: Reason | None) -> None:
    _, m1 = member(central)
    give(central, m1, "c1")
    token = central.database.write(lambda tx: central.core.visits.begin(tx, member_by_id(tx, m1), DEVICE, by))
    assert [one.coupon_id for one in central.core.own_coupons.all(DEVICE, token) if one.coupon_id == "c1"], "what there is, is seen"
    assert refusal_of(central.core.own_coupons.show, DEVICE, token, "c1") is reason


def test_before_the_card_is_active_a_welcome_coupon_is_seen_and_not_shown(central: Central) -> None:
    member(central, active=False)
    token, own = visit(central), central.core.own_coupons
    welcome = own.all(DEVICE, token)[0]
    assert (welcome.state, welcome.awaits_card) == (CouponState.ISSUED, True)
    assert refusal_of(own.show, DEVICE, token, welcome.coupon_id) is Reason.COUPON_NOT_STARTED


def test_what_can_be_used_comes_first_and_the_rest_says_what_became_of_it(central: Central) -> None:
    number, m1 = member(central)
    give(central, m1, "used")
    give(central, m1, "ends", valid_to=date(2026, 11, 23))
    give(central, m1, "later", valid_to=date(2026, 12, 31), stores=("hillside",), weekdays=(6, 7))
    redeem(central, TillCoupon(code(central, "used"), number, "s1", 2000))
    central.clock.advance(days=1)
    seen = {one.coupon_id: one for one in central.core.own_coupons.all(DEVICE, visit(central))}
    assert list(seen)[-2:] == ["used", "ends"]
    assert (seen["used"].state, seen["used"].redeemed_on) == (CouponState.REDEEMED, "2026-11-23")
    assert (seen["ends"].state, seen["ends"].redeemed_on) == (CouponState.EXPIRED, "")
    assert (seen["later"].stores, seen["later"].in_this_store, seen["later"].weekdays) == (("hillside",), False, (6, 7))


@pytest.mark.parametrize("ask", ["validate", "redeem"])
def test_what_a_till_is_refused_changes_nothing(central: Central, ask: str) -> None:
    number, m1 = member(central)
    other, _ = member(central, "13900139000")
    give(central, m1, "c1")
    give(central, m1, "c2", stores=("hillside",))
    give(central, m1, "c3", weekdays=(7,))
    give(central, m1, "c4")
    shown = {name: code(central, name) for name in ("c1", "c2", "c3", "c4")}
    redeem(central, TillCoupon(shown["c4"], number, "s4", 5000))
    forged = shown["c1"][:-1] + ("a" if shown["c1"][-1] != "a" else "b")
    expected = {
        TillCoupon(forged, number, "s1", 5000): Reason.COUPON_UNKNOWN,
        TillCoupon("c1", number, "s1", 5000): Reason.COUPON_UNKNOWN,
        TillCoupon(shown["c1"], "", "s1", 5000): Reason.MEMBER_UNKNOWN,
        TillCoupon(shown["c1"], other, "s1", 5000): Reason.COUPON_NOT_YOURS,
        TillCoupon(shown["c2"], number, "s1", 5000): Reason.COUPON_WRONG_STORE,
        TillCoupon(shown["c3"], number, "s1", 5000): Reason.COUPON_WRONG_DAY,
        TillCoupon(shown["c1"], number, "s1", 1999): Reason.COUPON_BASKET_TOO_SMALL,
        TillCoupon(shown["c1"], number, "s4", 5000): Reason.COUPON_STACKED,
        TillCoupon(shown["c4"], number, "s5", 5000): Reason.COUPON_ALREADY_REDEEMED,
    }
    before = central.rows("coupon")
    tills = central.core.tills
    work = (lambda told: tills.validate_coupon(TILL, told)) if ask == "validate" else (lambda told: redeem(central, told))
    assert {told: refusal_of(work, told) for told in expected} == expected
    assert refusal_of(tills.validate_coupon, DEVICE, TillCoupon(shown["c1"], number, "s1", 5000)) is Reason.NOT_PERMITTED
    assert central.rows("coupon") == before


def test_looking_books_nothing_and_redeeming_says_the_same(central: Central) -> None:
    number, m1 = member(central)
    give(central, m1, "c1")
    told = TillCoupon(code(central), number, "s1", 2000)
    before = central.rows("coupon")
    worth = central.core.tills.validate_coupon(TILL, told)
    assert (worth.off_fen, worth.valid_until) == (500, date(2026, 12, 22))
    assert central.rows("coupon") == before
    assert redeem(central, told).off_fen == 500


def test_a_till_of_another_store_does_not_roll_back_and_its_own_does_once(central: Central) -> None:
    number, m1 = member(central)
    give(central, m1, "c1")
    shown, tills = code(central), central.core.tills
    assert refusal_of(tills.roll_back_coupon, TILL, central.envelope(), shown) is Reason.COUPON_NOT_REDEEMED
    redeem(central, TillCoupon(shown, number, "s1", 2000))
    assert refusal_of(tills.roll_back_coupon, OTHER_TILL, central.envelope(), shown) is Reason.NOT_PERMITTED
    assert refusal_of(tills.roll_back_coupon, DEVICE, central.envelope(), shown) is Reason.NOT_PERMITTED
    assert refusal_of(tills.roll_back_coupon, TILL, central.envelope(), "c1") is Reason.COUPON_UNKNOWN
    assert tills.roll_back_coupon(TILL, central.envelope(), shown).state is CouponState.ROLLED_BACK
    assert refusal_of(tills.roll_back_coupon, TILL, central.envelope(), shown) is Reason.COUPON_NOT_REDEEMED
    assert code(central) == shown


def test_a_coupon_says_why_it_is_there(central: Central) -> None:
    member(central, active=False)
    line = central.core.own_coupons.all(DEVICE, visit(central))[0].lines[0]
    assert (line.key, line.rules) == ("explain.coupon.for_welcome", "welcome-2026-11")
