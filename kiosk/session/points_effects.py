"""Performs what the journey of points and purchases asks for. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.points.state import (
    STATEMENT_ENTRIES,
    AccountLoaded,
    EntriesLoaded,
    ExplainPurchase,
    LoadAccount,
    LoadEntries,
    LoadPurchase,
    LoadPurchases,
    LoadStatement,
    PrintStatement,
    PurchaseExplained,
    PurchaseLoaded,
    PurchaseNotExplained,
    PurchasesLoaded,
)
from kiosk.ports.desks import BenefitDesk, PointsDesk
from kiosk.ports.devices import SlipPrinter
from kiosk.ports.errors import DeskError, Refused
from kiosk.ports.points import EntriesPage
from kiosk.ports.values import Language
from kiosk.session.printing import printed

PAGE_SIZE, LARGEST_PAGE = 20, 100


def points_performs(
    desk: PointsDesk, benefits: BenefitDesk, printer: SlipPrinter
) -> dict[type, Callable[[Any, Language, Any], Awaitable[Any]]]:
    """Return one function for each effect of the journey."""

    async def account(effect: LoadAccount, language: Language, _report: Any) -> Any:
        return AccountLoaded(await desk.account(effect.visit_token, language))

    async def entries(effect: LoadEntries, language: Language, _report: Any) -> Any:
        return EntriesLoaded(await desk.entries(effect.visit_token, effect.page, PAGE_SIZE, language), effect.page)

    async def for_statement(effect: LoadStatement, language: Language, _report: Any) -> Any:
        return EntriesLoaded(await entries_of_statement(desk, effect.visit_token, language))

    async def purchases(effect: LoadPurchases, _language: Language, _report: Any) -> Any:
        return PurchasesLoaded(await desk.purchases(effect.visit_token, effect.page, PAGE_SIZE), effect.page)

    async def purchase(effect: LoadPurchase, _language: Language, _report: Any) -> Any:
        return PurchaseLoaded(await desk.purchase(effect.visit_token, effect.sale_id))

    async def explain(effect: ExplainPurchase, language: Language, _report: Any) -> Any:
        return await _why(benefits, effect, language)

    async def statement(effect: PrintStatement, language: Language, _report: Any) -> Any:
        return await printed(printer.print_statement(effect.statement, language, is_copy=effect.is_copy))

    return {
        LoadAccount: account,
        LoadEntries: entries,
        LoadStatement: for_statement,
        LoadPurchases: purchases,
        LoadPurchase: purchase,
        ExplainPurchase: explain,
        PrintStatement: statement,
    }


async def entries_of_statement(desk: PointsDesk, visit_token: str, language: Language) -> EntriesPage:
    """Return the newest movements as one page, as many as a statement has."""
    page = await desk.entries(visit_token, "", LARGEST_PAGE, language)
    while page.next_page and len(page.entries) < STATEMENT_ENTRIES:
        older = await desk.entries(visit_token, page.next_page, LARGEST_PAGE, language)
        page = EntriesPage(page.entries + older.entries, older.next_page)
    return page


async def _why(benefits: BenefitDesk, effect: ExplainPurchase, language: Language) -> PurchaseExplained | PurchaseNotExplained:
    try:
        lines = await benefits.why_sale(effect.visit_token, effect.sale_id, language)
    except Refused as refused:
        return PurchaseNotExplained(effect.sale_id, refused.reason)
    except DeskError:
        return PurchaseNotExplained(effect.sale_id, UNREACHABLE)
    return PurchaseExplained(effect.sale_id, lines)
