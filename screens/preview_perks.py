"""Made-up coupons and benefits for pictures and for the check of layouts. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.benefits.state import (
    AskingGift,
    BenefitsShown,
    BenefitsUnavailable,
    GiftRefused,
    LoadingBenefits,
    ReadingChange,
    ReadingWhy,
)
from kiosk.flows.coupons.state import (
    ClaimingCoupon,
    CouponCode,
    CouponDetail,
    CouponList,
    CouponRefused,
    CouponsUnavailable,
    LoadingCoupons,
    OpeningCoupon,
    Shelf,
)
from kiosk.ports.perks import (
    AnnouncedChange,
    BirthdayGift,
    CouponState,
    ExplanationLine,
    GiftState,
    OwnBenefits,
    OwnCoupon,
    ReferralOffer,
    ShownCoupon,
    WhyBenefits,
)
from kiosk.ports.values import Language, Reason, Visitor

Row = tuple[str, Any, dict[str, Any]]

VISITOR = Visitor("visit", "欧阳**")
UNREACHABLE = Reason("UNREACHABLE")
CODE = "cpn_01999b3e-5c1d-7abc-8def-0123456789ab.mfzwizltoq3tenrvgy3dq5dfon"

_GIVEN = (
    ExplanationLine("explain.coupon.for_campaign", (("day", "2026-12-31"),), "welcome-2026-11"),
    ExplanationLine("explain.coupon.minimum", (("amount", "1099.00"),)),
    ExplanationLine("explain.coupon.claim", (("day", "2027-12-31"),)),
)
_READY = OwnCoupon("c1", "benefit.coupon", 1000, 5000, "2026-08-01", "2027-01-22", CouponState.CLAIMED, why=_GIVEN)
_WEEKEND = replace(_READY, coupon_id="c2", value_fen=500, minimum_spend_fen=0, everywhere=False, weekdays=(1, 2, 3, 4, 5, 6))
_ELSEWHERE = replace(_WEEKEND, coupon_id="c3", value_fen=20000, minimum_spend_fen=109900, here=False)
_ISSUED = replace(_READY, coupon_id="c4", value_fen=1250, state=CouponState.ISSUED)
_AWAITING = replace(_ISSUED, coupon_id="c5", awaits_card=True)
_LATER = replace(_READY, coupon_id="c6", valid_from="2099-01-01", valid_until="2099-12-31")
_USED = replace(_READY, coupon_id="c7", state=CouponState.REDEEMED, redeemed_on="2026-08-03")
_ENDED = replace(_READY, coupon_id="c8", state=CouponState.EXPIRED, valid_until="2026-08-02")
_VOID = replace(_READY, coupon_id="c9", state=CouponState.VOID)
_ALL = (_READY, _WEEKEND, _ELSEWHERE, _ISSUED, _AWAITING, _LATER, replace(_READY, coupon_id="c10"), _USED, _ENDED, _VOID)

_WORDS = {
    Language.ZH_HANS: (
        "银卡门槛由五百分改为六百分",
        "自生效日起，升为银卡会员需要当年累计六百分。已是银卡的会员，等级保留到本年度末，不受影响。",
    ),
    Language.ZH_HANT: (
        "銀卡門檻由五百分改為六百分",
        "自生效日起，升為銀卡會員需要當年累計六百分。已是銀卡的會員，等級保留到本年度末，不受影響。",
    ),
    Language.EN: (
        "Silver from 600 points instead of 500",
        "From this day on silver takes 600 points in a year. Silver members stay silver this year.",
    ),
}


def perks(language: Language) -> Iterable[Row]:
    """Return the views of coupons and benefits: label, state and change of what surrounds it."""
    yield from _coupons()
    yield from _benefits(language)


def _coupons() -> Iterable[Row]:
    listed = CouponList(VISITOR, _ALL)
    yield "coupons-loading", LoadingCoupons(VISITOR), {}
    yield "coupons", listed, {}
    yield "coupons-used", replace(listed, shelf=Shelf.USED), {}
    yield "coupons-ended", replace(listed, shelf=Shelf.ENDED), {}
    yield "coupons-none", CouponList(VISITOR, ()), {}
    yield "coupon-code", CouponCode(VISITOR, listed, ShownCoupon(CODE, _READY)), {}
    yield "coupon-code-limited", CouponCode(VISITOR, listed, ShownCoupon(CODE, _ELSEWHERE)), {}
    yield "coupon-code-why", CouponCode(VISITOR, listed, ShownCoupon(CODE, _READY), is_why=True), {}
    yield "coupon-claim", CouponDetail(VISITOR, listed, _ISSUED), {}
    yield "coupon-claim-why", CouponDetail(VISITOR, listed, _ISSUED, is_why=True), {}
    yield "coupon-awaits-card", CouponDetail(VISITOR, listed, _AWAITING), {}
    yield "coupon-used", CouponDetail(VISITOR, listed, _USED), {}
    claiming = ClaimingCoupon(VISITOR, listed, _ISSUED)
    yield "coupon-claiming", claiming, {}
    yield "coupon-opening", OpeningCoupon(VISITOR, listed, _READY), {}
    yield "coupon-refused", CouponRefused(VISITOR, claiming, Reason("COUPON_ALREADY_REDEEMED")), {}
    yield "coupon-holder", CouponRefused(VISITOR, claiming, Reason("HOLDER_PROOF")), {}
    yield "coupon-lost", CouponRefused(VISITOR, claiming, UNREACHABLE), {"is_linked": False}
    yield "coupons-unavailable", CouponsUnavailable(VISITOR, UNREACHABLE), {"is_linked": False}


_WHY = WhyBenefits(
    (
        ExplanationLine("explain.tier.until", (("day", "2027-12-31"), ("tier", "Platinum Plus")), "house-2026-11"),
        ExplanationLine("explain.tier.next", (("amount", "12345.60"), ("day", "2027-12-31"), ("tier", "Platinum Plus"))),
        ExplanationLine("explain.tier.keep", (("amount", "12345.60"), ("day", "2027-12-31"), ("tier", "Platinum Plus"))),
    ),
    (ExplanationLine("explain.no.BIRTHDAY_CHANGED_THIS_YEAR", rules="birthday-2026-11"),),
)


def _benefits(language: Language) -> Iterable[Row]:
    title, text = _WORDS[language]
    change = AnnouncedChange("chg_1", title, text, "2027-01-01")
    gift = BirthdayGift(GiftState.OPEN, None, "benefit.coupon", 1000, "2027-01-22")
    shown = BenefitsShown(VISITOR, OwnBenefits(gift, ReferralOffer("R7K2M4QX9", 100, 100, 5000, 15), (change, change), _WHY))
    given = replace(shown.benefits, gift=replace(gift, state=GiftState.GIVEN), changes=())
    closed = replace(shown.benefits, gift=BirthdayGift(GiftState.CLOSED, Reason("BIRTHDAY_CHANGED_THIS_YEAR")))
    yield "benefits-loading", LoadingBenefits(VISITOR), {}
    yield "benefits", shown, {}
    yield "benefits-gift-given", BenefitsShown(VISITOR, given), {}
    yield "benefits-gift-closed", BenefitsShown(VISITOR, closed), {}
    yield "benefits-asking", AskingGift(VISITOR, shown.benefits), {}
    yield "benefits-refused", GiftRefused(VISITOR, shown.benefits, Reason("BIRTHDAY_GIFT_TAKEN")), {}
    yield "benefits-unavailable", BenefitsUnavailable(VISITOR, UNREACHABLE), {"is_linked": False}
    yield "benefits-why", ReadingWhy(VISITOR, shown.benefits), {}
    yield "change", ReadingChange(VISITOR, shown.benefits), {}
