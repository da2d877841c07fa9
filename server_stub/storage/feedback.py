"""Statements on feedback cases and their replies: sealing on the way in, opening on the way out. Knows no step and no limit."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select

from server_stub.domain.feedback.case import CaseState, Category, Department, Resolution, Verdict
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first, keys_where
from server_stub.storage.sealed import Sealer
from server_stub.storage.tables.feedback import feedback_case, feedback_reply
from server_stub.storage.types import canonical_json


class CaseChannel(StrEnum):
    """Way by which a case came."""

    KIOSK = "KIOSK"
    HOTLINE = "HOTLINE"
    ONLINE = "ONLINE"
    SUGGESTION_BOX = "SUGGESTION_BOX"


@dataclass(frozen=True, slots=True)
class CaseContent:
    """What a case says in words; the text's numbers of people are masked already."""

    text: str = field(repr=False, default="")
    receipt_number: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it lies in the database, sealed."""

    case_id: str
    number: str
    channel: CaseChannel
    store_id: str
    device_id: str
    member_id: str | None
    is_anonymous: bool
    face: int
    category: Category | None
    department: Department | None
    phrases: list[str]
    campaign_id: str | None
    language: str
    wrapped_key: bytes | None
    content: bytes | None
    state: CaseState
    owner: str | None
    resolution: Resolution | None
    verdict: Verdict | None
    merged_into: str | None
    rules_version: str
    received_at: datetime
    classify_by: datetime
    reply_by: datetime
    resolve_by: datetime
    classified_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    reopened: int
    wrong_secrets: int
    wrong_since: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A reply as it lies in the database, sealed under the key of its case."""

    reply_id: str
    case_id: str
    text: bytes
    replied_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in clear."""

    text: str = field(repr=False)
    replied_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Flood:
    """How many cases there were since a moment, and when the oldest of them was."""

    count: int
    oldest: datetime | None


class Cases:
    """Keeps cases, each text under a data key of the case's own."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, tx: Tx, row: CaseRow, content: CaseContent) -> None:
        """Keeps a new case; the row's key and content are made here."""
        key = self._sealer.new(row.case_id)
        text = canonical_json({"text": content.text, "receipt_number": content.receipt_number})
        values = {one.name: getattr(row, one.name) for one in fields(CaseRow)}
        add(tx, feedback_case, CaseRow(**{**values, "wrapped_key": key.wrapped, "content": key.seal("content", text)}))

    def content(self, row: CaseRow) -> CaseContent:
        """Returns what a case says; empty where its key was destroyed.

        Raises:
            SealBroken: The row was tampered with.
        """
        if row.wrapped_key is None or row.content is None:
            return CaseContent()
        opened = json.loads(self._sealer.unwrap(row.case_id, row.wrapped_key).open("content", row.content))
        return CaseContent(opened["text"], opened["receipt_number"])

    def add_reply(self, tx: Tx, case: CaseRow, reply_id: str, text: str, by: str) -> None:
        """Keeps a reply.

        Raises:
            ValueError: The case's key was destroyed.
        """
        if case.wrapped_key is None:
            raise ValueError(f"case {case.case_id} was erased")
        sealed = self._sealer.unwrap(case.case_id, case.wrapped_key).seal(reply_id, text)
        add(tx, feedback_reply, ReplyRow(reply_id, case.case_id, sealed, by, tx.now))

    def replies(self, tx: Tx, case: CaseRow) -> tuple[Reply, ...]:
        """Returns the replies to a case, the oldest first; none where its key was destroyed."""
        if case.wrapped_key is None:
            return ()
        key = self._sealer.unwrap(case.case_id, case.wrapped_key)
        rows = every(
            tx, select(feedback_reply).where(feedback_reply.c.case_id == case.case_id).order_by(feedback_reply.c.reply_id), ReplyRow
        )
        return tuple(Reply(key.open(row.reply_id, row.text), row.replied_by, row.at) for row in rows)


def case_by_number(tx: Tx, number: str) -> CaseRow | None:
    """Returns a case."""
    return first(tx, select(feedback_case).where(feedback_case.c.number == number), CaseRow)


def case_by_id(tx: Tx, case_id: str) -> CaseRow | None:
    """Returns a case."""
    return first(tx, select(feedback_case).where(feedback_case.c.case_id == case_id), CaseRow)


