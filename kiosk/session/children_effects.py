"""Performs what guardians ask for. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.flows.children.state import ChildOpened, ChildrenLoaded, ConsentTakenBack, LoadChildren, OpenChild, TakeConsentBack
from kiosk.flows.register.state import GuardianKnown, IdentifyGuardian
from kiosk.ports.children import GuardianDesk
from kiosk.ports.values import Language
from kiosk.session.intents import Intents


def children_performs(desk: GuardianDesk, intents: Intents) -> dict[type, Callable[[Any, Language, Any], Awaitable[Any]]]:
    """Return one function for each effect of guardians."""

    async def identify(effect: IdentifyGuardian, _language: Language, _report: Any) -> Any:
        return GuardianKnown(await desk.identify_guardian(effect.phone_proof))

    async def load(effect: LoadChildren, _language: Language, _report: Any) -> Any:
        return ChildrenLoaded(await desk.children(effect.visit_token))

    async def open_child(effect: OpenChild, _language: Language, _report: Any) -> Any:
        return ChildOpened(await desk.open_child(effect.visit_token, effect.link_id))

    async def take_back(effect: TakeConsentBack, _language: Language, _report: Any) -> Any:
        receipt = await desk.withdraw_guardian_consent(intents.id_of(effect), effect.visit_token, effect.link_id)
        return ConsentTakenBack(receipt)

    return {IdentifyGuardian: identify, LoadChildren: load, OpenChild: open_child, TakeConsentBack: take_back}
