"""Tables of the review: tasks, decisions and the list of earlier abuse. Knows no screen and no queue order."""

from sqlalchemy import CheckConstraint, ForeignKey, Index

from server_stub.storage.marks import NOT_PERSONAL, PERSON_LINK, STAFF_LINK, Erasure, PiiKind, PiiMark
from server_stub.storage.metadata import facts, passing, table
from server_stub.storage.types import BYTES, DOCUMENT, FINDINGS, MOMENT, TEXT, WHOLE, column

_BLOCKED = PiiMark(PiiKind.PSEUDONYM, "earlier abuse", "until its expiry", Erasure.ROW_DELETED)

review_task = table(
    "review_task",
    column("task_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), unique=True),
    column("state", TEXT, NOT_PERSONAL),
    column("needed_approvals", WHOLE, NOT_PERSONAL),
    column("similar", DOCUMENT, PERSON_LINK),
    column("opened_at", MOMENT, NOT_PERSONAL),
    column("due_at", MOMENT, NOT_PERSONAL),
    column("claimed_by", TEXT, STAFF_LINK, nullable=True),
    column("lease_until", MOMENT, NOT_PERSONAL, nullable=True),
    column("version", WHOLE, NOT_PERSONAL),
    CheckConstraint("state IN ('OPEN', 'CLOSED')", name="state"),
    CheckConstraint("needed_approvals BETWEEN 1 AND 2", name="needed_approvals"),
    Index("ix_review_task_open", "state", "opened_at"),
)

# One row for each verdict, the automatic ones too (author "system:preliminary").
decision = facts(
    "decision",
    column("decision_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("application_id", TEXT, PERSON_LINK, ForeignKey("application.application_id"), index=True),
    column("verdict", TEXT, NOT_PERSONAL),
    column("reason_code", TEXT, NOT_PERSONAL),
    column("findings", FINDINGS, NOT_PERSONAL),
    column("author", TEXT, STAFF_LINK),
    column("application_version", WHOLE, NOT_PERSONAL),
    column("rules_version", TEXT, NOT_PERSONAL),
    column("at", MOMENT, NOT_PERSONAL),
    CheckConstraint("verdict IN ('APPROVE', 'REJECT', 'RETURN', 'HOLD', 'REVIEW')", name="verdict"),
)

# Own abuse history only, never bought data. The token is that of a phone or an ID number.
blocklist_entry = passing(
    "blocklist_entry",
    column("entry_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("kind", TEXT, NOT_PERSONAL),
    column("token", BYTES, _BLOCKED),
    column("reason", TEXT, _BLOCKED),
    column("author", TEXT, STAFF_LINK),
    column("added_at", MOMENT, NOT_PERSONAL),
    column("expires_at", MOMENT, NOT_PERSONAL),
    CheckConstraint("kind IN ('MOBILE', 'ID')", name="kind"),
    CheckConstraint("reason <> ''", name="reason"),
    CheckConstraint("author <> ''", name="author"),
    Index("ix_blocklist_entry_token", "kind", "token"),
)
