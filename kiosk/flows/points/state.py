"""States, events and effects of points and purchases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kiosk.ports.perks import ExplanationLine
from kiosk.ports.points import EntriesPage, PointsAccount, PointsEntry, Purchase, PurchaseDetail, PurchasesPage, Statement
from kiosk.ports.values import Reason, Visitor

STATEMENT_ENTRIES = 200
"""Movements on a printed statement: more than a year of somebody who comes every week, and metres of paper."""


@dataclass(frozen=True, slots=True)
class LoadingPoints:
    """The centre is asked for the lots."""

    visitor: Visitor
    number: str


@dataclass(frozen=True, slots=True)
class PointsByLot:
    """Every lot: where from, how many, until when."""

    visitor: Visitor
    number: str
    account: PointsAccount


@dataclass(frozen=True, slots=True)
class LoadingEntries:
    """The centre is asked for the movements."""

    visitor: Visitor
    number: str
    account: PointsAccount


@dataclass(frozen=True, slots=True)
class PointsByEntry:
    """The movements that were asked for so far; `next_page` is empty where there are no older ones."""

    visitor: Visitor
    number: str
    account: PointsAccount
    entries: tuple[PointsEntry, ...]
    next_page: str
    is_loading: bool = False


@dataclass(frozen=True, slots=True)
class PreparingStatement:
    """The centre is asked for what the statement says besides the lots."""

    visitor: Visitor
    number: str
    account: PointsAccount


@dataclass(frozen=True, slots=True)
class StatementReady:
    """The statement as a code, and how far its paper is: printing, printed, failed, unknown."""

    visitor: Visitor
    number: str
    statement: Statement
    slip: str = "printing"
    is_copy: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class LoadingPurchases:
    """The centre is asked for the purchases."""

    visitor: Visitor
    number: str


@dataclass(frozen=True, slots=True)
class PurchaseList:
    """The purchases that were asked for so far; `next_page` is empty where there are no older ones."""

    visitor: Visitor
    number: str
    purchases: tuple[Purchase, ...]
    total: int
    next_page: str
    is_loading: bool = False


@dataclass(frozen=True, slots=True)
class LoadingPurchase:
    """The centre is asked for one purchase."""

    visitor: Visitor
    listed: PurchaseList
    sale_id: str


@dataclass(frozen=True, slots=True)
class PurchaseShown:
    """One purchase: lines, payment, points, returns, and why it earned what it earned.

    Attributes:
        why: In the centre's words; None until it has said.
        why_not: Why it could not say; it can be asked again.
    """

    visitor: Visitor
    listed: PurchaseList
    detail: PurchaseDetail
    why: tuple[ExplanationLine, ...] | None = None
    why_not: Reason | None = None


@dataclass(frozen=True, slots=True)
class PointsUnavailable:
    """Not to be had now; `again` is the state in which `asks` is asked once more."""

    visitor: Visitor
    reason: Reason
    again: Any
    asks: Any


@dataclass(frozen=True, slots=True)
class AccountLoaded:
    """What there is."""

    account: PointsAccount


@dataclass(frozen=True, slots=True)
class EntriesLoaded:
    """Movements; `asked` is the page that was asked for, so that a late answer is not taken for another one."""

    page: EntriesPage
    asked: str = ""


@dataclass(frozen=True, slots=True)
class PurchasesLoaded:
    """Purchases; `asked` is the page that was asked for."""

    page: PurchasesPage
    asked: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseLoaded:
    """A purchase."""

    detail: PurchaseDetail


@dataclass(frozen=True, slots=True)
class PurchaseExplained:
    """Why this purchase earned what it earned."""

    sale_id: str
    lines: tuple[ExplanationLine, ...]


@dataclass(frozen=True, slots=True)
class PurchaseNotExplained:
    """The centre could not say why; the page goes on without. An event of its own: a late one must not be taken for another question's."""

    sale_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class EntriesChosen:
    """Show the movements."""


@dataclass(frozen=True, slots=True)
class MoreChosen:
    """Older ones, which were not asked for yet."""


@dataclass(frozen=True, slots=True)
class StatementChosen:
    """A statement to take along."""


@dataclass(frozen=True, slots=True)
class PrintAgainChosen:
    """Print once more: what failed, or one copy."""


@dataclass(frozen=True, slots=True)
class PurchaseChosen:
    """Show this purchase."""

    sale_id: str


@dataclass(frozen=True, slots=True)
class LoadAccount:
    """Effect: ask for the lots; answers AccountLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class LoadEntries:
    """Effect: ask for a page of movements, the first where `page` is empty; answers EntriesLoaded."""

    visit_token: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class LoadStatement:
    """Effect: ask for the newest movements that a statement tells; answers EntriesLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class LoadPurchases:
    """Effect: ask for a page of purchases, the first where `page` is empty; answers PurchasesLoaded."""

    visit_token: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class LoadPurchase:
    """Effect: ask for a purchase; answers PurchaseLoaded."""

    visit_token: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class ExplainPurchase:
    """Effect: ask why a purchase earned what it earned; answers PurchaseExplained or PurchaseNotExplained."""

    visit_token: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class PrintStatement:
    """Effect: print the statement; answers SlipPrinted or SlipFailed."""

    statement: Statement
    is_copy: bool
