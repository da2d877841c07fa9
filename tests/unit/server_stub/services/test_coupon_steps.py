"""Any steps with any coupons on both databases: the service answers what the pure rules say, and its rows stay sound."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_stub.domain import coupons as rules
from server_stub.domain.actors import SystemActor
from server_stub.domain.clock import business_day
from server_stub.domain.coupon_commands import ClaimCoupon, CouponBooked, IssueCoupon, RedeemCoupon, RollBackCoupon, VoidCoupon
from server_stub.domain.coupons import Coupon, CouponState, Purchase, Terms
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.central_service import Central

TILL = SystemActor("till")
COUPONS, SALES = 3, 2
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("claim", "redeem", "roll_back", "void", "wait", "again")),
        st.integers(0, COUPONS - 1),
        st.integers(0, SALES - 1),
        st.sampled_from((0, 300, 2000)),
    ),
    max_size=25,
)


@dataclass
class Model:
    """Coupons as the pure rules have them, and on which sale each was last redeemed."""

    coupons: list[Coupon]
    sales: list[int | None]

    def expected(self, step: tuple[str, int, int, int], member: str, today: object) -> Reason | None:
        """Takes the step and returns why it is refused."""
        name, which, sale, basket = step
        coupon = self.coupons[which]
        try:
            match name:
                case "claim":
                    after = rules.claim(coupon, member, today)
                case "redeem":
                    taken = any(c.recorded is CouponState.REDEEMED and s == sale for c, s in zip(self.coupons, self.sales, strict=True))
                    rules.redeem(coupon, Purchase(member, "S01", basket, has_coupon=taken), today)
                    after, self.sales[which] = CouponState.REDEEMED, sale
                case "roll_back":
                    after = rules.roll_back(coupon)
                case _:
                    after = rules.void(coupon)
        except Refusal as refusal:
            return refusal.reason
        self.coupons[which] = replace(coupon, recorded=after)
        return None


# A time limit that ends an example in its middle looks like a failure that cannot be repeated, so it is far away.
@pytest.mark.timeout(300)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_the_service_does_what_the_rules_say(central: Central, steps: list[tuple[str, int, int, int]]) -> None:
    member, run = _member(central), central.base.ids.new("run")
    today = business_day(central.clock.now())
    terms = [Terms(500, 300 * n, today + timedelta(days=n - 1), today + timedelta(days=3 * n)) for n in range(COUPONS)]
    terms = [replace(t, valid_from=min(t.valid_from, t.valid_until)) for t in terms]
    ids = [f"{run}:{n}" for n in range(COUPONS)]
    for coupon_id, t in zip(ids, terms, strict=True):
        command = IssueCoupon(coupon_id, member, t.value_fen, t.valid_from, t.valid_until, t.minimum_spend_fen)
        central.core.coupons.issue(TILL, central.envelope(), command)
    model = Model([Coupon(member, t, CouponState.ISSUED) for t in terms], [None] * COUPONS)
    last: Callable[[], CouponBooked] | None = None
    booked: CouponBooked | None = None
    for step in steps:
        if step[0] == "wait":
            central.clock.advance(days=1)
        elif step[0] == "again":
            if last is not None and booked is not None:
                assert last() == replace(booked, is_replay=True)
        else:
            call = _call(central, step, member, (run, ids[step[1]]))
            expected = model.expected(step, member, business_day(central.clock.now()))
            answer = _answered(call)
            assert (answer if isinstance(answer, Reason) else None) is expected
            if isinstance(answer, CouponBooked):
                booked, last = answer, call
    rows = {row["coupon_id"]: row for row in central.rows("coupon") if row["coupon_id"] in ids}
    assert [rows[coupon_id]["state"] for coupon_id in ids] == [coupon.recorded for coupon in model.coupons]
    on_sale = Counter(row["sale_id"] for row in rows.values() if row["state"] == CouponState.REDEEMED)
    assert all(count == 1 for count in on_sale.values())


def _answered(call: Callable[[], CouponBooked]) -> CouponBooked | Reason:
    try:
        return call()
    except Refusal as refusal:
        return refusal.reason


def _call(central: Central, step: tuple[str, int, int, int], member: str, ids: tuple[str, str]) -> Callable[[], CouponBooked]:
    name, _, sale, basket = step
    run, coupon_id = ids
    coupons, envelope = central.core.coupons, central.envelope()
    redeem = RedeemCoupon(coupon_id, member, f"{run}:s{sale}", "S01", basket)
    return {
        "claim": lambda: coupons.claim(TILL, envelope, ClaimCoupon(coupon_id, member)),
        "redeem": lambda: coupons.redeem(TILL, envelope, redeem),
        "roll_back": lambda: coupons.roll_back(TILL, envelope, RollBackCoupon(coupon_id)),
        "void": lambda: coupons.void(TILL, envelope, VoidCoupon(coupon_id)),
    }[name]


def _member(central: Central) -> str:
    known = [row["member_id"] for row in central.rows("member")]
    return str(known[0]) if known else central.member_id(central.join().membership_number)
