"""Statements on points accounts, their entries, lots and years. Knows no arithmetic.

A redemption at once may be one statement on the account and its entry, without a look at any lot, if and only if: the account is its own
holder (``holder_id = account_id``), nothing is due (``due_at IS NULL OR due_at > now``) and ``available >= points``. It takes the next
``last_sequence`` for an entry with cause ``redemption:ID`` and leaves ``settled_sequence`` alone; the entry is divided over lots when the
account is next settled, at its own moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from server_stub.domain.awaits import Awaits
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger.lots import Lot
from server_stub.domain.uuid7 import least_id_at
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberState
from server_stub.storage.rows import Unreadable, add, add_all, change, every, every_readable, first
from server_stub.storage.tables.ledger import points_account, points_entry, points_lot, points_year
from server_stub.storage.tables.members import member
from server_stub.storage.types import canonical_json, plain


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The materialised state of a points account; points are whole numbers, never money.

    Attributes:
        holder_id: Account whose book the lots of this one belong to; its own unless merged.
        settled_sequence: Entries up to here are divided over lots.
        due_at: Next moment at which anything changes by itself; None: never.
    """

    account_id: str
    member_id: str
    holder_id: str
    available: int
    pending: int
    held: int
    debt: int
    expired: int
    last_sequence: int
    settled_sequence: int
    settled_at: datetime
    due_at: datetime | None
    last_activity_on: date
    version: int


@dataclass(frozen=True, slots=True)
class MemberAccount:
    """An account with what its member brings to every decision."""

    account_id: str
    member_id: str
    holder_id: str
    available: int
    pending: int
    held: int
    debt: int
    expired: int
    last_sequence: int
    settled_sequence: int
    settled_at: datetime
    due_at: datetime | None
    last_activity_on: date
    version: int
    person_id: str
    state: MemberState
    joined_on: date
    activated_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry; never changed."""

    entry_id: str
    account_id: str
    sequence: int
    kind: EntryKind
    points: int
    counter: str
    cause: str
    rules_version: str
    request_id: str | None
    business_day: date
    at: datetime
    awaits: Awaits = Awaits.NOTHING
    available_on: date | None = None
    expires_on: date | None = None
    idle_months: int | None = None


def entry_bytes(entry: EntryRow) -> bytes:
    """Returns the one form of an entry: JSON of every column that has a value, so that a column added later changes no entry of before."""
    values = {name: getattr(entry, name) for name in EntryRow.__slots__}
    return canonical_json({name: plain(value) for name, value in values.items() if value is not None}).encode()


@dataclass(frozen=True, slots=True)
class YearRow:
    """Points of one account in one calendar year."""

    account_id: str
    year: int
    points: int


_FACTS = (member.c.person_id, member.c.state, member.c.joined_on, member.c.activated_at)
_WITH_MEMBER = select(points_account, *_FACTS).join(member, member.c.member_id == points_account.c.member_id)
_LOT_STATE = ("available_on", "free", "held", "expired", "forgiven", "ended_on")


def add_account(tx: Tx, row: AccountRow) -> None:
    """Opens an account."""
    add(tx, points_account, row)


def account_of_member(tx: Tx, member_id: str) -> MemberAccount | None:
    """Returns a member's own account, merged or not."""
    return first(tx, _WITH_MEMBER.where(points_account.c.member_id == member_id), MemberAccount)


def accounts_of_members(tx: Tx, member_ids: Sequence[str]) -> dict[str, str]:
    """Returns the own account of each member, merged or not."""
    query = select(points_account.c.member_id, points_account.c.account_id).where(points_account.c.member_id.in_(member_ids))
    return {row.member_id: row.account_id for row in tx.connection.execute(query)}


def rows_of_accounts(tx: Tx, account_ids: Sequence[str]) -> tuple[MemberAccount, ...]:
    """Returns accounts in the order of their ids, merged or not."""
    return every(tx, _WITH_MEMBER.where(points_account.c.account_id.in_(account_ids)).order_by(points_account.c.account_id), MemberAccount)


def holders_of(tx: Tx, holder_ids: Sequence[str]) -> dict[str, str]:
    """Returns for each account whose lots one of the given accounts has, its holder."""
    query = select(points_account.c.account_id, points_account.c.holder_id).where(points_account.c.holder_id.in_(holder_ids))
    return {row.account_id: row.holder_id for row in tx.connection.execute(query)}


