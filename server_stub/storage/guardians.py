"""Statements on guardians and their children. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from server_stub.domain.application_states import OPEN_STATES
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.enrollment import application
from server_stub.storage.tables.guardians import guardian_link
from server_stub.storage.tables.members import member


class LinkState(StrEnum):
    """State of a link: PENDING → ACTIVE → one of the others. A link whose application fails stays PENDING and counts no more."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"
    CAME_OF_AGE = "CAME_OF_AGE"
    LAPSED = "LAPSED"


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A child and the member who consented for it.

    Attributes:
        child_member_id: None until the child is a member.
    """

    link_id: str
    application_id: str
    guardian_member_id: str
    child_member_id: str | None
    state: LinkState
    asked_at: datetime
    active_at: datetime | None
    ended_at: datetime | None
    version: int


def add_link(tx: Tx, row: LinkRow) -> None:
    """Stores a link."""
    add(tx, guardian_link, row)


def change_link(tx: Tx, before: LinkRow, values: Mapping[str, Any]) -> bool:
    """Changes a link and its version; False where somebody was quicker."""
    which = and_(guardian_link.c.link_id == before.link_id, guardian_link.c.version == before.version)
    return change(tx, guardian_link, which, {**values, "version": before.version + 1}) == 1


def link_by_id(tx: Tx, link_id: str) -> LinkRow | None:
    """Returns the link."""
    return first(tx, select(guardian_link).where(guardian_link.c.link_id == link_id), LinkRow)


def link_of_application(tx: Tx, application_id: str) -> LinkRow | None:
    """Returns the link that a child's application made."""
    return first(tx, select(guardian_link).where(guardian_link.c.application_id == application_id), LinkRow)


def active_link_of_child(tx: Tx, child_member_id: str) -> LinkRow | None:
    """Returns the link of a member who has a guardian."""
    is_active = guardian_link.c.state == LinkState.ACTIVE
    return first(tx, select(guardian_link).where(guardian_link.c.child_member_id == child_member_id, is_active), LinkRow)


def links_of_guardian(tx: Tx, guardian_member_id: str) -> tuple[LinkRow, ...]:
    """Returns the links of a guardian that are active or whose application is open, the oldest one first."""
    return every(tx, _standing(select(guardian_link), guardian_member_id).order_by(guardian_link.c.link_id), LinkRow)


def count_links(tx: Tx, guardian_member_id: str) -> int:
    """Returns how many links ``links_of_guardian`` returns."""
    query = _standing(select(func.count()).select_from(guardian_link), guardian_member_id)
    return int(tx.connection.execute(query).scalar_one())


def guardian_token(tx: Tx, application_id: str) -> bytes | None:
    """Returns the lookup token of the phone of the guardian who sent an application; None where there is none."""
    query = select(member.c.mobile_token).join(guardian_link, guardian_link.c.guardian_member_id == member.c.member_id)
    token: bytes | None = tx.connection.execute(query.where(guardian_link.c.application_id == application_id)).scalar_one_or_none()
    return token


def lapse_link(tx: Tx, child_member_id: str) -> str | None:
    """Ends the link of a child whose membership ended otherwise, and returns its id; None where there is none."""
    link = active_link_of_child(tx, child_member_id)
    if link is None or not change_link(tx, link, {"state": LinkState.LAPSED, "ended_at": tx.now}):
        return None
    return link.link_id


def active_links_after(tx: Tx, link_id: str, limit: int) -> tuple[LinkRow, ...]:
    """Returns the active links that follow an id, in the order of ids, for walks over all of them."""
    query = select(guardian_link).where(guardian_link.c.state == LinkState.ACTIVE, guardian_link.c.link_id > link_id)
    return every(tx, query.order_by(guardian_link.c.link_id).limit(limit), LinkRow)


def _standing(query: Select[Any], guardian_member_id: str) -> Select[Any]:
    open_states: ColumnElement[bool] = application.c.state.in_(sorted(OPEN_STATES))
    is_open = and_(guardian_link.c.state == LinkState.PENDING, open_states)
    return query.join(application, application.c.application_id == guardian_link.c.application_id).where(
        guardian_link.c.guardian_member_id == guardian_member_id, or_(guardian_link.c.state == LinkState.ACTIVE, is_open)
    )
