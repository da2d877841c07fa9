"""Coupons and benefits over the wire: a kiosk lists, claims and shows, a till takes what was shown; none does the other's calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from proto.member.v1 import benefit_pb2, coupon_pb2, enrollment_pb2, reason_pb2
from proto.member.v1.benefit_pb2_grpc import BenefitServiceStub
from proto.member.v1.coupon_pb2_grpc import CouponServiceStub
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from server_stub.app import compose
from server_stub.config import load
from server_stub.domain.actors import DeviceActor, SystemActor
from server_stub.domain.clock import SystemClock, business_day
from server_stub.domain.coupon_commands import IssueCoupon
from server_stub.domain.envelope import Envelope
from server_stub.storage.database import Tx
from server_stub.storage.members import IdentifiedBy, member_by_number
from tests.integration.server_stub_shell.test_joining_over_the_wire import prove_phone
from tests.support.wire_calls import adult_application, envelope, new_request_id, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.service_process import Installation

KIOSK = DeviceActor("K03", "S001")
ISSUER = SystemActor("issuer")


@dataclass(frozen=True, slots=True)
class Guest:
    """A member with an active membership who stands at the kiosk."""

    number: str
    token: str


def reason_of(work: Callable[..., Any], request: Any) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        work(request, timeout=5)
    return reason_pb2.Reason.Name(refusal(caught.value).reason).removeprefix("REASON_")


@pytest.fixture
def guest(installation: Installation) -> Guest:
    """Joins over the wire; the card, the card service's business, is activated and the coupons are issued where the service lives."""
    installation.start_sms()
    service = installation.start()
    with installation.channel() as channel:
        application = adult_application(channel, prove_phone(installation, channel))
        request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(), application=application)
        number = str(EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5).membership_number)
    service.stop()
    token = _prepare(installation, number)
    words = ("device", "enrol", "T01", "--kind", "till", "--store", "S001", "--out", str(installation.folder / "till"))
    assert installation.as_person("dev-admin", *words).returncode == 0
    installation.start()
    return Guest(number, token)


def _prepare(installation: Installation, number: str) -> str:
    parts = compose(load(environment=installation.environment))
    today = business_day(SystemClock().now())

    def activate(tx: Tx) -> tuple[str, str]:
        member = member_by_number(tx, number)
        assert member is not None
        parts.core.activation.activate(tx, KIOSK, member.member_id, None)
        return member.member_id, parts.core.visits.begin(tx, member, KIOSK, IdentifiedBy.PHONE)

    member_id, token = parts.database.write(activate)
    for coupon_id, limits in {"c1": {}, "c2": {}, "elsewhere": {"stores": ("S999",)}}.items():
        command = IssueCoupon(coupon_id, member_id, 500, today, today + timedelta(days=9), 2_000, **limits)
        parts.core.coupons.issue(ISSUER, Envelope(new_request_id(), 1, SystemClock().now()), command)
    parts.close()
    return token


