"""Statements on what was reported about cards. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, every, first
from server_stub.storage.tables.cards import card, card_report


class ReportKind(StrEnum):
    """What is said about a card."""

    LOST = "LOST"
    WITHDRAWN = "WITHDRAWN"
    TURNED_IN = "TURNED_IN"


HOTLISTED = (ReportKind.LOST, ReportKind.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class CardReport:
    """One report.

    Attributes:
        version: From 1, without a gap, over all cards.
        visit_id: Visit of the member who reported; None for who found a card.
    """

    version: int
    card_id: str
    kind: ReportKind
    device_id: str
    visit_id: str | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class HotlistRow:
    """A report as devices get it; uid of 7 bytes."""

    version: int
    uid: bytes
    kind: ReportKind
    reported_at: datetime


def add_report(tx: Tx, card_id: str, kind: ReportKind, device_id: str, visit_id: str | None = None) -> CardReport:
    """Appends a report under the next version and returns it."""
    row = CardReport(last_version(tx) + 1, card_id, kind, device_id, visit_id, tx.now)
    add(tx, card_report, row)
    return row


def last_version(tx: Tx) -> int:
    """Returns the version of the newest report, 0 where there is none."""
    return int(tx.connection.execute(select(func.coalesce(func.max(card_report.c.version), 0))).scalar_one())


def last_loss(tx: Tx, card_id: str) -> CardReport | None:
    """Returns what was said last about whether the card is lost."""
    query = select(card_report).where(card_report.c.card_id == card_id, card_report.c.kind.in_(HOTLISTED))
    return first(tx, query.order_by(card_report.c.version.desc()), CardReport)


def is_lost_since(tx: Tx, member_id: str, since: datetime) -> bool:
    """Returns whether a card of a member was reported lost at a moment or after it."""
    query = select(card_report.c.version).join_from(card_report, card, card.c.card_id == card_report.c.card_id)
    wanted = query.where(card.c.member_id == member_id, card_report.c.kind == ReportKind.LOST, card_report.c.reported_at >= since)
    return tx.connection.execute(wanted.limit(1)).first() is not None


def hotlist_since(tx: Tx, version: int, limit: int) -> tuple[HotlistRow, ...]:
    """Returns the first `limit` reports after a version that change which cards are refused, in order."""
    query = (
        select(card_report.c.version, card.c.uid, card_report.c.kind, card_report.c.reported_at)
        .join_from(card_report, card, card.c.card_id == card_report.c.card_id)
        .where(card_report.c.version > version, card_report.c.kind.in_(HOTLISTED))
    )
    return every(tx, query.order_by(card_report.c.version).limit(limit), HotlistRow)
