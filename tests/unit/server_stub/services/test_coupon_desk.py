"""Coupons by hand: two people who both may, a reason, the member sees it and is told; once for a request; void for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import CouponState
from server_stub.domain.desk_reasons import CouponGivenFor, CouponVoidedFor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.coupon_desk import LARGEST_FEN, DeskCoupon, GiveCoupon
from server_stub.services.two_people import TwoPeople
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.central_service import DEVICE, LI, Central

ZHAO = StaffActor("zhao", frozenset({Role.MANAGER}))
QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
TWO = TwoPeople(ZHAO, QIAN)


class Desk:
    """A desk with one member."""

    def __init__(self, central: Central, *, is_active: bool = True) -> None:
        self.central = central
        self.number = central.join().membership_number
        self.member_id = central.member_id(self.number)
        if is_active:
            central.activate(self.member_id)

    def wanted(self, **other: Any) -> GiveCoupon:
        until = business_day(self.central.clock.now()) + timedelta(days=30)
        return replace(GiveCoupon(self.number, 1000, until, CouponGivenFor.SERVICE_FAILED, 5000), **other)

    def issue(self, people: TwoPeople = TWO, request_id: str = "", **other: Any) -> DeskCoupon:
        return self.central.core.desks.coupons.issue(people, self.central.envelope(request_id), self.wanted(**other))

    def void(self, coupon_id: str, people: TwoPeople = TWO, request_id: str = "") -> DeskCoupon:
        envelope = self.central.envelope(request_id)
        return self.central.core.desks.coupons.void(people, envelope, coupon_id, CouponVoidedFor.ISSUED_BY_MISTAKE)

    def own(self) -> dict[str, CouponState]:
        """What the member sees at the kiosk."""

        def begin(tx: Any) -> str:
            return self.central.core.visits.begin(tx, member_by_id(tx, self.member_id), DEVICE, IdentifiedBy.PHONE)

        visit = self.central.database.write(begin)
        return {one.coupon_id: one.state for one in self.central.core.own_coupons.all(DEVICE, visit)}

    def told(self) -> list[tuple[str, str]]:
        names = {"coupon_issued", "coupon_voided"}
        return [(template, payload.variables["value"]) for template, payload in self.central.messages() if template in names]

    def deeds(self, action: str) -> list[tuple[str, str]]:
        return [(row["actor"], str(row["detail"])) for row in self.central.rows("audit_event") if row["action"] == action]


@pytest.fixture
def desk(central: Central) -> Desk:
    return Desk(central)


@pytest.mark.parametrize(
    ("people", "other", "expected"),
    [
        (TwoPeople(LI, QIAN), {}, Reason.NOT_PERMITTED),
        (TwoPeople(ZHAO, LI), {}, Reason.NOT_PERMITTED),
        (TwoPeople(ZHAO, ZHAO), {}, Reason.SELF_APPROVAL),
        (TWO, {"membership_number": "0"}, Reason.MEMBER_UNKNOWN),
        (TWO, {"off_fen": 0}, Reason.REQUEST_MALFORMED),
        (TWO, {"minimum_spend_fen": -1}, Reason.REQUEST_MALFORMED),
        (TWO, {"stores": ("lakeside", "nowhere")}, Reason.REQUEST_MALFORMED),
        (TWO, {"off_fen": LARGEST_FEN + 1}, Reason.COUPON_TOO_LARGE),
        (TWO, {"valid_until": timedelta(days=-1)}, Reason.EXPIRY_IN_PAST),
        (TWO, {"valid_until": timedelta(days=367)}, Reason.REQUEST_MALFORMED),
    ],
)
def test_what_is_not_to_be_given_is_refused_and_leaves_nothing(
    desk: Desk, people: TwoPeople, other: dict[str, Any], expected: Reason
) -> None:
    if "valid_until" in other:
        other = {"valid_until": business_day(desk.central.clock.now()) + other["valid_until"]}
    before, told = desk.own(), desk.told()
    with pytest.raises(Refusal) as refused:
        desk.issue(people, **other)
    assert refused.value.reason is expected
    assert (desk.own(), desk.told(), desk.deeds("coupon.issued")) == (before, told, [])


def test_the_member_sees_the_coupon_and_is_told_and_the_trail_says_who_and_why(desk: Desk) -> None:
    made = desk.issue(stores=("lakeside",))
    assert (made.state, made.stores, made.awaits_card) == (CouponState.CLAIMED, ("lakeside",), False)
    assert desk.own()[made.coupon_id] is CouponState.CLAIMED
    assert desk.told() == [("coupon_issued", "10.00")]
    ((actor, detail),) = desk.deeds("coupon.issued")
    assert actor == "staff:zhao"
    assert "qian" in detail
    assert "SERVICE_FAILED" in detail
    listed = desk.central.core.desks.coupons.list(ZHAO, desk.number)
    assert made in listed
    assert len(desk.deeds("coupons.looked_at")) == 1


def test_before_the_card_is_active_it_waits_for_it(central: Central) -> None:
    desk = Desk(central, is_active=False)
    made = desk.issue()
    assert (made.state, made.awaits_card) == (CouponState.ISSUED, True)
    central.activate(desk.member_id)
    assert desk.own()[made.coupon_id] is CouponState.CLAIMED


def test_the_same_request_gives_one_coupon_and_another_body_is_refused(desk: Desk) -> None:
    request_id = desk.central.request_id()
    made = desk.issue(request_id=request_id)
    assert desk.issue(request_id=request_id) == made
    with pytest.raises(Refusal) as refused:
        desk.issue(request_id=request_id, off_fen=2000)
    assert refused.value.reason is Reason.REQUEST_ID_REUSED
    assert desk.told() == [("coupon_issued", "10.00")]


def test_a_void_coupon_is_worthless_for_good_and_the_member_is_told_once(desk: Desk) -> None:
    made, request_id = desk.issue(), desk.central.request_id()
    for people, expected in ((TwoPeople(ZHAO, LI), Reason.NOT_PERMITTED), (TwoPeople(QIAN, QIAN), Reason.SELF_APPROVAL)):
        with pytest.raises(Refusal) as refused:
            desk.void(made.coupon_id, people)
        assert refused.value.reason is expected
    assert desk.own()[made.coupon_id] is CouponState.CLAIMED
    assert desk.void(made.coupon_id, request_id=request_id).state is CouponState.VOID
    assert desk.void(made.coupon_id, request_id=request_id).state is CouponState.VOID
    with pytest.raises(Refusal) as refused:
        desk.void(made.coupon_id)
    assert refused.value.reason is Reason.COUPON_VOID
    with pytest.raises(Refusal) as refused:
        desk.void("cpn_none")
    assert refused.value.reason is Reason.COUPON_UNKNOWN
    assert desk.told() == [("coupon_issued", "10.00"), ("coupon_voided", "10.00")]
    assert desk.own()[made.coupon_id] is CouponState.VOID
    ((_, detail),) = desk.deeds("coupon.voided")
    assert "ISSUED_BY_MISTAKE" in detail


def test_only_who_may_sees_a_members_coupons(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        desk.central.core.desks.coupons.list(LI, desk.number)
    assert refused.value.reason is Reason.NOT_PERMITTED
