"""Reads members' own views on PostgreSQL over asyncpg: one statement for a batch. Knows how the driver gives rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.ledger.lots import Lot
from server_stub.storage.coupons import CouponRow
from server_stub.storage.ledger import MemberAccount, YearRow
from server_stub.storage.rows import from_values
from server_stub.storage.statement_pool import StatementPool
from server_stub.storage.viewing.api import ViewRows, VisitAt
from server_stub.storage.viewing.statement import prepared


class PostgresViews:
    """Implements ``api.ViewStore``.

    Thread:
        loop.
    """

    def __init__(self, url: str, connections: int) -> None:
        """Opens lazily; see ``StatementPool``."""
        self._pool = StatementPool(url, connections, "member-service-views")
        self._text = prepared()

    async def read(self, visits: Sequence[VisitAt], now: datetime) -> list[ViewRows | None]:
        """Reads a batch; see ``api.ViewStore``."""
        rows = await self._pool.fetch(self._text, [one.visit_id for one in visits], [one.device_id for one in visits], now)
        found: list[ViewRows | None] = [None] * len(visits)
        for position, *values in rows:
            found[position - 1] = _view_rows(*values)
        return found

    async def close(self) -> None:
        """Closes every connection."""
        await self._pool.close()


def _view_rows(
    number: str, wrapped_key: bytes | None, name: bytes | None, state: str, tier: str | None, rules_version: str, *parts: Any
) -> ViewRows | None:
    account, lots, years, coupons = parts
    if tier is None:
        return None
    return ViewRows(
        number=number,
        wrapped_key=wrapped_key,
        name=name,
        application_state=ApplicationState(state),
        tier=tier,
        account=from_values(account, MemberAccount),
        lots=tuple(Lot(*lot) for lot in lots),
        years=tuple(YearRow(*year) for year in years),
        coupons=tuple(_coupon(values) for values in coupons),
        rules_version=rules_version,
    )


def _coupon(values: Sequence[Any]) -> CouponRow:
    row = from_values(values, CouponRow)
    return replace(row, stores=_document(row.stores), weekdays=_document(row.weekdays))


def _document(value: Any) -> Any:
    """Returns a document, which the driver reads as its text."""
    return json.loads(value) if isinstance(value, str) else value
