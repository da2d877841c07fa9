"""Statements that end what has been kept long enough. Knows no period: that is the job's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, delete, exists, literal, select

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.feedback.case import CaseState
from server_stub.storage.applications import ApplicationRow
from server_stub.storage.database import Tx
from server_stub.storage.rows import change, every, keys_where
from server_stub.storage.tables.enrollment import application, issue_grant, ownership_code
from server_stub.storage.tables.feedback import feedback_case
from server_stub.storage.tables.member_codes import refused_member_code, resumed_receipt, used_member_code
from server_stub.storage.tables.members import visit
from server_stub.storage.tables.outbox import outbox_message
from server_stub.storage.tables.people import person
from server_stub.storage.tables.reviews import blocklist_entry

_REMINDER = "card_uncollected"


def delete_codes(tx: Tx, before: datetime) -> int:
    """Deletes one-time codes made before a moment and returns how many."""
    return tx.connection.execute(delete(ownership_code).where(ownership_code.c.created_at < before)).rowcount


def delete_grants(tx: Tx, before: datetime) -> int:
    """Deletes permissions that ended before a moment and returns how many."""
    return tx.connection.execute(delete(issue_grant).where(issue_grant.c.expires_at < before)).rowcount


def delete_visits(tx: Tx, before: datetime) -> int:
    """Deletes visits that ended before a moment and returns how many."""
    return tx.connection.execute(delete(visit).where(visit.c.expires_at < before)).rowcount


def delete_code_traces(tx: Tx, before: datetime) -> int:
    """Deletes what is known of members' codes that were used or refused before a moment, and returns how much that was."""
    used = tx.connection.execute(delete(used_member_code).where(used_member_code.c.used_at < before)).rowcount
    return used + tx.connection.execute(delete(refused_member_code).where(refused_member_code.c.refused_at < before)).rowcount


def delete_resumed(tx: Tx, before: datetime) -> int:
    """Deletes marks of receipts by which visits were taken up before a moment, and returns how many."""
    return tx.connection.execute(delete(resumed_receipt).where(resumed_receipt.c.resumed_at < before)).rowcount


def delete_blocks(tx: Tx) -> tuple[str, ...]:
    """Deletes lines of the blocklist that have ended and returns their ids."""
    is_over = blocklist_entry.c.expires_at <= tx.now
    ended = keys_where(tx, blocklist_entry.c.entry_id, is_over)
    tx.connection.execute(delete(blocklist_entry).where(is_over))
    return ended


def destroy_feedback(tx: Tx, closed_before: datetime) -> tuple[str, ...]:
    """Destroys the keys of cases closed before a moment, so that nobody reads their texts and replies, and returns the cases' ids."""
    case = feedback_case.c
    is_due = (case.state == CaseState.CLOSED) & (case.closed_at < closed_before) & case.wrapped_key.is_not(None)
    due = keys_where(tx, case.case_id, is_due)
    change(tx, feedback_case, is_due, {"wrapped_key": None, "content": None})
    return due


def erasable_people(tx: Tx, states: Collection[ApplicationState], since_before: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """Returns ids of people and applications that have been in one of the states since before a moment, not erased yet."""
    query = (
        select(person.c.person_id, application.c.application_id)
        .join(application, application.c.person_id == person.c.person_id)
        .where(application.c.state.in_(sorted(states)), application.c.state_since < since_before, person.c.erased_at.is_(None))
    )
    return tuple((row.person_id, row.application_id) for row in tx.connection.execute(query.order_by(person.c.person_id).limit(limit)))


def reminder_key(row: ApplicationRow) -> str:
    """Returns the key of the one message that tells a member that the card still waits."""
    return f"{_REMINDER}:{row.application_id}:{row.version}"


def _reminder_key() -> ColumnElement[str]:
    """As ``reminder_key``, in a statement."""
    return literal(f"{_REMINDER}:") + application.c.application_id + literal(":") + cast(application.c.version, String)


def unreminded(tx: Tx, since_before: datetime, limit: int) -> tuple[ApplicationRow, ...]:
    """Returns applications that have waited for their card since before a moment and whose members were not told yet."""
    is_told = exists().where(outbox_message.c.dedupe_key == _reminder_key())
    pending = application.c.state == ApplicationState.CARD_PENDING
    query = select(application).where(pending, application.c.state_since < since_before, ~is_told)
    return every(tx, query.order_by(application.c.state_since).limit(limit), ApplicationRow)


def uncollected(tx: Tx, told_before: datetime, limit: int) -> tuple[ApplicationRow, ...]:
    """Returns applications that wait for their card although the member was told before a moment; none whose card is being issued."""
    is_told = exists().where(outbox_message.c.dedupe_key == _reminder_key(), outbox_message.c.created_at < told_before)
    is_issuing = exists().where(issue_grant.c.application_id == application.c.application_id, issue_grant.c.expires_at > tx.now)
    query = select(application).where(application.c.state == ApplicationState.CARD_PENDING, is_told, ~is_issuing)
    return every(tx, query.order_by(application.c.state_since).limit(limit), ApplicationRow)