def test_a_coupon_from_the_kiosk_to_the_till_and_back(installation: Installation, guest: Guest) -> None:
    with installation.channel() as kiosk, installation.channel(installation.credentials(installation.folder / "till")) as till:
        own, desk = CouponServiceStub(kiosk), CouponServiceStub(till)
        listed = own.ListCoupons(coupon_pb2.ListCouponsRequest(visit_token=guest.token), timeout=5).coupons
        states = {one.coupon_id: (one.state, one.in_this_store) for one in listed}
        assert states["c1"] == (coupon_pb2.COUPON_STATE_ISSUED, True)
        assert states["elsewhere"] == (coupon_pb2.COUPON_STATE_ISSUED, False)
        assert len(listed) == 5, "the two welcome coupons and three more"

        show = coupon_pb2.ShowCouponRequest(visit_token=guest.token, coupon_id="c1")
        assert reason_of(own.ShowCoupon, show) == "COUPON_NOT_CLAIMED"
        for coupon_id in ("c1", "c2", "elsewhere"):
            claim = coupon_pb2.ClaimCouponRequest(envelope=envelope(), visit_token=guest.token, coupon_id=coupon_id)
            for _ in range(2):
                assert own.ClaimCoupon(claim, timeout=5).state == coupon_pb2.COUPON_STATE_CLAIMED
        claim.envelope.request_id = new_request_id()
        assert reason_of(own.ClaimCoupon, claim) == "COUPON_ALREADY_CLAIMED"
        asked = {one: coupon_pb2.ShowCouponRequest(visit_token=guest.token, coupon_id=one) for one in states}
        codes = {one: own.ShowCoupon(request, timeout=5).code for one, request in asked.items()}

        def use(code: str, sale_id: str = "S1", basket_fen: int = 2_000, number: str = guest.number) -> coupon_pb2.CouponUse:
            return coupon_pb2.CouponUse(code=code, membership_number=number, sale_id=sale_id, basket_fen=basket_fen)

        ask = coupon_pb2.ValidateCouponRequest
        assert desk.ValidateCoupon(ask(use=use(codes["c1"])), timeout=5).off_fen == 500
        refused = {
            "COUPON_UNKNOWN": use(codes["c1"].replace("c1", "c2", 1)),
            "MEMBER_UNKNOWN": use(codes["c1"], number="8800000000000"),
            "COUPON_WRONG_STORE": use(codes["elsewhere"]),
            "COUPON_BASKET_TOO_SMALL": use(codes["c1"], basket_fen=1_999),
            "REQUEST_MALFORMED": use(codes["c1"], sale_id=""),
        }
        assert {reason: reason_of(desk.ValidateCoupon, ask(use=one)) for reason, one in refused.items()} == {r: r for r in refused}

        redeem = coupon_pb2.RedeemCouponRequest(envelope=envelope(), use=use(codes["c1"]))
        for _ in range(2):
            assert desk.RedeemCoupon(redeem, timeout=5).off_fen == 500
        assert reason_of(desk.ValidateCoupon, ask(use=use(codes["c2"]))) == "COUPON_STACKED"
        redeem.envelope.request_id = new_request_id()
        assert reason_of(desk.RedeemCoupon, redeem) == "COUPON_ALREADY_REDEEMED"
        back = coupon_pb2.RollBackCouponRequest(envelope=envelope(), code=codes["c1"])
        assert desk.RollBackCoupon(back, timeout=5).state == coupon_pb2.COUPON_STATE_ROLLED_BACK
        back.envelope.request_id = new_request_id()
        assert reason_of(desk.RollBackCoupon, back) == "COUPON_NOT_REDEEMED"
        # Neither does the other's work.
        assert reason_of(own.RedeemCoupon, redeem) == "NOT_PERMITTED"
        assert reason_of(desk.ShowCoupon, show) == "NOT_PERMITTED"


def test_benefits_at_the_kiosk(installation: Installation, guest: Guest) -> None:
    with installation.channel() as kiosk, installation.channel(installation.credentials(installation.folder / "till")) as till:
        benefits = BenefitServiceStub(kiosk)
        standing = benefits.GetBirthdayGift(benefit_pb2.GetBirthdayGiftRequest(visit_token=guest.token), timeout=5)
        assert (standing.state, standing.reason) == (benefit_pb2.BIRTHDAY_GIFT_STATE_CLOSED, reason_pb2.REASON_BIRTHDAY_MISSING)
        assert not standing.HasField("gift")
        ask = benefit_pb2.AskBirthdayGiftRequest(envelope=envelope(), visit_token=guest.token)
        assert reason_of(benefits.AskBirthdayGift, ask) == "BIRTHDAY_MISSING"
        wanted = benefit_pb2.GetReferralCodeRequest(visit_token=guest.token)
        offer = benefits.GetReferralCode(wanted, timeout=5)
        assert (offer.code[0], len(offer.code), offer.minimum_spend_fen) == ("R", 9, 5_000)
        assert benefits.GetReferralCode(wanted, timeout=5).code == offer.code
        assert not benefits.ListChanges(benefit_pb2.ListChangesRequest(), timeout=5).changes
        assert reason_of(BenefitServiceStub(till).GetReferralCode, wanted) == "NOT_PERMITTED"
