"""Checks of a sale before anything of it is worked out. Knows no account. Source: till-script.md section 2, op sale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from server_stub.domain.ledger.earning import total_fen
from server_stub.domain.ledger_commands import RecordSale
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding

MOST_FEN = 2**53 - 1
MOST_POINTS = 2**53 - 1
CLOCK_DIFFERENCE = timedelta(seconds=300)
_CURRENCY = "CNY"


def check_sale(sale: RecordSale, now: datetime, rules: Parameters) -> Reason | None:
    """Returns the first thing that is wrong with the sale itself, in the order of the contract, or None."""
    occurred_at = sale.occurred_at or now
    if any(line.unit_price_fen < 0 or line.discount_fen < 0 for line in sale.lines) or not sale.lines:
        return Reason.REQUEST_MALFORMED
    return next((reason for reason, is_wrong in _AMOUNTS if is_wrong(sale)), None) or _check_moment(occurred_at, now, rules)


def line_findings(sale: RecordSale) -> tuple[Finding, ...]:
    """Returns every line that is wrong by itself, e.g. ``lines.2.qty``, counted from 1."""
    found = []
    for number, line in enumerate(sale.lines, 1):
        if line.qty < 1:
            found.append(Finding(f"lines.{number}.qty", Reason.BAD_QTY))
        elif line.discount_fen > line.qty * line.unit_price_fen:
            found.append(Finding(f"lines.{number}.discount_fen", Reason.DISCOUNT_TOO_LARGE))
    return tuple(found)


def _check_moment(occurred_at: datetime, now: datetime, rules: Parameters) -> Reason | None:
    if occurred_at > now + CLOCK_DIFFERENCE:
        return Reason.FUTURE_DATE
    return Reason.TOO_LATE if occurred_at < now - timedelta(days=rules.max_late_days) else None


def _is_too_large(sale: RecordSale) -> bool:
    return any(line.qty * line.unit_price_fen > MOST_FEN for line in sale.lines) or total_fen(sale) > MOST_FEN


def _tenders_differ(sale: RecordSale) -> bool:
    return sale.tenders is not None and sum(tender.fen for tender in sale.tenders) != total_fen(sale)


_AMOUNTS: tuple[tuple[Reason, Callable[[RecordSale], bool]], ...] = (
    (Reason.CURRENCY_NOT_CNY, lambda sale: sale.currency != _CURRENCY),
    (Reason.BAD_QTY, lambda sale: any(line.qty < 1 for line in sale.lines)),
    (Reason.DISCOUNT_TOO_LARGE, lambda sale: any(line.discount_fen > line.qty * line.unit_price_fen for line in sale.lines)),
    (Reason.AMOUNT_TOO_LARGE, _is_too_large),
    (Reason.AMOUNT_ZERO, lambda sale: total_fen(sale) == 0),
    (Reason.TENDER_MISMATCH, _tenders_differ),
)
