"""Statements on referrals and on the purchases that they count. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, select

from server_stub.domain.referral import ReferralState
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.ledger import points_account, points_lot
from server_stub.storage.tables.merges import member_merge
from server_stub.storage.tables.people import person_match_key
from server_stub.storage.tables.referrals import referral, referral_code
from server_stub.storage.tables.sales import sale, sale_return
from server_stub.storage.types import TEXT


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A member's referral code."""

    code: str
    member_id: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral.

    Attributes:
        reason: Why it is VOID, or empty.
        sale_id: Sale that counts; None while none does.
    """

    referral_id: str
    referrer_id: str
    application_id: str
    device_id: str
    state: ReferralState
    reason: str
    attached_at: datetime
    attached_on: date
    sale_id: str | None
    qualified_on: date | None
    rules_version: str
    version: int


@dataclass(frozen=True, slots=True)
class KeptSale:
    """A sale and what of it is left after returns, in fen."""

    sale_id: str
    business_day: date
    kept_fen: int


def add_code(tx: Tx, row: CodeRow) -> None:
    """Keeps a member's code."""
    add(tx, referral_code, row)


def code_of(tx: Tx, member_id: str) -> CodeRow | None:
    """Returns a member's code."""
    return first(tx, select(referral_code).where(referral_code.c.member_id == member_id), CodeRow)


def find_code(tx: Tx, code: str) -> CodeRow | None:
    """Returns whose code it is."""
    return first(tx, select(referral_code).where(referral_code.c.code == code), CodeRow)


def add_referral(tx: Tx, row: ReferralRow) -> None:
    """Keeps a referral."""
    add(tx, referral, row)


def find_referral(tx: Tx, referral_id: str) -> ReferralRow | None:
    """Returns a referral."""
    return first(tx, select(referral).where(referral.c.referral_id == referral_id), ReferralRow)


def has_referral(tx: Tx, application_id: str) -> bool:
    """Returns whether a code was given for an application before, whatever became of it."""
    return first(tx, select(referral).where(referral.c.application_id == application_id), ReferralRow) is not None


def brought_at(tx: Tx, referrer_id: str, device_id: str, since: datetime) -> int:
    """Returns how many a member brought at a device since a moment, void ones left out."""
    c = referral.c
    which = (c.referrer_id == referrer_id) & (c.device_id == device_id) & (c.attached_at >= since) & (c.state != ReferralState.VOID)
    return int(tx.connection.execute(select(func.count()).select_from(referral).where(which)).scalar_one())


def change_referral(tx: Tx, before: ReferralRow, values: Mapping[str, Any]) -> bool:
    """Changes a referral and its version; False where somebody was quicker."""
    which = (referral.c.referral_id == before.referral_id) & (referral.c.version == before.version)
    return change(tx, referral, which, {**values, "version": before.version + 1}) == 1


def referrals_in(tx: Tx, rewarded_since: date, after: str, limit: int) -> tuple[ReferralRow, ...]:
    """Returns referrals that may still change, in the order of their ids, those after an id; rewarded ones whose sale is older do not."""
    c = referral.c
    is_open = c.state.in_([ReferralState.PENDING, ReferralState.QUALIFIED])
    is_reversible = (c.state == ReferralState.REWARDED) & (c.qualified_on >= rewarded_since)
    query = select(referral).where(is_open | is_reversible, c.referral_id > after)
    return every(tx, query.order_by(c.referral_id).limit(limit), ReferralRow)


def share_match_key(tx: Tx, one_person: str, other_person: str) -> bool:
    """Returns whether two people share a key by which doubles are found."""
    keys = select(person_match_key.c.match_key).where(person_match_key.c.person_id == one_person)
    query = select(person_match_key.c.person_id).where(person_match_key.c.person_id == other_person, person_match_key.c.match_key.in_(keys))
    return tx.connection.execute(query.limit(1)).first() is not None


def kept_sales(tx: Tx, member_id: str, at_least_fen: int) -> tuple[KeptSale, ...]:
    """Returns a member's sales of which at least so much is left after returns, the earliest first."""
    refunded = func.coalesce(func.sum(sale_return.c.refund_fen), 0)
    query = (
        select(sale.c.sale_id, sale.c.business_day, (sale.c.total_fen - refunded).label("kept_fen"))
        .join(points_account, points_account.c.account_id == sale.c.account_id)
        .join(sale_return, sale_return.c.sale_id == sale.c.sale_id, isouter=True)
        .where(points_account.c.member_id == member_id, sale.c.total_fen >= at_least_fen)
        .group_by(sale.c.sale_id, sale.c.business_day, sale.c.total_fen, sale.c.at)
        .having(sale.c.total_fen - refunded >= at_least_fen)
        .order_by(sale.c.at, sale.c.sale_id)
    )
    return every(tx, query, KeptSale)


def gift_lot(tx: Tx, member_id: str, source: str) -> str | None:
    """Returns the id of the lot that a member was given for a cause, or whoever the member was ever merged into."""
    reached = select(literal(member_id, TEXT).label("member_id")).cte("reached", recursive=True)
    onwards = select(member_merge.c.into_member_id).join(reached, member_merge.c.from_member_id == reached.c.member_id)
    members = select(reached.union(onwards).c.member_id)
    query = select(points_lot.c.lot_id).join(points_account, points_account.c.account_id == points_lot.c.account_id)
    found: str | None = tx.connection.execute(
        query.where(points_account.c.member_id.in_(members), points_lot.c.source == source)
    ).scalar_one_or_none()
    return found
