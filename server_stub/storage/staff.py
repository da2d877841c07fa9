"""Statements on staff accounts. Knows no hashing and no TOTP arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.staff import staff


class StaffState(StrEnum):
    """State of an account."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An account.

    Attributes:
        passphrase_argon2: Encoded Argon2id hash; None once closed.
        totp_secret: As the keys package sealed it; None once closed.
        totp_last_step: Last time step that was used; a code works once.
        failures: Wrong tries in a row.
        roles: Names of domain.actors.Role.
        own_mobile_token: Lookup token of the person's own phone (services.lookup_tokens), or None.
        store_id: Where the person works; None: nowhere in particular.
    """

    name: str
    display_name: str
    passphrase_argon2: str | None = field(repr=False)
    totp_secret: bytes | None = field(repr=False)
    totp_last_step: int
    failures: int
    locked_until: datetime | None
    roles: list[str]
    own_mobile_token: bytes | None
    state: StaffState
    is_development: bool
    created_at: datetime
    store_id: str | None = None


def add_staff(tx: Tx, row: StaffRow) -> None:
    """Opens an account."""
    add(tx, staff, row)


def staff_by_name(tx: Tx, name: str) -> StaffRow | None:
    """Returns an account."""
    return first(tx, select(staff).where(staff.c.name == name), StaffRow)


def all_staff(tx: Tx) -> tuple[StaffRow, ...]:
    """Returns all accounts by name."""
    return every(tx, select(staff).order_by(staff.c.name), StaffRow)


def change_staff(tx: Tx, name: str, values: Mapping[str, Any]) -> bool:
    """Changes an account; False where there is none."""
    return change(tx, staff, staff.c.name == name, values) == 1
