"""Performs what the journey of campaigns asks for. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from kiosk.flows.campaigns.state import (
    BoardKnown,
    CampaignOpened,
    JoinCampaign,
    LoadBoard,
    OpenCampaign,
    PartTaken,
    WishNoted,
    WishReminder,
)
from kiosk.ports.campaigns import Joined, PublicCampaign
from kiosk.ports.desks import CampaignDesk, CouponDesk
from kiosk.ports.errors import DeskError
from kiosk.ports.values import Language
from kiosk.session.intents import Intents


@dataclass(frozen=True, slots=True)
class CampaignParts:
    """What the journey reaches; `known` is what the kiosk remembers and shows now, `ended` what is over: neither needs the link."""

    desk: CampaignDesk
    known: Callable[[], tuple[PublicCampaign, ...]]
    ended: Callable[[], frozenset[str]]


def campaign_performs(
    parts: CampaignParts, coupons: CouponDesk, intents: Intents
) -> dict[type, Callable[[Any, Language, Any], Awaitable[Any]]]:
    """Return one function for each effect of the journey."""

    async def board(_effect: LoadBoard, _language: Language, _report: Any) -> Any:
        return BoardKnown(parts.known(), parts.ended())

    async def look(effect: OpenCampaign, language: Language, _report: Any) -> Any:
        return CampaignOpened(await parts.desk.campaign(effect.visit_token, effect.campaign_id, language))

    async def join(effect: JoinCampaign, language: Language, _report: Any) -> Any:
        request_id, language = intents.id_of(effect), intents.language_of(effect, language)
        joined = await parts.desk.join(request_id, effect.visit_token, effect.campaign_id, language)
        return PartTaken(await _with_code(joined, effect.visit_token))

    async def wish(effect: WishReminder, _language: Language, _report: Any) -> Any:
        await parts.desk.wish_reminder(intents.id_of(effect), effect.visit_token, effect.campaign_id)
        return WishNoted()

    async def _with_code(joined: Joined, visit_token: str) -> Joined:
        if not joined.coupon_id:
            return joined
        try:
            return replace(joined, coupon=await coupons.show_coupon(visit_token, joined.coupon_id))
        except DeskError:
            # Taken part is taken part: the code waits under "coupons", e.g. until the card is active.
            return joined

    return {LoadBoard: board, OpenCampaign: look, JoinCampaign: join, WishReminder: wish}
