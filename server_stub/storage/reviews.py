"""Statements on review tasks, decisions and the blocklist. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from server_stub.domain.decision_reasons import Verdict
from server_stub.domain.refusals import Finding
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.reviews import blocklist_entry, decision, review_task


class TaskState(StrEnum):
    """State of a review task."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class BlockKind(StrEnum):
    """What a blocklist entry is about."""

    MOBILE = "MOBILE"
    ID = "ID"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task for a reviewer.

    Attributes:
        needed_approvals: 1 or 2; two different people then.
        similar: JSON list of ``{"person_id": ..., "score": ...}``, score in percent.
        due_at: Promised end of the review.
        lease_until: Until when the claim holds.
    """

    task_id: str
    application_id: str
    state: TaskState
    needed_approvals: int
    similar: list[dict[str, Any]]
    opened_at: datetime
    due_at: datetime
    claimed_by: str | None
    lease_until: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A verdict; never changed."""

    decision_id: str
    application_id: str
    verdict: Verdict
    reason_code: str
    findings: tuple[Finding, ...]
    author: str
    application_version: int
    rules_version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BlocklistRow:
    """A line of the list of earlier abuse."""

    entry_id: str
    kind: BlockKind
    token: bytes
    reason: str
    author: str
    added_at: datetime
    expires_at: datetime


def add_task(tx: Tx, row: TaskRow) -> None:
    """Opens a task."""
    add(tx, review_task, row)


def task_by_id(tx: Tx, task_id: str) -> TaskRow | None:
    """Returns a task."""
    return first(tx, select(review_task).where(review_task.c.task_id == task_id), TaskRow)


def task_of(tx: Tx, application_id: str) -> TaskRow | None:
    """Returns the task about an application."""
    return first(tx, select(review_task).where(review_task.c.application_id == application_id), TaskRow)


def open_tasks(tx: Tx, limit: int) -> tuple[TaskRow, ...]:
    """Returns open tasks, oldest first."""
    query = select(review_task).where(review_task.c.state == TaskState.OPEN).order_by(review_task.c.opened_at, review_task.c.task_id)
    return every(tx, query.limit(limit), TaskRow)


def change_task(tx: Tx, before: TaskRow, values: Mapping[str, Any]) -> bool:
    """Changes a task and its version; False where somebody was quicker."""
    which = (review_task.c.task_id == before.task_id) & (review_task.c.version == before.version)
    return change(tx, review_task, which, {**values, "version": before.version + 1}) == 1


def add_decision(tx: Tx, row: DecisionRow) -> None:
    """Records a verdict for ever."""
    add(tx, decision, row)


def decisions_of(tx: Tx, application_id: str) -> tuple[DecisionRow, ...]:
    """Returns the verdicts on an application in order."""
    return every(tx, select(decision).where(decision.c.application_id == application_id).order_by(decision.c.decision_id), DecisionRow)


def add_block(tx: Tx, row: BlocklistRow) -> None:
    """Puts a token on the list."""
    add(tx, blocklist_entry, row)


def blocks(tx: Tx) -> tuple[BlocklistRow, ...]:
    """Returns the entries in force, those that end first at the top."""
    query = select(blocklist_entry).where(blocklist_entry.c.expires_at > tx.now)
    return every(tx, query.order_by(blocklist_entry.c.expires_at, blocklist_entry.c.entry_id), BlocklistRow)


def end_block(tx: Tx, entry_id: str) -> bool:
    """Ends an entry in force now; False where there is none."""
    which = (blocklist_entry.c.entry_id == entry_id) & (blocklist_entry.c.expires_at > tx.now)
    return change(tx, blocklist_entry, which, {"expires_at": tx.now}) == 1


def block_on(tx: Tx, kind: BlockKind, token: bytes) -> BlocklistRow | None:
    """Returns an entry in force about the token."""
    query = select(blocklist_entry).where(blocklist_entry.c.kind == kind, blocklist_entry.c.token == token)
    return first(tx, query.where(blocklist_entry.c.expires_at > tx.now).order_by(blocklist_entry.c.entry_id), BlocklistRow)
