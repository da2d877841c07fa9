"""Performs what showing a code and the member's own code ask for. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.flows.member.state import CodeMade, MakeCode
from kiosk.flows.scan.state import ApplicationFound, IdentifyByCode, UseReceipt, VisitResumed
from kiosk.flows.sign_in.state import MemberIdentified
from kiosk.ports.desks import CredentialDesk
from kiosk.ports.values import Language
from kiosk.session.intents import Intents


def scan_performs(credentials: CredentialDesk, intents: Intents) -> dict[type, Callable[[Any, Language, Any], Awaitable[Any]]]:
    """Return one function for each effect."""

    async def identify(effect: IdentifyByCode, _language: Language, _report: Any) -> Any:
        return MemberIdentified(await credentials.identify_by_code(effect.text))

    async def use_receipt(effect: UseReceipt, _language: Language, _report: Any) -> Any:
        found = await credentials.use_receipt(intents.id_of(effect), effect.text)
        return VisitResumed(found.visitor, found.page) if found.visitor else ApplicationFound(found.application_number)

    async def make_code(effect: MakeCode, _language: Language, _report: Any) -> Any:
        made = await credentials.make_code(effect.visit_token)
        return CodeMade(made.text, made.refresh_after_s)

    return {IdentifyByCode: identify, UseReceipt: use_receipt, MakeCode: make_code}
