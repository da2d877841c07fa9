"""The life of a coupon: each refusal, their order, the terms' edges, and any sequence of steps on any days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server_stub.domain import coupons as rules
from server_stub.domain.coupons import Coupon, CouponState, Purchase, Terms
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal

FIRST, LAST = date(2026, 6, 2), date(2026, 6, 30)
TERMS = Terms(500, 2000, FIRST, LAST, stores=("S01",), weekdays=(2, 3))
CLAIMED = Coupon("m1", TERMS, CouponState.CLAIMED)
SHOWN = Purchase("m1", "S01", 2000, has_coupon=False)


def refusal_of(work: Callable[[], object]) -> Reason | None:
    try:
        work()
    except Refusal as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize(
    "terms",
    [
        replace(TERMS, value_fen=0),
        replace(TERMS, minimum_spend_fen=-1),
        replace(TERMS, valid_until=FIRST - timedelta(days=1)),
        replace(TERMS, weekdays=(0,)),
        replace(TERMS, weekdays=(8,)),
        replace(TERMS, weekdays=()),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: Terms) -> None:
    assert refusal_of(lambda: rules.require_sound(terms)) is Reason.REQUEST_MALFORMED


def test_a_coupon_whose_last_day_is_over_is_not_issued() -> None:
    assert refusal_of(lambda: rules.require_future(TERMS, LAST + timedelta(days=1))) is Reason.EXPIRY_IN_PAST
    rules.require_future(TERMS, LAST)


@pytest.mark.parametrize(
    ("coupon", "member", "today", "reason"),
    [
        (Coupon("m1", TERMS, CouponState.VOID), "m2", LAST + timedelta(days=1), Reason.COUPON_NOT_YOURS),
        (Coupon("m1", TERMS, CouponState.VOID), "m1", LAST + timedelta(days=1), Reason.COUPON_VOID),
        (Coupon("m1", TERMS, CouponState.CLAIMED), "m1", LAST + timedelta(days=1), Reason.COUPON_EXPIRED),
        (Coupon("m1", TERMS, CouponState.CLAIMED), "m1", FIRST, Reason.COUPON_ALREADY_CLAIMED),
        (Coupon("m1", TERMS, CouponState.ROLLED_BACK), "m1", FIRST, Reason.COUPON_ALREADY_CLAIMED),
        (Coupon("m1", TERMS, CouponState.REDEEMED), "m1", FIRST, Reason.COUPON_ALREADY_CLAIMED),
        # A redeemed coupon never expires, so what it says of itself is that it was used.
        (Coupon("m1", TERMS, CouponState.REDEEMED), "m1", LAST + timedelta(days=1), Reason.COUPON_ALREADY_CLAIMED),
        (Coupon("m1", TERMS, CouponState.ISSUED, awaits_card=True), "m1", FIRST, Reason.COUPON_NOT_STARTED),
    ],
)
def test_claims_are_refused_in_the_stated_order(coupon: Coupon, member: str, today: date, reason: Reason) -> None:
    assert refusal_of(lambda: rules.claim(coupon, member, today)) is reason


# Each row has every fault of the rows below it too, so that only the order decides.
_BEFORE, _AFTER = FIRST - timedelta(days=1), LAST + timedelta(days=1)
_WRONG = Purchase("m1", "S02", 1999, has_coupon=True)


@pytest.mark.parametrize(
    ("state", "purchase", "today", "reason"),
    [
        (CouponState.VOID, replace(_WRONG, member_id="m2"), _AFTER, Reason.COUPON_NOT_YOURS),
        (CouponState.VOID, _WRONG, _AFTER, Reason.COUPON_VOID),
        (CouponState.REDEEMED, _WRONG, _AFTER, Reason.COUPON_ALREADY_REDEEMED),
        (CouponState.ISSUED, _WRONG, _AFTER, Reason.COUPON_EXPIRED),
        (CouponState.ISSUED, _WRONG, _BEFORE, Reason.COUPON_NOT_CLAIMED),
        (CouponState.CLAIMED, _WRONG, _BEFORE, Reason.COUPON_NOT_STARTED),
        (CouponState.CLAIMED, _WRONG, date(2026, 6, 4), Reason.COUPON_WRONG_DAY),
        (CouponState.CLAIMED, _WRONG, FIRST, Reason.COUPON_WRONG_STORE),
        (CouponState.CLAIMED, replace(_WRONG, store_id="S01"), FIRST, Reason.COUPON_BASKET_TOO_SMALL),
        (CouponState.CLAIMED, replace(SHOWN, has_coupon=True), FIRST, Reason.COUPON_STACKED),
        (CouponState.ROLLED_BACK, replace(SHOWN, has_coupon=True), FIRST, Reason.COUPON_STACKED),
    ],
)
def test_redemptions_are_refused_in_the_stated_order(state: CouponState, purchase: Purchase, today: date, reason: Reason) -> None:
    assert refusal_of(lambda: rules.redeem(Coupon("m1", TERMS, state), purchase, today)) is reason


def test_first_and_last_day_count_and_the_basket_is_never_below_nothing() -> None:
    assert rules.redeem(CLAIMED, SHOWN, FIRST) == 500
    assert rules.redeem(CLAIMED, SHOWN, LAST) == 500
    free = replace(CLAIMED, terms=replace(TERMS, minimum_spend_fen=0))
    assert rules.redeem(free, replace(SHOWN, basket_fen=300), FIRST) == 300


@pytest.mark.parametrize("state", [s for s in CouponState if s not in {CouponState.REDEEMED, CouponState.EXPIRED}])
def test_only_what_is_redeemed_is_rolled_back(state: CouponState) -> None:
    assert refusal_of(lambda: rules.roll_back(Coupon("m1", TERMS, state))) is Reason.COUPON_NOT_REDEEMED
    assert rules.roll_back(Coupon("m1", TERMS, CouponState.REDEEMED)) is CouponState.ROLLED_BACK


def test_what_is_redeemed_or_void_is_not_voided() -> None:
    assert refusal_of(lambda: rules.void(Coupon("m1", TERMS, CouponState.REDEEMED))) is Reason.COUPON_ALREADY_REDEEMED
    assert refusal_of(lambda: rules.void(Coupon("m1", TERMS, CouponState.VOID))) is Reason.COUPON_VOID
    assert rules.void(Coupon("m1", TERMS, CouponState.ISSUED)) is CouponState.VOID


class AnySteps(RuleBasedStateMachine):
    """Whatever is asked in whatever order on ever later days; a model that counts says what must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2026, 5, 30)
        self.coupon = Coupon("m1", Terms(500, 0, FIRST, LAST), CouponState.ISSUED)
        self.redeemed = self.rolled_back = 0
        self.was_voided = False

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def claim(self) -> None:
        before = self.coupon.state_on(self.today)
        reason = refusal_of(lambda: rules.claim(self.coupon, "m1", self.today))
        assert (reason is None) == (before is CouponState.ISSUED)
        if reason is None:
            self.coupon = replace(self.coupon, recorded=CouponState.CLAIMED)

    @rule(basket=st.integers(0, 1000))
    def redeem(self, basket: int) -> None:
        before = self.coupon.state_on(self.today)
        purchase = Purchase("m1", "S01", basket, has_coupon=False)
        may = before in {CouponState.CLAIMED, CouponState.ROLLED_BACK} and self.today >= FIRST
        reason = refusal_of(lambda: rules.redeem(self.coupon, purchase, self.today))
        assert (reason is None) == may
        if reason is None:
            assert rules.redeem(self.coupon, purchase, self.today) == min(500, basket)
            self.coupon = replace(self.coupon, recorded=CouponState.REDEEMED)
            self.redeemed += 1

    @rule()
    def roll_back(self) -> None:
        reason = refusal_of(lambda: rules.roll_back(self.coupon))
        assert (reason is None) == (self.redeemed > self.rolled_back)
        if reason is None:
            self.coupon = replace(self.coupon, recorded=rules.roll_back(self.coupon))
            self.rolled_back += 1

    @precondition(lambda self: self.today > FIRST)
    @rule()
    def void(self) -> None:
        if refusal_of(lambda: rules.void(self.coupon)) is None:
            self.coupon = replace(self.coupon, recorded=CouponState.VOID)
            self.was_voided = True

    @invariant()
    def nothing_is_redeemed_twice_and_void_is_for_ever(self) -> None:
        assert self.redeemed - self.rolled_back in {0, 1}
        state = self.coupon.state_on(self.today)
        assert (state is CouponState.VOID) == self.was_voided
        assert (state is CouponState.REDEEMED) == (self.redeemed > self.rolled_back)
        if state is CouponState.EXPIRED:
            assert self.today > LAST
        elif state not in {CouponState.REDEEMED, CouponState.VOID}:
            assert self.today <= LAST


TestAnySteps = AnySteps.TestCase
