"""Performs what the journey of lost and found cards asks for. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.flows.lost.state import (
    AskReplacement,
    CardLoaded,
    LoadCard,
    LossReported,
    LossTakenBack,
    ReplacementGranted,
    ReportLoss,
    TurnInCard,
    TurnInNoted,
    WithdrawLoss,
)
from kiosk.ports.desks import LossDesk
from kiosk.ports.values import Language
from kiosk.session.intents import Intents


def lost_performs(desk: LossDesk, intents: Intents) -> dict[type, Callable[[Any, Language, Any], Awaitable[Any]]]:
    """Return one function for each effect of the journey."""

    async def load(effect: LoadCard, _language: Language, _report: Any) -> Any:
        return CardLoaded(await desk.own_card(effect.visit_token))

    async def report(effect: ReportLoss, _language: Language, _report: Any) -> Any:
        return LossReported(*await desk.report_lost(intents.id_of(effect), effect.visit_token))

    async def withdraw(effect: WithdrawLoss, _language: Language, _report: Any) -> Any:
        return LossTakenBack(await desk.withdraw_loss(intents.id_of(effect), effect.visit_token))

    async def replace(effect: AskReplacement, _language: Language, _report: Any) -> Any:
        return ReplacementGranted(await desk.replace_card(intents.id_of(effect), effect.visit_token))

    async def turn_in(effect: TurnInCard, _language: Language, _report: Any) -> Any:
        await desk.turn_in(intents.id_of(effect), effect.card.uid)
        return TurnInNoted()

    return {LoadCard: load, ReportLoss: report, WithdrawLoss: withdraw, AskReplacement: replace, TurnInCard: turn_in}