def holder_of_account(tx: Tx, account_id: str) -> MemberAccount | None:
    """Returns the account that has what was posted on an account."""
    holder = select(points_account.c.holder_id).where(points_account.c.account_id == account_id).scalar_subquery()
    return first(tx, _WITH_MEMBER.where(points_account.c.account_id == holder), MemberAccount)


def account_ids_held_by(tx: Tx, holder_id: str) -> tuple[str, ...]:
    """Returns the accounts whose lots one account has, its own first."""
    query = select(points_account.c.account_id).where(points_account.c.holder_id == holder_id)
    return tuple(sorted(tx.connection.execute(query).scalars(), key=lambda account_id: (account_id != holder_id, account_id)))


def set_account(tx: Tx, before: AccountRow | MemberAccount, values: Mapping[str, Any]) -> bool:
    """Writes the account's new state under the next version; False where somebody was quicker."""
    which = (points_account.c.account_id == before.account_id) & (points_account.c.version == before.version)
    return change(tx, points_account, which, {**values, "version": before.version + 1}) == 1


def set_holder(tx: Tx, account_ids: Sequence[str], holder_id: str) -> None:
    """Gives what was posted on accounts to a holder."""
    change(tx, points_account, points_account.c.account_id.in_(account_ids), {"holder_id": holder_id})


def accounts_due_by(tx: Tx, moment: datetime, after: str, limit: int) -> tuple[str, ...]:
    """Returns the accounts that follow an id and at which something is due by a moment, in the order of ids."""
    which = (points_account.c.due_at <= moment) & _is_own_holder() & (points_account.c.account_id > after)
    query = select(points_account.c.account_id).where(which)
    return tuple(tx.connection.execute(query.order_by(points_account.c.account_id).limit(limit)).scalars())


def accounts_after(tx: Tx, account_id: str, limit: int) -> tuple[str, ...]:
    """Returns the accounts that follow an id, in the order of ids, for walks over all of them."""
    query = select(points_account.c.account_id).where(points_account.c.account_id > account_id)
    return tuple(tx.connection.execute(query.order_by(points_account.c.account_id).limit(limit)).scalars())


def moved_since(tx: Tx, moment: datetime) -> tuple[tuple[str, str], ...]:
    """Returns accounts with entries since a moment, each with its member, in the order of accounts."""
    moved = select(points_entry.c.account_id).where(points_entry.c.entry_id >= least_id_at("ent", moment))
    query = select(points_account.c.account_id, points_account.c.member_id).where(points_account.c.account_id.in_(moved))
    return tuple((row[0], row[1]) for row in tx.connection.execute(query.order_by(points_account.c.account_id)))


def make_due(tx: Tx, moment: datetime) -> None:
    """Lets every account be settled at a moment, because the rules change then."""
    later = points_account.c.due_at.is_(None) | (points_account.c.due_at > moment)
    change(tx, points_account, later & _is_own_holder(), {"due_at": moment})


def add_entries(tx: Tx, rows: Sequence[EntryRow]) -> None:
    """Appends entries."""
    add_all(tx, points_entry, rows)


def entries_of(tx: Tx, account_id: str, after_sequence: int = 0) -> tuple[EntryRow, ...]:
    """Returns the entries of an account in order."""
    query = select(points_entry).where(points_entry.c.account_id == account_id, points_entry.c.sequence > after_sequence)
    return every(tx, query.order_by(points_entry.c.sequence), EntryRow)


def entries_of_accounts(tx: Tx, account_ids: Sequence[str]) -> tuple[EntryRow, ...]:
    """Returns the entries of accounts, those of one account in order."""
    query = select(points_entry).where(points_entry.c.account_id.in_(account_ids))
    return every(tx, query.order_by(points_entry.c.account_id, points_entry.c.sequence), EntryRow)


def entries_by_id(tx: Tx, entry_ids: Sequence[str]) -> dict[str, EntryRow]:
    """Returns entries by their ids; those that are not there or cannot be read are left out."""
    query = select(points_entry).where(points_entry.c.entry_id.in_(entry_ids))
    found = every_readable(tx, query, EntryRow, points_entry.c.entry_id)
    return {entry.entry_id: entry for entry in found if isinstance(entry, EntryRow)}


def entries_after(tx: Tx, entry_id: str, limit: int) -> tuple[EntryRow | Unreadable, ...]:
    """Returns the entries of all accounts that follow an id, in the order of ids, for walks over all of them."""
    query = select(points_entry).where(points_entry.c.entry_id > entry_id)
    return every_readable(tx, query.order_by(points_entry.c.entry_id).limit(limit), EntryRow, points_entry.c.entry_id)


