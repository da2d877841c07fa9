"""Statements on merges of memberships and on members without an application. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.merges import member_merge, program_join


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge; it stands until it is undone.

    Attributes:
        from_step: Its place in the account of the merged member; the clocks of two processes do not order what happened there.
        into_step: The same in the survivor's; those of the undoing stand beside it.
    """

    merge_id: str
    from_member_id: str
    into_member_id: str
    proposed_by: str
    approved_by: str
    merged_on: date
    merged_at: datetime
    undone_by: str | None
    undone_approved_by: str | None
    undone_at: datetime | None
    from_step: int | None
    into_step: int | None
    undone_from_step: int | None = None
    undone_into_step: int | None = None


@dataclass(frozen=True, slots=True)
class ProgramJoinRow:
    """A member who came without an application."""

    member_id: str
    guardian_id: str | None
    request_id: str
    joined_step: int
    at: datetime


def add_merge(tx: Tx, row: MergeRow) -> None:
    """Records a merge."""
    add(tx, member_merge, row)


def find_merge(tx: Tx, merge_id: str) -> MergeRow | None:
    """Returns a merge."""
    return first(tx, select(member_merge).where(member_merge.c.merge_id == merge_id), MergeRow)


def every_merge(tx: Tx) -> tuple[MergeRow, ...]:
    """Returns all merges, undone or not, as the clocks say."""
    return every(tx, select(member_merge).order_by(member_merge.c.merged_at, member_merge.c.merge_id), MergeRow)


def standing_merges_into(tx: Tx, member_id: str) -> tuple[MergeRow, ...]:
    """Returns the merges into a member that are not undone."""
    query = select(member_merge).where(member_merge.c.into_member_id == member_id, member_merge.c.undone_at.is_(None))
    return every(tx, query.order_by(member_merge.c.merge_id), MergeRow)


def members_ever_merged(tx: Tx, member_ids: Sequence[str]) -> set[str]:
    """Returns those members who ever took part in a merge, undone or not."""
    c = member_merge.c
    query = select(c.from_member_id, c.into_member_id).where(c.from_member_id.in_(member_ids) | c.into_member_id.in_(member_ids))
    return {member_id for pair in tx.connection.execute(query) for member_id in pair}.intersection(member_ids)


def merged_members(tx: Tx) -> tuple[tuple[str, str], ...]:
    """Returns who was ever merged into whom, undone or not."""
    c = member_merge.c
    return tuple((row.from_member_id, row.into_member_id) for row in tx.connection.execute(select(c.from_member_id, c.into_member_id)))


def undo_merge(tx: Tx, merge_id: str, values: Mapping[str, Any]) -> bool:
    """Records that a merge was undone; False where it was before."""
    which = (member_merge.c.merge_id == merge_id) & member_merge.c.undone_at.is_(None)
    return change(tx, member_merge, which, values) == 1


def add_program_join(tx: Tx, row: ProgramJoinRow) -> None:
    """Records how a member came."""
    add(tx, program_join, row)


def merges_into_on(tx: Tx, member_id: str, moment: datetime) -> tuple[str, ...]:
    """Returns the members that were merged into a member at a past moment."""
    c = member_merge.c
    stood = (c.merged_at <= moment) & (c.undone_at.is_(None) | (c.undone_at > moment))
    return tuple(tx.connection.execute(select(c.from_member_id).where(c.into_member_id == member_id, stood)).scalars())


def was_merged_on(tx: Tx, member_id: str, moment: datetime) -> bool:
    """Returns whether a member was merged into another at a past moment."""
    c = member_merge.c
    stood = (c.merged_at <= moment) & (c.undone_at.is_(None) | (c.undone_at > moment))
    return tx.connection.execute(select(c.merge_id).where(c.from_member_id == member_id, stood)).first() is not None
