"""Statements on submitted rule files and approvals. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, every, first
from server_stub.storage.tables.members import member
from server_stub.storage.tables.rules import rule_approval, rule_draft


@dataclass(frozen=True, slots=True)
class RuleDraftRow:
    """A rule file as it was submitted; a version has revisions until it is published."""

    version: str
    revision: int
    effective_from: date
    document: dict[str, Any]
    request_id: str
    submitted_by: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class RuleApprovalRow:
    """A revision that a second person agreed to."""

    version: str
    revision: int
    effective_from: date
    notice: str
    request_id: str
    submitted_by: str
    approved_by: str
    approved_at: datetime


def add_draft(tx: Tx, row: RuleDraftRow) -> None:
    """Keeps a revision."""
    add(tx, rule_draft, row)


def add_approval(tx: Tx, row: RuleApprovalRow) -> None:
    """Records who agreed."""
    add(tx, rule_approval, row)


def drafts_of(tx: Tx, version: str) -> tuple[RuleDraftRow, ...]:
    """Returns the revisions of a version, the last one first."""
    query = select(rule_draft).where(rule_draft.c.version == version)
    return every(tx, query.order_by(rule_draft.c.revision.desc()), RuleDraftRow)


def all_drafts(tx: Tx) -> tuple[RuleDraftRow, ...]:
    """Returns the last revision of every version, by first day."""
    newest = select(rule_draft.c.version, func.max(rule_draft.c.revision).label("revision")).group_by(rule_draft.c.version).subquery()
    query = select(rule_draft).join(newest, (newest.c.version == rule_draft.c.version) & (newest.c.revision == rule_draft.c.revision))
    return every(tx, query.order_by(rule_draft.c.effective_from, rule_draft.c.version), RuleDraftRow)


def find_approval(tx: Tx, version: str) -> RuleApprovalRow | None:
    """Returns the approval of a version."""
    return first(tx, select(rule_approval).where(rule_approval.c.version == version), RuleApprovalRow)


def all_approvals(tx: Tx) -> tuple[RuleApprovalRow, ...]:
    """Returns every approval, by first day."""
    return every(tx, select(rule_approval).order_by(rule_approval.c.effective_from), RuleApprovalRow)


def approved_draft(tx: Tx, version: str) -> RuleDraftRow | None:
    """Returns the revision of a published version; None where it was published without a file."""
    query = select(rule_draft).join(
        rule_approval, (rule_approval.c.version == rule_draft.c.version) & (rule_approval.c.revision == rule_draft.c.revision)
    )
    return first(tx, query.where(rule_draft.c.version == version), RuleDraftRow)


def has_members(tx: Tx) -> bool:
    """Returns whether anybody is a member."""
    return tx.connection.execute(select(member.c.member_id).limit(1)).first() is not None
