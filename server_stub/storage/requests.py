"""Statements on the log of accepted requests. Knows no request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import Unreadable, add, every_readable, first
from server_stub.storage.tables.requests import request_log


class RequestState(StrEnum):
    """What became of a request id."""

    APPLIED = "APPLIED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A row of the log.

    Attributes:
        answer: JSON object of references to what was made, from which the first answer is given again.
        row_mac: Keyed digest of all of this, 32 bytes, so that the database's owner cannot change it unseen.
    """

    request_id: str
    state: RequestState
    operation: str
    actor: str
    body_mac: bytes | None
    answer: dict[str, Any] | None
    at: datetime
    row_mac: bytes | None = None


def find_request(tx: Tx, request_id: str) -> LoggedRequest | None:
    """Returns what is known of a request id."""
    return first(tx, select(request_log).where(request_log.c.request_id == request_id), LoggedRequest)


def add_request(tx: Tx, request: LoggedRequest) -> None:
    """Keeps a request for ever."""
    add(tx, request_log, request)


def requests_after(tx: Tx, request_id: str, limit: int) -> tuple[LoggedRequest | Unreadable, ...]:
    """Returns the next rows in the order of their ids, to look at all of them page by page."""
    query = select(request_log).where(request_log.c.request_id > request_id).order_by(request_log.c.request_id).limit(limit)
    return every_readable(tx, query, LoggedRequest, request_log.c.request_id)
