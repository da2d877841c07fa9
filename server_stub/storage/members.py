"""Statements on members, their tiers and visits. Knows no rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.members import member, tier_assignment, visit


class MemberState(StrEnum):
    """State of a membership (vocabulary.md 5.2)."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"
    ERASED = "ERASED"
    MERGED = "MERGED"


class IdentifiedBy(StrEnum):
    """How a visit began."""

    PHONE = "PHONE"
    CARD = "CARD"
    ISSUE = "ISSUE"
    CODE = "CODE"
    RECEIPT = "RECEIPT"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A membership.

    Attributes:
        number: 16 digits.
        activated_at: When the card became active; None until then.
    """

    member_id: str
    person_id: str
    application_id: str
    number: str
    state: MemberState
    mobile_token: bytes | None
    store_id: str
    joined_on: date
    joined_at: datetime
    activated_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier from a day on."""

    member_id: str
    sequence: int
    tier: str
    from_day: date
    rules_version: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A member before a device; `left_at_page` is set where time ended it and not its member."""

    visit_id: str
    member_id: str
    device_id: str
    identified_by: IdentifiedBy
    began_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    left_at_page: str | None = None


def add_member(tx: Tx, row: MemberRow) -> None:
    """Stores a membership."""
    add(tx, member, row)


def member_by_id(tx: Tx, member_id: str) -> MemberRow | None:
    """Returns the membership."""
    return first(tx, select(member).where(member.c.member_id == member_id), MemberRow)


def member_by_mobile(tx: Tx, mobile_token: bytes) -> MemberRow | None:
    """Returns the membership of a phone."""
    return first(tx, select(member).where(member.c.mobile_token == mobile_token), MemberRow)


def member_by_application(tx: Tx, application_id: str) -> MemberRow | None:
    """Returns the membership that an application led to."""
    return first(tx, select(member).where(member.c.application_id == application_id), MemberRow)


def member_by_person(tx: Tx, person_id: str) -> MemberRow | None:
    """Returns the membership of a person."""
    return first(tx, select(member).where(member.c.person_id == person_id), MemberRow)


def member_by_number(tx: Tx, number: str) -> MemberRow | None:
    """Returns the membership of a number of 16 digits."""
    return first(tx, select(member).where(member.c.number == number), MemberRow)


def member_number_taken(tx: Tx, number: str) -> bool:
    """Returns whether the membership number is in use."""
    return first(tx, select(member).where(member.c.number == number), MemberRow) is not None


def change_member(tx: Tx, before: MemberRow, values: Mapping[str, Any]) -> bool:
    """Changes a membership and its version; False where somebody was quicker."""
    which = (member.c.member_id == before.member_id) & (member.c.version == before.version)
    return change(tx, member, which, {**values, "version": before.version + 1}) == 1


def add_tier(tx: Tx, row: TierRow) -> None:
    """Records a tier."""
    add(tx, tier_assignment, row)


def current_tier(tx: Tx, member_id: str) -> TierRow | None:
    """Returns the tier assigned last."""
    query = select(tier_assignment).where(tier_assignment.c.member_id == member_id)
    return first(tx, query.order_by(tier_assignment.c.sequence.desc()), TierRow)


def numbers_of(tx: Tx, member_ids: Sequence[str]) -> dict[str, str]:
    """Returns the membership numbers of members, 16 digits each."""
    query = select(member.c.member_id, member.c.number).where(member.c.member_id.in_(member_ids))
    return {row.member_id: row.number for row in tx.connection.execute(query)}


def tiers_of_members(tx: Tx, member_ids: Sequence[str]) -> dict[str, list[TierRow]]:
    """Returns the recorded tiers of members, the first one first; members without any are left out."""
    query = select(tier_assignment).where(tier_assignment.c.member_id.in_(member_ids)).order_by(tier_assignment.c.sequence)
    found: dict[str, list[TierRow]] = {}
    for row in every(tx, query, TierRow):
        found.setdefault(row.member_id, []).append(row)
    return found


def tiers_of(tx: Tx, member_id: str) -> tuple[TierRow, ...]:
    """Returns the recorded tiers of a member, the first one first."""
    query = select(tier_assignment).where(tier_assignment.c.member_id == member_id)
    return every(tx, query.order_by(tier_assignment.c.sequence), TierRow)


def add_visit(tx: Tx, row: VisitRow) -> None:
    """Records a visit."""
    add(tx, visit, row)


def find_visit(tx: Tx, visit_id: str) -> VisitRow | None:
    """Returns a visit."""
    return first(tx, select(visit).where(visit.c.visit_id == visit_id), VisitRow)


def end_visits(tx: Tx, member_id: str, began_by: Collection[IdentifiedBy]) -> None:
    """Ends every visit of a member that began so; none of them can be taken up again."""
    which = (visit.c.member_id == member_id) & visit.c.identified_by.in_(began_by)
    change(tx, visit, which & visit.c.ended_at.is_(None), {"ended_at": tx.now})
    change(tx, visit, which & visit.c.left_at_page.is_not(None), {"left_at_page": None})


def end_other_visits(tx: Tx, kept: VisitRow) -> None:
    """Ends every visit of a member but one; none of them can be taken up again."""
    which = (visit.c.member_id == kept.member_id) & (visit.c.visit_id != kept.visit_id)
    change(tx, visit, which & visit.c.ended_at.is_(None), {"ended_at": tx.now})
    change(tx, visit, which & visit.c.left_at_page.is_not(None), {"left_at_page": None})


def move_end(tx: Tx, kept: VisitRow, until: datetime) -> None:
    """Lets a visit go on until then, unless it was ended meanwhile."""
    change(tx, visit, (visit.c.visit_id == kept.visit_id) & visit.c.ended_at.is_(None), {"expires_at": until})


def end_visit(tx: Tx, visit_id: str, left_at_page: str | None = None) -> None:
    """Ends a visit; ending it twice changes nothing."""
    values = {"ended_at": tx.now, "left_at_page": left_at_page}
    change(tx, visit, (visit.c.visit_id == visit_id) & visit.c.ended_at.is_(None), values)
