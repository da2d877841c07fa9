"""Statements on campaigns: versions, the switch, places, who took part and who wants to be told. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.campaigns import campaign_claim, campaign_places, campaign_reminder, campaign_switch, campaign_version

ALL_STORES = ""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a campaign, as it was loaded."""

    campaign_id: str
    version: int
    document: dict[str, Any]
    loaded_by: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """A campaign was stopped, or let go on."""

    campaign_id: str
    sequence: int
    is_stopped: bool
    reason: str
    thrown_by: str
    thrown_at: datetime


@dataclass(frozen=True, slots=True)
class PlacesRow:
    """Places of a store, or with an empty one of all stores together, and how many are taken."""

    campaign_id: str
    store_id: str
    places: int
    taken: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A member took part."""

    claim_id: str
    campaign_id: str
    version: int
    member_id: str
    ordinal: int
    store_id: str
    device_id: str
    coupon_id: str | None
    points: int
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A wish to be told; told_at is None until it is done."""

    campaign_id: str
    member_id: str
    store_id: str
    wished_at: datetime
    told_at: datetime | None


def newest_versions(tx: Tx) -> tuple[VersionRow, ...]:
    """Returns the version of every campaign that holds, by id."""
    newest = select(campaign_version.c.campaign_id, func.max(campaign_version.c.version).label("version"))
    held = newest.group_by(campaign_version.c.campaign_id).subquery()
    same = (campaign_version.c.campaign_id == held.c.campaign_id) & (campaign_version.c.version == held.c.version)
    return every(tx, select(campaign_version).join(held, same).order_by(campaign_version.c.campaign_id), VersionRow)


def newest_version(tx: Tx, campaign_id: str) -> VersionRow | None:
    """Returns the version of a campaign that holds."""
    query = select(campaign_version).where(campaign_version.c.campaign_id == campaign_id)
    return first(tx, query.order_by(campaign_version.c.version.desc()), VersionRow)


def add_version(tx: Tx, row: VersionRow) -> None:
    """Records a version."""
    add(tx, campaign_version, row)


def newest_switch(tx: Tx, campaign_id: str) -> SwitchRow | None:
    """Returns the newest stopping or going on of a campaign; None where there was none."""
    query = select(campaign_switch).where(campaign_switch.c.campaign_id == campaign_id)
    return first(tx, query.order_by(campaign_switch.c.sequence.desc()), SwitchRow)


def stopped_campaigns(tx: Tx) -> frozenset[str]:
    """Returns the ids of campaigns that are stopped."""
    rows = every(tx, select(campaign_switch).order_by(campaign_switch.c.sequence), SwitchRow)
    held = {row.campaign_id: row.is_stopped for row in rows}
    return frozenset(campaign_id for campaign_id, is_stopped in held.items() if is_stopped)


def add_switch(tx: Tx, row: SwitchRow) -> None:
    """Records a stopping or going on."""
    add(tx, campaign_switch, row)


def board_version(tx: Tx) -> int:
    """Returns a number that rises with every version and every switch: both are only ever added."""
    counts = [select(func.count()).select_from(facts) for facts in (campaign_version, campaign_switch)]
    return sum(int(tx.connection.execute(query).scalar_one()) for query in counts)


def set_places(tx: Tx, campaign_id: str, places: Mapping[str, int]) -> None:
    """Says how many places there are, by store; what is taken is counted anew, so that nobody is lost where they were not counted."""
    tx.connection.execute(delete(campaign_places).where(campaign_places.c.campaign_id == campaign_id))
    for store_id, count in places.items():
        add(tx, campaign_places, PlacesRow(campaign_id, store_id, count, _claims_at(tx, campaign_id, store_id)))


def places_of(tx: Tx, campaign_id: str) -> tuple[PlacesRow, ...]:
    """Returns the places of a campaign, those of all stores together first."""
    query = select(campaign_places).where(campaign_places.c.campaign_id == campaign_id)
    return every(tx, query.order_by(campaign_places.c.store_id), PlacesRow)


def take_place(tx: Tx, campaign_id: str, store_id: str) -> bool:
    """Takes a place where there is one, or where they are not counted; False where there is none. One statement."""
    which = (campaign_places.c.campaign_id == campaign_id) & (campaign_places.c.store_id == store_id)
    free = which & (campaign_places.c.taken < campaign_places.c.places)
    if change(tx, campaign_places, free, {"taken": campaign_places.c.taken + 1}):
        return True
    return tx.connection.execute(select(campaign_places.c.places).where(which)).first() is None


def add_claim(tx: Tx, row: ClaimRow) -> None:
    """Records that a member took part."""
    add(tx, campaign_claim, row)


def find_claim(tx: Tx, claim_id: str) -> ClaimRow | None:
    """Returns a record of taking part."""
    return first(tx, select(campaign_claim).where(campaign_claim.c.claim_id == claim_id), ClaimRow)


def claims_of(tx: Tx, campaign_id: str, member_ids: Sequence[str]) -> tuple[ClaimRow, ...]:
    """Returns how members took part in a campaign, the newest first."""
    query = select(campaign_claim).where(campaign_claim.c.campaign_id == campaign_id, campaign_claim.c.member_id.in_(member_ids))
    return every(tx, query.order_by(campaign_claim.c.claimed_at.desc(), campaign_claim.c.ordinal.desc()), ClaimRow)


def count_claims(tx: Tx) -> dict[str, int]:
    """Returns how often members took part, by campaign."""
    query = select(campaign_claim.c.campaign_id, func.count()).group_by(campaign_claim.c.campaign_id)
    return {campaign_id: int(count) for campaign_id, count in tx.connection.execute(query)}


def find_reminder(tx: Tx, campaign_id: str, member_id: str) -> ReminderRow | None:
    """Returns a member's wish."""
    which = (campaign_reminder.c.campaign_id == campaign_id) & (campaign_reminder.c.member_id == member_id)
    return first(tx, select(campaign_reminder).where(which), ReminderRow)


def add_reminder(tx: Tx, row: ReminderRow) -> None:
    """Records a wish."""
    add(tx, campaign_reminder, row)


def untold(tx: Tx, campaign_id: str, after: str, limit: int) -> tuple[ReminderRow, ...]:
    """Returns wishes that are not fulfilled, of members after an id, in their order."""
    query = select(campaign_reminder).where(campaign_reminder.c.campaign_id == campaign_id, campaign_reminder.c.told_at.is_(None))
    wanted = query.where(campaign_reminder.c.member_id > after).order_by(campaign_reminder.c.member_id)
    return every(tx, wanted.limit(limit), ReminderRow)


def set_told(tx: Tx, row: ReminderRow) -> None:
    """Records that a wish is fulfilled."""
    which = (campaign_reminder.c.campaign_id == row.campaign_id) & (campaign_reminder.c.member_id == row.member_id)
    change(tx, campaign_reminder, which, {"told_at": tx.now})


def _claims_at(tx: Tx, campaign_id: str, store_id: str) -> int:
    query = select(func.count()).select_from(campaign_claim).where(campaign_claim.c.campaign_id == campaign_id)
    return int(tx.connection.execute(query if store_id == ALL_STORES else query.where(campaign_claim.c.store_id == store_id)).scalar_one())
