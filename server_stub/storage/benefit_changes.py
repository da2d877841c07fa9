"""Statements on announced changes of benefits and on who was told. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from server_stub.domain.benefit_change import ChangeState
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow, MemberState
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.benefit_changes import benefit_change, benefit_notice
from server_stub.storage.tables.members import member
from server_stub.storage.tables.outbox import outbox_message


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of benefits.

    Attributes:
        words: By language, each with ``title`` and ``text``.
        told_until: Id of the last member to whom the message was queued, or empty.
    """

    change_id: str
    state: ChangeState
    effective_on: date
    notice_on: date | None
    words: dict[str, dict[str, str]]
    rules_version: str
    drafted_by: str
    drafted_at: datetime
    published_by: str | None
    published_at: datetime | None
    told_until: str
    told_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A member was told, or could not be: then without a key."""

    change_id: str
    member_id: str
    event_key: str | None
    at: datetime


def add_change(tx: Tx, row: ChangeRow) -> None:
    """Keeps a draft."""
    add(tx, benefit_change, row)


def find_change(tx: Tx, change_id: str) -> ChangeRow | None:
    """Returns a change."""
    return first(tx, select(benefit_change).where(benefit_change.c.change_id == change_id), ChangeRow)


def all_changes(tx: Tx) -> tuple[ChangeRow, ...]:
    """Returns every change, the one that takes effect last at the top."""
    query = select(benefit_change)
    return every(tx, query.order_by(benefit_change.c.effective_on.desc(), benefit_change.c.change_id), ChangeRow)


def changes_to_tell(tx: Tx, today: date) -> tuple[ChangeRow, ...]:
    """Returns published changes whose notice day has come and of which not everybody was told."""
    c = benefit_change.c
    query = select(benefit_change).where(c.state == ChangeState.PUBLISHED, c.notice_on <= today, c.told_at.is_(None))
    return every(tx, query.order_by(c.change_id), ChangeRow)


def changes_told_to_others(tx: Tx, member_id: str, today: date) -> tuple[ChangeRow, ...]:
    """Returns changes that are still to take effect and whose telling has passed a member by."""
    c, notice = benefit_change.c, benefit_notice.c
    was_told = select(notice.change_id).where(notice.change_id == c.change_id, notice.member_id == member_id).exists()
    has_passed = c.told_at.is_not(None) | (c.told_until >= member_id)
    query = select(benefit_change).where(c.state == ChangeState.PUBLISHED, c.effective_on > today, has_passed, ~was_told)
    return every(tx, query.order_by(c.effective_on, c.change_id), ChangeRow)


def set_change(tx: Tx, before: ChangeRow, values: Mapping[str, Any]) -> bool:
    """Changes a change and its version; False where somebody was quicker."""
    which = (benefit_change.c.change_id == before.change_id) & (benefit_change.c.version == before.version)
    return change(tx, benefit_change, which, {**values, "version": before.version + 1}) == 1


def members_after(tx: Tx, member_id: str, limit: int) -> tuple[MemberRow, ...]:
    """Returns active members in the order of their ids, those after an id."""
    query = select(member).where(member.c.state == MemberState.ACTIVE, member.c.member_id > member_id)
    return every(tx, query.order_by(member.c.member_id).limit(limit), MemberRow)


def add_notice(tx: Tx, row: NoticeRow) -> None:
    """Records that a member was told."""
    add(tx, benefit_notice, row)


def notices_by_state(tx: Tx, change_id: str) -> dict[str | None, int]:
    """Returns how many members' messages are in each state; None for members who could not be reached."""
    query = (
        select(outbox_message.c.state, func.count())
        .select_from(benefit_notice)
        .join(outbox_message, outbox_message.c.dedupe_key == benefit_notice.c.event_key, isouter=True)
        .where(benefit_notice.c.change_id == change_id)
        .group_by(outbox_message.c.state)
    )
    return {row[0]: row[1] for row in tx.connection.execute(query)}
