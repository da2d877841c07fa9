"""Statements on the codes that members show and on receipts by which visits are taken up. Knows no signature and no limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.grants import ReceiptRow
from server_stub.storage.members import MemberRow, VisitRow
from server_stub.storage.rows import add, every, first
from server_stub.storage.tables.member_codes import member_alias, refused_member_code, resumed_receipt, used_member_code
from server_stub.storage.tables.members import member, visit


@dataclass(frozen=True, slots=True)
class AliasRow:
    """The 8 random bytes that stand for a member in codes."""

    member_alias: bytes
    member_id: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class UsedCodeRow:
    """A code that was taken."""

    member_alias: bytes
    nonce: bytes
    issued_at: datetime
    device_id: str
    used_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedCodeRow:
    """A code that was not taken; the one that was too many says until when none is."""

    refusal_id: str
    device_id: str
    reason: str
    refused_at: datetime
    locks_until: datetime | None


@dataclass(frozen=True, slots=True)
class ResumedReceiptRow:
    """A receipt by which a visit was taken up, and the visit that began."""

    device_id: str
    sequence: int
    visit_id: str
    resumed_at: datetime


def alias_of(tx: Tx, member_id: str) -> AliasRow | None:
    """Returns a member's alias."""
    return first(tx, select(member_alias).where(member_alias.c.member_id == member_id), AliasRow)


def add_alias(tx: Tx, row: AliasRow) -> None:
    """Keeps a member's alias."""
    add(tx, member_alias, row)


def member_by_alias(tx: Tx, alias: bytes) -> MemberRow | None:
    """Returns the member of an alias."""
    query = select(member).join(member_alias, member_alias.c.member_id == member.c.member_id)
    return first(tx, query.where(member_alias.c.member_alias == alias), MemberRow)


def find_used(tx: Tx, alias: bytes, nonce: bytes, issued_at: datetime) -> UsedCodeRow | None:
    """Returns when and where a code was taken."""
    c = used_member_code.c
    return first(tx, select(used_member_code).where(c.member_alias == alias, c.nonce == nonce, c.issued_at == issued_at), UsedCodeRow)


def add_used(tx: Tx, row: UsedCodeRow) -> None:
    """Keeps that a code was taken; of two at the same time the second one finds its key taken and runs again."""
    add(tx, used_member_code, row)


def add_refused(tx: Tx, row: RefusedCodeRow) -> None:
    """Counts a code that was not taken."""
    add(tx, refused_member_code, row)


def refused_since(tx: Tx, device_id: str, since: datetime) -> tuple[RefusedCodeRow, ...]:
    """Returns the codes that were refused at a device after a moment, the newest first."""
    c = refused_member_code.c
    query = select(refused_member_code).where(c.device_id == device_id, c.refused_at > since)
    return every(tx, query.order_by(c.refused_at.desc(), c.refusal_id.desc()), RefusedCodeRow)


def newest_visit(tx: Tx, member_id: str) -> VisitRow | None:
    """Returns the visit of a member that began last."""
    query = select(visit).where(visit.c.member_id == member_id)
    return first(tx, query.order_by(visit.c.began_at.desc(), visit.c.visit_id.desc()), VisitRow)


def find_resumed(tx: Tx, row: ReceiptRow) -> ResumedReceiptRow | None:
    """Returns the visit that was taken up with a receipt."""
    c = resumed_receipt.c
    return first(tx, select(resumed_receipt).where(c.device_id == row.device_id, c.sequence == row.sequence), ResumedReceiptRow)


def add_resumed(tx: Tx, row: ResumedReceiptRow) -> None:
    """Keeps that a visit was taken up with a receipt."""
    add(tx, resumed_receipt, row)
