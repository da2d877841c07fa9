"""Performs what the journey of redeeming asks for. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from kiosk.flows.rewards.answers import (
    CardUpdated,
    NotQuoted,
    Quoted,
    ReceiptFetched,
    Redeemed,
    RedemptionExplained,
    RedemptionsLoaded,
    RedemptionUndone,
    RewardsLoaded,
)
from kiosk.flows.rewards.effects import (
    ExplainRedemption,
    FetchReceipt,
    LoadRedemptions,
    LoadRewards,
    PrintRedemption,
    QuoteReward,
    RedeemReward,
    UndoRedemption,
    UpdateCard,
)
from kiosk.ports.desks import BenefitDesk, MemberDesk
from kiosk.ports.devices import SlipPrinter
from kiosk.ports.errors import DeskError, Refused
from kiosk.ports.rewards import RewardDesk
from kiosk.ports.values import Language, Reason
from kiosk.session.card_dialog import CardDialog
from kiosk.session.intents import Intents
from kiosk.session.printing import printed

_UNREACHABLE = Reason("UNREACHABLE")


@dataclass(frozen=True, slots=True)
class RewardsOutside:
    """What the journey reaches."""

    desk: RewardDesk
    members: MemberDesk
    benefits: BenefitDesk
    printer: SlipPrinter
    dialog: CardDialog


def rewards_performs(outside: RewardsOutside, intents: Intents) -> dict[type, Callable[[Any, Language, Any], Awaitable[Any]]]:
    """Return one function for each effect of the journey."""
    asks, beside = _Asks(outside.desk, outside.members, intents), _Beside(outside)
    return {
        LoadRewards: asks.catalogue,
        RedeemReward: asks.redeem,
        LoadRedemptions: asks.redemptions,
        UndoRedemption: asks.undo,
        QuoteReward: beside.quote,
        FetchReceipt: beside.receipt,
        ExplainRedemption: beside.why,
        PrintRedemption: beside.slip,
        UpdateCard: beside.card,
    }


class _Asks:
    """What a page waits for: a refusal or a lost answer is the page's own event."""

    def __init__(self, desk: RewardDesk, members: MemberDesk, intents: Intents) -> None:
        self._desk = desk
        self._members = members
        self._intents = intents

    async def catalogue(self, effect: LoadRewards, language: Language, _report: Any) -> Any:
        membership = await self._members.membership(effect.visit_token)
        return RewardsLoaded(membership, await self._desk.catalogue(effect.visit_token, language))

    async def redeem(self, effect: RedeemReward, _language: Language, _report: Any) -> Any:
        request_id = self._intents.id_of(effect)
        return Redeemed(await self._desk.redeem(request_id, effect.visit_token, effect.bargain, effect.phone_proof))

    async def redemptions(self, effect: LoadRedemptions, language: Language, _report: Any) -> Any:
        return RedemptionsLoaded(await self._desk.redemptions(effect.visit_token, language))

    async def undo(self, effect: UndoRedemption, language: Language, _report: Any) -> Any:
        request_id, language = self._intents.id_of(effect), self._intents.language_of(effect, language)
        return RedemptionUndone(*await self._desk.undo(request_id, effect.visit_token, effect.redemption_id, language))


class _Beside:
    """What runs beside a page: its failure is an event of its own, so that nothing else that the page waits for is taken to have failed."""

    def __init__(self, outside: RewardsOutside) -> None:
        self._outside = outside

    async def quote(self, effect: QuoteReward, language: Language, _report: Any) -> Any:
        try:
            return Quoted(effect.wanted, await self._outside.desk.quote(effect.visit_token, effect.wanted, language))
        except DeskError as error:
            return NotQuoted(effect.wanted, error.reason if isinstance(error, Refused) else _UNREACHABLE)

    async def receipt(self, effect: FetchReceipt, language: Language, _report: Any) -> Any:
        try:
            receipt = await self._outside.desk.redemption_receipt(effect.visit_token, effect.redemption_id, language)
        except DeskError:
            receipt = None
        return ReceiptFetched(effect.redemption_id, receipt)

    async def why(self, effect: ExplainRedemption, language: Language, _report: Any) -> Any:
        try:
            lines = await self._outside.benefits.why_redemption(effect.visit_token, effect.redemption_id, language)
        except DeskError:
            lines = ()
        return RedemptionExplained(effect.redemption_id, lines)

    async def slip(self, effect: PrintRedemption, language: Language, _report: Any) -> Any:
        slip = self._outside.printer.print_redemption(effect.receipt, effect.name_masked, language, is_copy=effect.is_copy)
        return await printed(slip, effect.receipt.number)

    async def card(self, effect: UpdateCard, _language: Language, _report: Any) -> Any:
        return CardUpdated(await self._outside.dialog.update(effect.visitor))
