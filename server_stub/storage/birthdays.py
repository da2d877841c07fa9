"""Statements on what is kept of birthdays beside the sealed day itself. Knows no gift."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow, MemberState
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.coupons import coupon
from server_stub.storage.tables.members import member
from server_stub.storage.tables.people import birthday_record


@dataclass(frozen=True, slots=True)
class BirthdayRecord:
    """What is kept of a member's birthday.

    Attributes:
        day_token: Token of its day of the year; None where the member told none.
        known_since: Day on which the member joined or first told it, whichever came later.
        changed_on: Day on which it was changed; None where it never was.
    """

    person_id: str
    day_token: bytes | None
    known_since: date
    changed_on: date | None
    version: int


def add_birthday_record(tx: Tx, row: BirthdayRecord) -> None:
    """Keeps a record."""
    add(tx, birthday_record, row)


def birthday_record_of(tx: Tx, person_id: str) -> BirthdayRecord | None:
    """Returns the record of a person."""
    return first(tx, select(birthday_record).where(birthday_record.c.person_id == person_id), BirthdayRecord)


def change_birthday_record(tx: Tx, before: BirthdayRecord, values: Mapping[str, Any]) -> bool:
    """Changes a record and its version; False where somebody was quicker."""
    which = (birthday_record.c.person_id == before.person_id) & (birthday_record.c.version == before.version)
    return change(tx, birthday_record, which, {**values, "version": before.version + 1}) == 1


def members_without_record(tx: Tx, limit: int) -> tuple[MemberRow, ...]:
    """Returns active members of whom no record is kept yet."""
    known = select(birthday_record.c.person_id).where(birthday_record.c.person_id == member.c.person_id)
    query = select(member).where(member.c.state == MemberState.ACTIVE, ~known.exists())
    return every(tx, query.order_by(member.c.member_id).limit(limit), MemberRow)


def members_with_birthday(tx: Tx, day_tokens: Collection[bytes], but_cause: str, after: str, limit: int) -> tuple[MemberRow, ...]:
    """Returns active members with one of the days who have had no coupon of the cause, in the order of their ids, those after an id."""
    whose = (coupon.c.issued_to == member.c.member_id) | (coupon.c.member_id == member.c.member_id)
    given = select(coupon.c.coupon_id).where(whose, coupon.c.cause == but_cause)
    query = select(member).join(birthday_record, birthday_record.c.person_id == member.c.person_id)
    query = query.where(birthday_record.c.day_token.in_(sorted(day_tokens)), member.c.state == MemberState.ACTIVE)
    query = query.where(member.c.member_id > after, ~given.exists())
    return every(tx, query.order_by(member.c.member_id).limit(limit), MemberRow)
