"""Coupons as tills and members use them: refusals and their order, once for a request, one winner, merges, welcome coupons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from server_stub.domain.actors import DeviceActor, DeviceKind, Role, StaffActor, SystemActor
from server_stub.domain.coupon_commands import ClaimCoupon, CouponBooked, IssueCoupon, RedeemCoupon, RollBackCoupon, VoidCoupon
from server_stub.domain.coupons import CouponState
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.storage.codes import CodePurpose
from server_stub.storage.coupons import coupons_of
from tests.support.central_service import DEVICE, OTHER_DEVICE, Central, merging

TILL = SystemActor("till")
TERMS: dict[str, Any] = {"off_fen": 500, "valid_from": date(2026, 11, 24), "valid_to": date(2026, 12, 22), "min_spend_fen": 2000}


def refusal_of(work: Callable[..., object], *arguments: object) -> Reason | None:
    try:
        work(*arguments)
    except Refusal as refusal:
        return refusal.reason
    return None


def member(central: Central, mobile: str = "13800138000", *, active: bool = True) -> str:
    number = central.join(mobile=mobile, name="欧阳建国" if mobile.endswith("8000") else "王小明").membership_number
    member_id = central.member_id(number)
    if active:
        central.activate(member_id)
    return member_id


def issue(central: Central, member_id: str, coupon_id: str = "c1", **terms: Any) -> CouponBooked:
    return central.core.coupons.issue(TILL, central.envelope(), IssueCoupon(coupon_id, member_id, **{**TERMS, **terms}))


def claim(central: Central, member_id: str, coupon_id: str = "c1") -> CouponBooked:
    return central.core.coupons.claim(TILL, central.envelope(), ClaimCoupon(coupon_id, member_id))


def redeem(central: Central, member_id: str, coupon_id: str = "c1", **changed: Any) -> CouponBooked:
    command = replace(RedeemCoupon(coupon_id, member_id, "s1", "S01", 2000), **changed)
    return central.core.coupons.redeem(TILL, central.envelope(), command)


def ready(central: Central, coupon_id: str = "c1", member_id: str = "", **terms: Any) -> str:
    """A member with a claimed coupon, on its first day."""
    member_id = member_id or member(central)
    issue(central, member_id, coupon_id, **terms)
    claim(central, member_id, coupon_id)
    central.clock.moment = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    return member_id


@pytest.mark.parametrize("actor", [DEVICE, StaffActor("li", frozenset({Role.REVIEWER}))])
def test_who_is_no_till_issues_and_redeems_nothing(central: Central, actor: Any) -> None:
    coupons, envelope = central.core.coupons, central.envelope()
    for work in (
        lambda: coupons.issue(actor, envelope, IssueCoupon("c1", "m", **TERMS)),
        lambda: coupons.claim(actor, envelope, ClaimCoupon("c1", "m")),
        lambda: coupons.redeem(actor, envelope, RedeemCoupon("c1", "m", "s1", "S01", 1)),
        lambda: coupons.roll_back(actor, envelope, RollBackCoupon("c1")),
        lambda: coupons.void(actor, envelope, VoidCoupon("c1")),
    ):
        assert refusal_of(work) is Reason.NOT_PERMITTED
    assert central.count("request_log") == central.count("coupon") == 0


@pytest.mark.tampers
def test_issuing_is_refused_in_the_stated_order(central: Central) -> None:
    m1, m2 = member(central), member(central, "13900139000")
    issue(central, m1)
    past: dict[str, Any] = {"valid_from": date(2026, 11, 1), "valid_to": date(2026, 11, 22)}
    assert refusal_of(lambda: issue(central, "nobody", off_fen=0, **past)) is Reason.REQUEST_MALFORMED
    assert refusal_of(lambda: issue(central, "nobody", **past)) is Reason.MEMBER_UNKNOWN
    set_state(central, m2, "MERGED")
    assert refusal_of(lambda: issue(central, m2, **past)) is Reason.MEMBER_MERGED
    set_state(central, m2, "SUSPENDED")
    assert refusal_of(lambda: issue(central, m2, **past)) is Reason.MEMBER_INACTIVE
    assert refusal_of(lambda: issue(central, m1, **past)) is Reason.DUPLICATE_ID
    assert refusal_of(lambda: issue(central, m1, "c2", **past)) is Reason.EXPIRY_IN_PAST
    assert {row["coupon_id"] for row in central.rows("coupon") if not row["coupon_id"].startswith("cpn")} == {"c1"}


def set_state(central: Central, member_id: str, state: str) -> None:
    text = f"UPDATE member SET state = '{state}' WHERE member_id = '{member_id}'"
    central.database.write(lambda tx: tx.connection.exec_driver_sql(text))


@pytest.mark.tampers
def test_members_and_unknown_coupons_come_before_the_coupons_own_refusals(central: Central) -> None:
    m1, m2 = member(central), member(central, "13900139000")
    set_state(central, m2, "MERGED")
    for ask in (claim, redeem):
        assert refusal_of(ask, central, "nobody") is Reason.MEMBER_UNKNOWN
        assert refusal_of(ask, central, m2) is Reason.MEMBER_MERGED
        assert refusal_of(ask, central, m1) is Reason.COUPON_UNKNOWN
    coupons = central.core.coupons
    assert refusal_of(lambda: coupons.roll_back(TILL, central.envelope(), RollBackCoupon("c9"))) is Reason.COUPON_UNKNOWN
    assert refusal_of(lambda: coupons.void(TILL, central.envelope(), VoidCoupon("c9"))) is Reason.COUPON_UNKNOWN


def test_a_forged_code_is_no_coupon(central: Central) -> None:
    coupons = central.core.coupons
    code = coupons.code("till.2026:c-1")
    assert coupons.opened(code) == "till.2026:c-1"
    other = central.base.handles.mint("visit", "till.2026:c-1")
    for forged in ("", "c1", "c1.", code[:-1] + ("a" if code[-1] != "a" else "b"), code.replace("c-1", "c-2"), other, code + "."):
        assert refusal_of(coupons.opened, forged) is Reason.COUPON_UNKNOWN


def test_a_till_redeems_and_rolls_back_for_its_own_store_only(central: Central) -> None:
    m1 = ready(central)
    own, other = (DeviceActor(f"T{store}", store, DeviceKind.TILL) for store in ("S01", "S02"))
    coupons, command = central.core.coupons, RedeemCoupon("c1", m1, "s1", "S01", 2000)
    assert refusal_of(lambda: coupons.redeem(other, central.envelope(), command)) is Reason.NOT_PERMITTED
    assert coupons.redeem(own, central.envelope(), command).off_fen == 500
    assert refusal_of(lambda: coupons.roll_back(other, central.envelope(), RollBackCoupon("c1"))) is Reason.NOT_PERMITTED
    assert coupons.roll_back(own, central.envelope(), RollBackCoupon("c1")).state is CouponState.ROLLED_BACK


def test_a_redemption_says_who_where_and_when(central: Central) -> None:
    m1 = ready(central)
    booked = redeem(central, m1)
    assert (booked.state, booked.off_fen, booked.is_replay) == (CouponState.REDEEMED, 500, False)
    row = next(row for row in central.rows("coupon") if row["coupon_id"] == "c1")
    assert (row["sale_id"], row["redeemed_store_id"], row["redeemed_by"]) == ("s1", "S01", "system:till")
    assert row["redeemed_at"] == central.clock.moment
    deed = [row for row in central.rows("audit_event") if row["action"] == "coupon.redeemed"]
    assert [(d["subject_key"], d["detail"]) for d in deed] == [("c1", {"sale": "s1", "store": "S01"})]


def test_the_same_request_has_the_first_answer_and_another_body_is_refused(central: Central) -> None:
    m1 = ready(central)
    envelope, command = central.envelope(), RedeemCoupon("c1", m1, "s1", "S01", 2000)
    coupons = central.core.coupons
    first = coupons.redeem(TILL, envelope, command)
    coupons.roll_back(TILL, central.envelope(), RollBackCoupon("c1"))
    assert coupons.redeem(TILL, envelope, command) == replace(first, is_replay=True)
    assert refusal_of(lambda: coupons.redeem(TILL, envelope, replace(command, basket_fen=2001))) is Reason.REQUEST_ID_REUSED
    assert {row["state"] for row in central.rows("coupon") if row["coupon_id"] == "c1"} == {"ROLLED_BACK"}


def test_a_refused_redemption_leaves_nothing_and_its_request_is_free(central: Central) -> None:
    m1 = ready(central)
    before = {table: central.rows(table) for table in ("coupon", "request_log", "audit_event")}
    envelope, command = central.envelope(), RedeemCoupon("c1", m1, "s1", "S01", 1999)
    assert refusal_of(lambda: central.core.coupons.redeem(TILL, envelope, command)) is Reason.COUPON_BASKET_TOO_SMALL
    assert {table: central.rows(table) for table in before} == before
    assert central.core.coupons.redeem(TILL, envelope, replace(command, basket_fen=2000)).off_fen == 500


def test_one_coupon_for_a_sale_until_it_is_rolled_back(central: Central) -> None:
    m1 = ready(central)
    ready(central, "c2", m1)
    redeem(central, m1, "c1")
    assert refusal_of(lambda: redeem(central, m1, "c2")) is Reason.COUPON_STACKED
    central.core.coupons.roll_back(TILL, central.envelope(), RollBackCoupon("c1"))
    assert redeem(central, m1, "c2").off_fen == 500
    assert refusal_of(lambda: redeem(central, m1, "c1")) is Reason.COUPON_STACKED


def test_the_database_itself_refuses_two_coupons_on_a_sale(central: Central) -> None:
    m1 = ready(central)
    ready(central, "c2", m1)
    redeem(central, m1, "c1")
    redeem(central, m1, "c2", sale_id="s2")
    with pytest.raises(IntegrityError):
        central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE coupon SET sale_id = 's1' WHERE coupon_id = 'c2'"))


def test_rolled_back_after_its_last_day_it_is_expired(central: Central) -> None:
    m1 = ready(central)
    redeem(central, m1)
    central.clock.moment = datetime(2026, 12, 22, 16, 0, tzinfo=UTC)
    booked = central.core.coupons.roll_back(TILL, central.envelope(), RollBackCoupon("c1"))
    assert booked.state is CouponState.EXPIRED
    assert refusal_of(lambda: redeem(central, m1)) is Reason.COUPON_EXPIRED
    assert central.core.coupons.void(TILL, central.envelope(), VoidCoupon("c1")).state is CouponState.VOID
    assert refusal_of(lambda: redeem(central, m1)) is Reason.COUPON_VOID


def test_of_200_redemptions_at_once_exactly_one_wins(central: Central) -> None:
    m1 = ready(central)
    envelopes = [central.envelope() for _ in range(200)]

    def attempt(number: int) -> Reason | None:
        command = RedeemCoupon("c1", m1, f"s{number}", "S01", 2000)
        return refusal_of(lambda: central.core.coupons.redeem(TILL, envelopes[number], command))

    with ThreadPoolExecutor(16) as pool:
        outcomes = Counter(pool.map(attempt, range(200)))
    assert outcomes == {None: 1, Reason.COUPON_ALREADY_REDEEMED: 199}
    assert len([row for row in central.rows("audit_event") if row["action"] == "coupon.redeemed"]) == 1


def test_of_20_coupons_on_one_sale_at_once_exactly_one_wins(central: Central) -> None:
    m1 = ready(central, "c0")
    for number in range(1, 20):
        ready(central, f"c{number}", m1)
    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(lambda n: refusal_of(lambda: redeem(central, m1, f"c{n}")), range(20)))
    assert outcomes == {None: 1, Reason.COUPON_STACKED: 19}


def test_a_kiosk_claims_for_the_member_before_it_only(central: Central) -> None:
    m1 = member(central)
    issue(central, m1)
    coupons = central.core.coupons
    visit = central.core.members.identify(DEVICE, central.proof(purpose=CodePurpose.SIGN_IN)).visit_token
    assert refusal_of(lambda: coupons.claim_own(OTHER_DEVICE, central.envelope(), visit, "c1")) is Reason.VISIT_OVER
    assert refusal_of(lambda: coupons.claim_own(DEVICE, central.envelope(), visit, "c2")) is Reason.COUPON_UNKNOWN
    welcome = next(row["coupon_id"] for row in central.rows("coupon") if row["coupon_id"] != "c1")
    assert refusal_of(lambda: coupons.claim_own(DEVICE, central.envelope(), visit, welcome)) is Reason.COUPON_ALREADY_CLAIMED
    assert coupons.claim_own(DEVICE, central.envelope(), visit, "c1").state is CouponState.CLAIMED


def test_a_strangers_coupon_cannot_be_claimed(central: Central) -> None:
    member(central)
    m2 = member(central, "13900139000")
    issue(central, m2)
    visit = central.core.members.identify(DEVICE, central.proof(purpose=CodePurpose.SIGN_IN)).visit_token
    coupons = central.core.coupons
    assert refusal_of(lambda: coupons.claim_own(DEVICE, central.envelope(), visit, "c1")) is Reason.COUPON_NOT_YOURS


def test_a_welcome_coupon_cannot_be_used_before_the_card_and_can_after(central: Central) -> None:
    m1 = member(central, active=False)
    welcome = next(row["coupon_id"] for row in central.rows("coupon") if row["definition"] == "welcome_10")
    assert refusal_of(lambda: redeem(central, m1, welcome, basket_fen=5000)) is Reason.COUPON_NOT_CLAIMED
    assert refusal_of(lambda: claim(central, m1, welcome)) is Reason.COUPON_NOT_STARTED
    central.activate(m1)
    assert refusal_of(lambda: redeem(central, m1, welcome, basket_fen=4999)) is Reason.COUPON_BASKET_TOO_SMALL
    assert redeem(central, m1, welcome, basket_fen=5000).off_fen == 1000


def test_a_voided_welcome_coupon_does_not_come_back_with_the_card(central: Central) -> None:
    m1 = member(central, active=False)
    welcome = next(row["coupon_id"] for row in central.rows("coupon") if row["definition"] == "welcome_10")
    central.core.coupons.void(TILL, central.envelope(), VoidCoupon(welcome))
    facts = central.activate(m1).facts
    assert {c.definition for c in facts.coupons} == {"welcome_fresh_5"}
    assert refusal_of(lambda: redeem(central, m1, welcome, basket_fen=5000)) is Reason.COUPON_VOID


def owned(central: Central, member_id: str) -> set[str]:
    return {row.coupon_id for row in central.database.read(lambda tx: coupons_of(tx, member_id))}


@pytest.mark.tampers
def test_merged_coupons_are_the_survivors_and_go_back_as_they_are(central: Central) -> None:
    m1 = ready(central)
    m2 = member(central, "13900139000")
    ready(central, "c2", m2)
    mine, theirs = owned(central, m1), owned(central, m2)
    coupons = central.core.coupons
    # Both have the same welcome coupons: merging them is no second gift for one cause.
    assert central.database.write(lambda tx: coupons.move(tx, merging(central), "x1", (m1, m2))) == len(mine)
    assert (owned(central, m1), owned(central, m2)) == (set(), mine | theirs)
    assert refusal_of(lambda: redeem(central, m1)) is Reason.COUPON_NOT_YOURS
    redeem(central, m2)
    issue(central, m2, "c3")
    assert central.database.write(lambda tx: coupons.move_back(tx, merging(central), "x1")) == len(mine)
    assert (owned(central, m1), owned(central, m2)) == (mine, theirs | {"c3"})
    assert refusal_of(lambda: redeem(central, m1)) is Reason.COUPON_ALREADY_REDEEMED


@pytest.mark.tampers
def test_a_chain_of_merges_is_undone_link_by_link(central: Central) -> None:
    m1 = ready(central)
    m2, m3 = member(central, "13900139000"), member(central, "13700137000")
    before = [owned(central, m) for m in (m1, m2, m3)]
    move, back, write = central.core.coupons.move, central.core.coupons.move_back, central.database.write
    write(lambda tx: move(tx, merging(central), "x1", (m1, m2)))
    write(lambda tx: move(tx, merging(central), "x2", (m2, m3)))
    assert owned(central, m3) == before[0] | before[1] | before[2]
    write(lambda tx: back(tx, merging(central), "x2"))
    assert [owned(central, m) for m in (m1, m2, m3)] == [set(), before[0] | before[1], before[2]]
    write(lambda tx: back(tx, merging(central), "x1"))
    assert [owned(central, m) for m in (m1, m2, m3)] == before


def test_the_member_sees_what_can_still_be_used(central: Central) -> None:
    m1 = ready(central)
    redeem(central, m1)
    token = central.core.members.identify(DEVICE, central.proof(purpose=CodePurpose.SIGN_IN)).visit_token
    assert [c.value_fen for c in central.core.members.get_member(DEVICE, token).coupons] == [500, 1000]
    central.core.coupons.roll_back(TILL, central.envelope(), RollBackCoupon("c1"))
    shown = central.core.members.get_member(DEVICE, token).coupons
    assert [(c.value_fen, c.usable) for c in shown] == [(500, True), (500, True), (1000, True)]


def test_a_coupon_that_is_still_to_be_claimed_is_not_told_as_one_that_can_be_used(central: Central) -> None:
    m1 = ready(central)
    issue(central, m1, "c2", off_fen=600)
    issue(central, m1, "c3", off_fen=700, valid_from=date(2026, 11, 25))
    token = central.core.members.identify(DEVICE, central.proof(purpose=CodePurpose.SIGN_IN)).visit_token

    def stands() -> dict[int, tuple[bool, bool]]:
        held = central.core.members.get_member(DEVICE, token).coupons
        return {c.value_fen: (c.usable, c.claimable) for c in held if c.value_fen in {600, 700}}

    assert stands() == {600: (False, True), 700: (False, True)}
    claim(central, m1, "c2")
    claim(central, m1, "c3")
    # The second one has not begun.
    assert stands() == {600: (True, False), 700: (False, False)}