def sum_of_entries(tx: Tx, account_id: str, until: datetime | None = None) -> int:
    """Returns the sum of an account's entries, up to and with a moment."""
    query = select(func.coalesce(func.sum(points_entry.c.points), 0)).where(points_entry.c.account_id == account_id)
    if until is not None:
        query = query.where(points_entry.c.at <= until)
    return int(tx.connection.execute(query).scalar_one())


def sums_of_entries(tx: Tx, account_ids: Sequence[str], before: datetime) -> dict[str, int]:
    """Returns the sum of each account's entries before a moment; accounts without any are left out."""
    c = points_entry.c
    query = select(c.account_id, func.sum(c.points)).where(c.account_id.in_(account_ids), c.at < before).group_by(c.account_id)
    return {account_id: int(points) for account_id, points in tx.connection.execute(query)}


def sum_of_expired(tx: Tx) -> int:
    """Returns the points of all members that have ever expired."""
    return int(tx.connection.execute(select(func.coalesce(func.sum(points_account.c.expired), 0))).scalar_one())


def add_lots(tx: Tx, lots: Sequence[Lot]) -> None:
    """Adds lots; each after its entry."""
    add_all(tx, points_lot, lots)


def lots_held_by(tx: Tx, holder_id: str, *, also_empty: bool) -> tuple[Lot, ...]:
    """Returns the lots of an account that have points; also those without points whose end was not reached yet, where asked."""
    query = _lots_of_holder(holder_id)
    has_points = (points_lot.c.free > 0) | (points_lot.c.held > 0)
    return every(tx, query.where(has_points | points_lot.c.ended_on.is_(None) if also_empty else has_points), Lot)


def lots_posted_on(tx: Tx, account_ids: Sequence[str]) -> tuple[Lot, ...]:
    """Returns every lot that was posted on accounts, ended ones included, in the order of posting."""
    return every(tx, select(points_lot).where(points_lot.c.account_id.in_(account_ids)).order_by(points_lot.c.lot_id), Lot)


def lots_by_id(tx: Tx, lot_ids: Sequence[str]) -> tuple[Lot, ...]:
    """Returns lots."""
    return every(tx, select(points_lot).where(points_lot.c.lot_id.in_(lot_ids)), Lot)


def expired_of_lots(tx: Tx, account_ids: Sequence[str]) -> int:
    """Returns how many points of the lots that were posted on accounts have expired."""
    query = select(func.coalesce(func.sum(points_lot.c.expired), 0)).where(points_lot.c.account_id.in_(account_ids))
    return int(tx.connection.execute(query).scalar_one())


def change_lots(tx: Tx, lots: Sequence[Lot]) -> None:
    """Writes what lots have now."""
    if lots:
        statement = update(points_lot).where(points_lot.c.lot_id == bindparam("of_lot"))
        values = [{"of_lot": lot.lot_id, **{name: getattr(lot, name) for name in _LOT_STATE}} for lot in lots]
        tx.connection.execute(statement.values({name: bindparam(name) for name in _LOT_STATE}), values)


def years_held_by(tx: Tx, holder_id: str) -> tuple[YearRow, ...]:
    """Returns the year points of an account."""
    query = select(points_year).join(points_account, points_account.c.account_id == points_year.c.account_id)
    return every(tx, query.where(points_account.c.holder_id == holder_id), YearRow)


def years_of(tx: Tx, account_ids: Sequence[str]) -> tuple[YearRow, ...]:
    """Returns the year points that were earned on accounts."""
    return every(tx, select(points_year).where(points_year.c.account_id.in_(account_ids)), YearRow)


def add_years(tx: Tx, rows: Sequence[YearRow]) -> None:
    """Adds years."""
    add_all(tx, points_year, rows)


def change_year(tx: Tx, row: YearRow) -> None:
    """Writes the points of a year that is there."""
    which = (points_year.c.account_id == row.account_id) & (points_year.c.year == row.year)
    change(tx, points_year, which, {"points": row.points})


def _is_own_holder() -> ColumnElement[bool]:
    return points_account.c.holder_id == points_account.c.account_id


def _lots_of_holder(holder_id: str) -> Select[Any]:
    query = select(points_lot).join(points_account, points_account.c.account_id == points_lot.c.account_id)
    return query.where(points_account.c.holder_id == holder_id)
