"""Coupons and benefits, over the wire: implements kiosk.ports.desks.CouponDesk and BenefitDesk."""

from __future__ import annotations

from collections.abc import Iterable

import grpc

from kiosk.backend.caller import Caller, reason_name
from kiosk.backend.convert import LANGUAGES
from kiosk.ports.journal import IntentKind
from kiosk.ports.perks import (
    AnnouncedChange,
    BirthdayGift,
    CouponState,
    ExplanationLine,
    GiftState,
    OwnCoupon,
    ReferralOffer,
    ShownCoupon,
    WhyBenefits,
)
from kiosk.ports.values import Language, Reason, RequestId
from proto.member.v1 import benefit_pb2, benefit_pb2_grpc, coupon_pb2, coupon_pb2_grpc

# A state of a later contract is not known here: such a coupon is shown and cannot be used.
_STATES = {
    coupon_pb2.COUPON_STATE_ISSUED: CouponState.ISSUED,
    coupon_pb2.COUPON_STATE_CLAIMED: CouponState.CLAIMED,
    coupon_pb2.COUPON_STATE_REDEEMED: CouponState.REDEEMED,
    coupon_pb2.COUPON_STATE_ROLLED_BACK: CouponState.ROLLED_BACK,
    coupon_pb2.COUPON_STATE_EXPIRED: CouponState.EXPIRED,
    coupon_pb2.COUPON_STATE_VOID: CouponState.VOID,
}
_GIFT_STATES = {
    benefit_pb2.BIRTHDAY_GIFT_STATE_OPEN: GiftState.OPEN,
    benefit_pb2.BIRTHDAY_GIFT_STATE_GIVEN: GiftState.GIVEN,
}


class CouponGateway:
    """See CouponDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._coupons = coupon_pb2_grpc.CouponServiceStub(channel)
        self._caller = caller

    async def coupons(self, visit_token: str) -> tuple[OwnCoupon, ...]:
        """Return the member's coupons."""
        answer = await self._caller.ask(self._coupons.ListCoupons, coupon_pb2.ListCouponsRequest(visit_token=visit_token))
        return tuple(_coupon(one) for one in answer.coupons)

    async def claim_coupon(self, request_id: RequestId, visit_token: str, coupon_id: str) -> None:
        """Take a coupon."""
        request = coupon_pb2.ClaimCouponRequest(visit_token=visit_token, coupon_id=coupon_id)
        await self._caller.mutate(self._coupons.ClaimCoupon, request, request_id, IntentKind.CLAIM_COUPON)

    async def show_coupon(self, visit_token: str, coupon_id: str) -> ShownCoupon:
        """Return the code that a till takes."""
        request = coupon_pb2.ShowCouponRequest(visit_token=visit_token, coupon_id=coupon_id)
        answer = await self._caller.ask(self._coupons.ShowCoupon, request)
        return ShownCoupon(answer.code, _coupon(answer.coupon))


class BenefitGateway:
    """See BenefitDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._benefits = benefit_pb2_grpc.BenefitServiceStub(channel)
        self._caller = caller

    async def birthday_gift(self, visit_token: str) -> BirthdayGift:
        """Tell how it stands with the birthday gift."""
        request = benefit_pb2.GetBirthdayGiftRequest(visit_token=visit_token)
        answer = await self._caller.ask(self._benefits.GetBirthdayGift, request)
        state = _GIFT_STATES.get(answer.state, GiftState.CLOSED)
        return _gift(state, answer.gift, reason_name(answer.reason) if state is GiftState.CLOSED else None)

    async def ask_birthday_gift(self, request_id: RequestId, visit_token: str) -> BirthdayGift:
        """Have the birthday gift given."""
        request = benefit_pb2.AskBirthdayGiftRequest(visit_token=visit_token)
        answer = await self._caller.mutate(self._benefits.AskBirthdayGift, request, request_id, IntentKind.ASK_BIRTHDAY_GIFT)
        return _gift(GiftState.GIVEN, answer.gift)

    async def referral(self, visit_token: str) -> ReferralOffer:
        """Return the member's referral code."""
        answer = await self._caller.ask(self._benefits.GetReferralCode, benefit_pb2.GetReferralCodeRequest(visit_token=visit_token))
        return ReferralOffer(answer.code, answer.referrer_points, answer.referee_points, answer.minimum_spend_fen, answer.return_days)

    async def changes(self, language: Language) -> tuple[AnnouncedChange, ...]:
        """Return the announced changes of benefits."""
        answer = await self._caller.ask(self._benefits.ListChanges, benefit_pb2.ListChangesRequest(language=LANGUAGES[language]))
        return tuple(AnnouncedChange(one.change_id, one.title, one.text, one.effective_on) for one in answer.changes)

    async def why_sale(self, visit_token: str, sale_id: str, language: Language) -> tuple[ExplanationLine, ...]:
        """Return why a purchase earned what it earned."""
        request = benefit_pb2.ExplainDecisionRequest(visit_token=visit_token, sale_id=sale_id, language=LANGUAGES[language])
        answer = await self._caller.ask(self._benefits.ExplainDecision, request)
        return _lines(answer.lines)

    async def why_redemption(self, visit_token: str, redemption_id: str, language: Language) -> tuple[ExplanationLine, ...]:
        """Return what became of a redemption and which points paid."""
        request = benefit_pb2.ExplainDecisionRequest(visit_token=visit_token, redemption_id=redemption_id, language=LANGUAGES[language])
        answer = await self._caller.ask(self._benefits.ExplainDecision, request)
        return _lines(answer.lines)

    async def why_benefits(self, visit_token: str, language: Language) -> WhyBenefits:
        """Return why the tier and the birthday gift are as they are."""
        request = benefit_pb2.ListBenefitsRequest(visit_token=visit_token, language=LANGUAGES[language])
        answer = await self._caller.ask(self._benefits.ListBenefits, request)
        said = {one.kind: _lines(one.lines) for one in answer.benefits}
        return WhyBenefits(said.get(benefit_pb2.BENEFIT_KIND_TIER, ()), said.get(benefit_pb2.BENEFIT_KIND_BIRTHDAY, ()))


def _lines(lines: Iterable[benefit_pb2.ExplanationLine]) -> tuple[ExplanationLine, ...]:
    return tuple(ExplanationLine(line.key, tuple(sorted(line.variables.items())), line.rules) for line in lines)


def _gift(state: GiftState, gift: benefit_pb2.BirthdayGift, reason: Reason | None = None) -> BirthdayGift:
    return BirthdayGift(state, reason, gift.text_key, gift.value_fen, gift.valid_until)


def _coupon(one: coupon_pb2.OwnCoupon) -> OwnCoupon:
    return OwnCoupon(
        coupon_id=one.coupon_id,
        text_key=one.text_key,
        value_fen=one.value_fen,
        minimum_spend_fen=one.minimum_spend_fen,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        state=_STATES.get(one.state, CouponState.VOID),
        awaits_card=one.awaits_card,
        everywhere=not one.stores,
        here=one.in_this_store,
        weekdays=tuple(one.weekdays),
        redeemed_on=one.redeemed_on,
        why=_lines(one.lines),
    )