def main_of(tx: Tx, row: CaseRow) -> CaseRow:
    """Returns the case that answers a case: the one that it was put to, or itself."""
    return (case_by_id(tx, row.merged_into) if row.merged_into else None) or row


def newest_case_of(tx: Tx, member_id: str) -> CaseRow | None:
    """Returns a member's newest case; anonymous ones are nobody's."""
    query = select(feedback_case).where(feedback_case.c.member_id == member_id)
    return first(tx, query.order_by(feedback_case.c.received_at.desc(), feedback_case.c.case_id.desc()), CaseRow)


def newest_case_to_judge(tx: Tx, member_id: str) -> CaseRow | None:
    """Returns the case of a member's with the newest reply that waits for their verdict."""
    main = feedback_case.alias()
    is_main = main.c.case_id == func.coalesce(feedback_case.c.merged_into, feedback_case.c.case_id)
    is_answered = main.c.replied_at.is_not(None) & main.c.state.in_((CaseState.REPLIED, CaseState.CLOSED)) & main.c.merged_into.is_(None)
    query = select(feedback_case).join(main, is_main).where(feedback_case.c.member_id == member_id, feedback_case.c.verdict.is_(None))
    return first(tx, query.where(is_answered).order_by(main.c.replied_at.desc(), feedback_case.c.case_id.desc()), CaseRow)


def open_cases(tx: Tx, states: tuple[CaseState, ...], limit: int) -> tuple[CaseRow, ...]:
    """Returns cases in some states, the one that is due first first."""
    query = select(feedback_case).where(feedback_case.c.state.in_(states))
    return every(tx, query.order_by(feedback_case.c.reply_by, feedback_case.c.case_id).limit(limit), CaseRow)


def has_open_case(tx: Tx, member_ids: Collection[str]) -> bool:
    """Returns whether one of the members has a case that is not closed."""
    is_open = feedback_case.c.state != CaseState.CLOSED
    query = select(feedback_case.c.case_id).where(feedback_case.c.member_id.in_(sorted(member_ids)), is_open)
    return tx.connection.execute(query.limit(1)).first() is not None


def nameless_cases_of_device(tx: Tx, device_id: str, since: datetime) -> Flood:
    """Returns how many cases that name nobody came from a device since a moment."""
    return _flood(tx, (feedback_case.c.device_id == device_id) & feedback_case.c.member_id.is_(None), since)


def cases_of_member(tx: Tx, member_id: str, since: datetime) -> Flood:
    """Returns how many cases came from a member since a moment."""
    return _flood(tx, feedback_case.c.member_id == member_id, since)


def change_case(tx: Tx, before: CaseRow, values: Mapping[str, Any]) -> bool:
    """Changes a case and its version; False where somebody was quicker."""
    which = (feedback_case.c.case_id == before.case_id) & (feedback_case.c.version == before.version)
    return change(tx, feedback_case, which, {**values, "version": before.version + 1}) == 1


def forget_verdicts_of_duplicates(tx: Tx, main: CaseRow) -> tuple[str, ...]:
    """Lets the members of what was put to a case judge its next reply; returns the ids of the cases that had a verdict."""
    which = (feedback_case.c.merged_into == main.case_id) & feedback_case.c.verdict.is_not(None)
    return _change_all(tx, which, {"verdict": None})


def put_duplicates_to(tx: Tx, main: CaseRow, before: CaseRow) -> tuple[str, ...]:
    """Puts what was put to a case to another one with it, so that every duplicate names the case that answers it; returns their ids."""
    return _change_all(tx, feedback_case.c.merged_into == before.case_id, {"merged_into": main.case_id, "verdict": None})


def _change_all(tx: Tx, which: ColumnElement[bool], values: Mapping[str, Any]) -> tuple[str, ...]:
    changed = keys_where(tx, feedback_case.c.case_id, which)
    change(tx, feedback_case, which, values)
    return changed


def note_wrong_secret(tx: Tx, case: CaseRow, count: int, since: datetime) -> None:
    """Counts a wrong secret; the version stays, because nothing that staff see has changed."""
    change(tx, feedback_case, feedback_case.c.case_id == case.case_id, {"wrong_secrets": count, "wrong_since": since})


def _flood(tx: Tx, which: ColumnElement[bool], since: datetime) -> Flood:
    received_at = feedback_case.c.received_at
    count, oldest = tx.connection.execute(select(func.count(), func.min(received_at)).where(which, received_at > since)).one()
    return Flood(int(count), oldest)
