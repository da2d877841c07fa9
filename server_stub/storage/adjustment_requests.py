"""Statements on corrections that were asked for. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, every, first
from server_stub.storage.tables.adjustment_requests import adjustment_approval, adjustment_request


@dataclass(frozen=True, slots=True)
class AdjustmentRequestRow:
    """A correction that somebody asked for."""

    adjustment_id: str
    member_id: str
    points: int
    reason: str
    case_id: str
    expires_on: date | None
    requested_by: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class AdjustmentApprovalRow:
    """A correction that somebody else agreed to."""

    adjustment_id: str
    request_id: str
    approved_at: datetime


def add_adjustment_request(tx: Tx, row: AdjustmentRequestRow) -> None:
    """Keeps what was asked for."""
    add(tx, adjustment_request, row)


def add_adjustment_approval(tx: Tx, row: AdjustmentApprovalRow) -> None:
    """Records that it was agreed to."""
    add(tx, adjustment_approval, row)


def open_adjustment_request(tx: Tx, adjustment_id: str, since: datetime) -> AdjustmentRequestRow | None:
    """Returns what was asked for since a moment and not agreed to yet."""
    return first(tx, _open(since).where(adjustment_request.c.adjustment_id == adjustment_id), AdjustmentRequestRow)


def open_adjustment_requests(tx: Tx, since: datetime) -> tuple[AdjustmentRequestRow, ...]:
    """Returns everything that waits since a moment or less long, the oldest first."""
    return every(tx, _open(since).order_by(adjustment_request.c.requested_at, adjustment_request.c.adjustment_id), AdjustmentRequestRow)


def _open(since: datetime) -> Select[Any]:
    done, c = select(adjustment_approval.c.adjustment_id), adjustment_request.c
    return select(adjustment_request).where(c.requested_at >= since, c.adjustment_id.not_in(done))
