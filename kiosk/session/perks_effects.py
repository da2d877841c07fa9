"""Performs what the journeys of coupons and benefits ask for. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.flows.benefits.state import AskGift, BenefitsLoaded, GiftGiven, LoadBenefits
from kiosk.flows.coupons.state import ClaimCoupon, CouponClaimed, CouponOpened, CouponsLoaded, LoadCoupons, ShowCoupon
from kiosk.flows.member.state import LoadNews, NewsLoaded
from kiosk.ports.desks import BenefitDesk, CouponDesk
from kiosk.ports.errors import DeskError
from kiosk.ports.perks import GiftState, OwnBenefits, OwnNews, WhyBenefits
from kiosk.ports.values import Language
from kiosk.session.intents import Intents


def perks_performs(
    coupons: CouponDesk, benefits: BenefitDesk, intents: Intents
) -> dict[type, Callable[[Any, Language, Any], Awaitable[Any]]]:
    """Return one function for each effect of the two journeys."""

    async def load_coupons(effect: LoadCoupons, _language: Language, _report: Any) -> Any:
        return CouponsLoaded(await coupons.coupons(effect.visit_token))

    async def claim(effect: ClaimCoupon, _language: Language, _report: Any) -> Any:
        await coupons.claim_coupon(intents.id_of(effect), effect.visit_token, effect.coupon_id)
        return CouponClaimed()

    async def show(effect: ShowCoupon, _language: Language, _report: Any) -> Any:
        return CouponOpened(await coupons.show_coupon(effect.visit_token, effect.coupon_id))

    async def load_benefits(effect: LoadBenefits, language: Language, _report: Any) -> Any:
        gift = await benefits.birthday_gift(effect.visit_token)
        referral = await benefits.referral(effect.visit_token)
        return BenefitsLoaded(
            OwnBenefits(gift, referral, await benefits.changes(language), await _why(benefits, effect.visit_token, language))
        )

    async def ask_gift(effect: AskGift, _language: Language, _report: Any) -> Any:
        return GiftGiven(await benefits.ask_birthday_gift(intents.id_of(effect), effect.visit_token))

    async def news(effect: LoadNews, language: Language, _report: Any) -> Any:
        return NewsLoaded(await _news(benefits, effect.visit_token, language))

    return {LoadNews: news, LoadCoupons: load_coupons, ClaimCoupon: claim, ShowCoupon: show, LoadBenefits: load_benefits, AskGift: ask_gift}


async def _why(benefits: BenefitDesk, visit_token: str, language: Language) -> WhyBenefits | None:
    """Return what the centre says; the page goes on without."""
    try:
        return await benefits.why_benefits(visit_token, language)
    except DeskError:
        return None


async def _news(benefits: BenefitDesk, visit_token: str, language: Language) -> OwnNews:
    """Return what the centre says of it; a home that could not ask is a home without news, not a fault."""
    try:
        gift = await benefits.birthday_gift(visit_token)
        changes = await benefits.changes(language)
    except DeskError:
        return OwnNews()
    return OwnNews(gift if gift.state is GiftState.OPEN else None, len(changes))
