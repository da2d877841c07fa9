"""A member's own purchases of twelve months, as the visit at a device shows them, each with the points that it brought. Knows no rule.

Whatever is not the member's own is refused in the same words as what never was, so that nobody learns that a receipt exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.calendar import add_months, start_of
from server_stub.domain.ledger_commands import Tender
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.foundation import Foundation
from server_stub.services.own_points import size_of_page
from server_stub.services.visits import Visits
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_names
from server_stub.storage.purchases import ReturnSums, count_own_purchases, own_purchase, own_purchases, return_sums, returns_of_sale
from server_stub.storage.sales import ReturnRow, SaleLineRow, SaleRow, lines_of, returned_pieces

MONTHS_SHOWN = 12
OTHER_TENDER = "other"
# A till's own word for a way of paying; anything that could carry a number of a card or an account is not shown.
_KIND_OF_TENDER = re.compile(r"[a-z][a-z_]{0,31}")
_NOTHING = ReturnSums(0, 0)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase; amounts in fen.

    Attributes:
        store_name: Empty where the store has none.
        taken_back: Of the points, those that were taken back because goods came back.
    """

    sale_id: str
    store_name: str
    sold_at: datetime
    total_fen: int
    eligible_fen: int
    points: int
    taken_back: int
    refund_fen: int


@dataclass(frozen=True, slots=True)
class PurchasesPage:
    """Purchases, the newest first; the token of the next page is empty at the end."""

    purchases: tuple[Purchase, ...]
    next_page_token: str
    total: int


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """A line, and how many of its pieces came back."""

    line: SaleLineRow
    returned: int


@dataclass(frozen=True, slots=True)
class PurchaseDetail:
    """Everything about a purchase.

    Attributes:
        tenders: Kinds and amounts alone; empty where the till did not tell.
        applied: Codes of the multipliers that applied.
    """

    purchase: Purchase
    lines: tuple[PurchaseLine, ...]
    tenders: tuple[Tender, ...]
    returns: tuple[ReturnRow, ...]
    applied: tuple[str, ...]
    rules_version: str


class OwnPurchases:
    """Shows members what they bought."""

    def __init__(self, base: Foundation, visits: Visits) -> None:
        self._base = base
        self._visits = visits

    def page(self, actor: Actor, visit_token: str, page_token: str, page_size: int) -> PurchasesPage:
        """Returns a page of purchases.

        Args:
            actor: A kiosk.
            visit_token: Of the member's visit.
            page_token: From the page before; empty for the first.
            page_size: 1 to 100; 0: 20.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; REQUEST_MALFORMED with the field.
        """
        device, size = require_device(actor, Operation.READ_OWN_MEMBERSHIP), size_of_page(page_size)

        def reading(tx: Tx) -> PurchasesPage:
            member_id, since = self._visits.require(tx, visit_token, device).member_id, _first_moment(tx)
            before = own_purchase(tx, member_id, since, page_token) if page_token else None
            if page_token and before is None:
                raise refuse(Reason.REQUEST_MALFORMED, Finding("page_token", Reason.REQUEST_MALFORMED))
            rows = own_purchases(tx, member_id, since, before, size + 1)
            token = rows[size - 1].sale_id if len(rows) > size else ""
            return PurchasesPage(_purchases(tx, rows[:size]), token, count_own_purchases(tx, member_id, since))

        return self._base.database.read(reading)

    def one(self, actor: Actor, visit_token: str, sale_id: str) -> PurchaseDetail:
        """Returns a purchase.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; SALE_UNKNOWN: it is not one of the member's own of twelve months.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> PurchaseDetail:
            member_id = self._visits.require(tx, visit_token, device).member_id
            row = own_purchase(tx, member_id, _first_moment(tx), sale_id)
            if row is None:
                raise refuse(Reason.SALE_UNKNOWN)
            return _detail(tx, row)

        return self._base.database.read(reading)


def _first_moment(tx: Tx) -> datetime:
    return start_of(add_months(business_day(tx.now), -MONTHS_SHOWN))


def _purchases(tx: Tx, rows: tuple[SaleRow, ...]) -> tuple[Purchase, ...]:
    sums, names = return_sums(tx, {row.sale_id for row in rows}), store_names(tx, {row.store_id for row in rows})
    return tuple(_purchase(row, sums.get(row.sale_id, _NOTHING), names) for row in rows)


def _purchase(row: SaleRow, sums: ReturnSums, names: Mapping[str, str]) -> Purchase:
    return Purchase(
        sale_id=row.sale_id,
        store_name=names.get(row.store_id, ""),
        sold_at=row.occurred_at,
        total_fen=row.total_fen,
        eligible_fen=row.eligible_fen,
        points=row.earned,
        taken_back=sums.taken_back,
        refund_fen=sums.refund_fen,
    )


def _detail(tx: Tx, row: SaleRow) -> PurchaseDetail:
    returned = returned_pieces(tx, row.sale_id)
    return PurchaseDetail(
        purchase=_purchases(tx, (row,))[0],
        lines=tuple(PurchaseLine(line, returned.get(line.line, 0)) for line in lines_of(tx, row.sale_id)),
        tenders=tuple(Tender(masked_tender(kind), fen) for kind, fen in row.tenders or ()),
        returns=returns_of_sale(tx, row.sale_id),
        applied=tuple(code for code, _pct, _holds, is_used in row.decision["multipliers"] if is_used),
        rules_version=row.rules_version,
    )


def masked_tender(kind: str) -> str:
    """Returns a way of paying as it may be shown: a plain word, or "other"."""
    return kind if _KIND_OF_TENDER.fullmatch(kind) else OTHER_TENDER
