"""Statements on one-time codes. Knows no code, only its keyed hash."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, first
from server_stub.storage.tables.enrollment import ownership_code


class CodePurpose(StrEnum):
    """What a one-time code is asked for."""

    JOIN = "JOIN"
    SIGN_IN = "SIGN_IN"
    STATUS = "STATUS"
    REDEEM = "REDEEM"
    CHANGE_CONTACT = "CHANGE_CONTACT"
    GUARDIAN = "GUARDIAN"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that was asked for.

    Attributes:
        sent: False where the number is unknown and nothing was sent; the caller never learns it.
    """

    challenge_id: str
    mobile_token: bytes
    purpose: CodePurpose
    device_id: str
    code_mac: bytes
    sent: bool
    tries_left: int
    created_at: datetime
    expires_at: datetime
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many codes there were since a moment, and when the oldest of them was."""

    count: int
    oldest: datetime | None


def add_code(tx: Tx, row: CodeRow) -> None:
    """Keeps a code."""
    add(tx, ownership_code, row)


def find_code(tx: Tx, challenge_id: str) -> CodeRow | None:
    """Returns the code of a handle."""
    return first(tx, select(ownership_code).where(ownership_code.c.challenge_id == challenge_id), CodeRow)


def newest_code(tx: Tx, mobile_token: bytes) -> CodeRow | None:
    """Returns the code of a number that was asked for last."""
    query = select(ownership_code).where(ownership_code.c.mobile_token == mobile_token)
    return first(tx, query.order_by(ownership_code.c.created_at.desc()), CodeRow)


def newest_code_of_device(tx: Tx, device_id: str, purposes: Collection[CodePurpose], since: datetime) -> CodeRow | None:
    """Returns the code for one of the purposes that was asked for last at a device."""
    query = select(ownership_code).where(ownership_code.c.device_id == device_id, ownership_code.c.created_at > since)
    return first(tx, query.where(ownership_code.c.purpose.in_(sorted(purposes))).order_by(ownership_code.c.created_at.desc()), CodeRow)


def codes_of_number(tx: Tx, mobile_token: bytes, since: datetime) -> CodeCount:
    """Counts the codes of a number."""
    found = select(func.count(), func.min(ownership_code.c.created_at)).where(
        ownership_code.c.mobile_token == mobile_token, ownership_code.c.created_at > since
    )
    return CodeCount(*tx.connection.execute(found).one())


def codes_of_device(tx: Tx, device_id: str, since: datetime) -> CodeCount:
    """Counts the codes that were asked for at a device."""
    found = select(func.count(), func.min(ownership_code.c.created_at)).where(
        ownership_code.c.device_id == device_id, ownership_code.c.created_at > since
    )
    return CodeCount(*tx.connection.execute(found).one())


def spend_try(tx: Tx, row: CodeRow) -> None:
    """Takes one try away."""
    change(tx, ownership_code, ownership_code.c.challenge_id == row.challenge_id, {"tries_left": row.tries_left - 1})


def mark_verified(tx: Tx, row: CodeRow) -> None:
    """Records that the number is proved."""
    change(tx, ownership_code, ownership_code.c.challenge_id == row.challenge_id, {"verified_at": tx.now})


def void_codes(tx: Tx, mobile_token: bytes, purpose: CodePurpose, device_id: str) -> None:
    """Makes earlier unverified codes of the same number, purpose and device useless."""
    which = (
        (ownership_code.c.mobile_token == mobile_token)
        & (ownership_code.c.purpose == purpose)
        & (ownership_code.c.device_id == device_id)
        & ownership_code.c.verified_at.is_(None)
    )
    change(tx, ownership_code, which, {"tries_left": 0})
