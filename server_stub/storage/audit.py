"""Statements on the audit trail and the digest of a row. Knows no chain and no file: those are the sealer's."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from sqlalchemy import Select, Table, exists, select
from sqlalchemy.types import TypeDecorator

from server_stub.storage.database import Tx
from server_stub.storage.metadata import metadata
from server_stub.storage.rows import Unreadable, add, add_all, every_readable, own_keys
from server_stub.storage.tables.audit import audit_event, audit_seal
from server_stub.storage.types import canonical_json, plain

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_NO_LINK = bytes(32)
# Lengths of a link, of an entry's digest and of a redemption's cover.
_LENGTHS = (32, 32, 64)
# No chain of this program comes as far: a link beyond is the owner's, and nothing is appended to it, or positions would run out.
_FARTHEST = 2**62


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event.

    Attributes:
        actor: Label of the actor, e.g. ``device:kiosk-03``.
        action: What was done, e.g. ``application.submitted``.
        subject_table: Table of the row that it was done to, or empty.
        subject_key: Its primary key, parts joined by ``/``.
        row_sha256: Digest of that row after the event, 32 bytes; None without a row.
        event_mac: Keyed digest of all the other columns, 32 bytes (services.event_cover); None in events from before it.
        detail: JSON object without personal data.
    """

    event_id: str
    at: datetime
    actor: str
    action: str
    subject_table: str
    subject_key: str
    row_sha256: bytes | None
    request_id: str | None
    detail: dict[str, Any]
    event_mac: bytes | None = None


@dataclass(frozen=True, slots=True)
class AuditSeal:
    """One link of the chain; positions grow by one from 1.

    Attributes:
        entry_mac: Keyed digest of the points entry that the event names without one, 32 bytes; None where it names none.
        event_id: Empty in the stand-in for a link that cannot be read.
        redemption_mac: Cover of the redemption that was made with that entry, 64 bytes; None also in seals of before this was kept.
    """

    position: int
    event_id: str
    chain_sha256: bytes
    sealed_at: datetime
    entry_mac: bytes | None = None
    redemption_mac: bytes | None = None


def add_event(tx: Tx, event: AuditEvent) -> None:
    """Writes an event in the transaction of what it tells about."""
    add(tx, audit_event, event)


def unsealed_events(tx: Tx, limit: int, since: str = "") -> tuple[AuditEvent, ...]:
    """Returns the oldest events that are not sealed yet, in the order in which they are to be sealed.

    Args:
        tx: Transaction.
        limit: How many at most.
        since: Only events from this id on; without it the whole trail is looked through.
    """
    query = (
        select(audit_event)
        .outerjoin(audit_seal, audit_seal.c.event_id == audit_event.c.event_id)
        .where(audit_seal.c.event_id.is_(None), audit_event.c.event_id >= since)
        .order_by(audit_event.c.event_id)
        .limit(limit)
    )
    return tuple(_or_stand_in(event) for event in every_readable(tx, query, AuditEvent, audit_event.c.event_id))


def _or_stand_in(event: AuditEvent | Unreadable) -> AuditEvent:
    """Returns the event; for one that cannot be read, one that tells of nothing and whose digest is right for nothing."""
    if isinstance(event, AuditEvent):
        return event
    return AuditEvent(event.key, _NEVER, "", "", "", "", None, None, {}, b"")


def add_seals(tx: Tx, seals: Sequence[AuditSeal]) -> None:
    """Appends links, together: one by one they cost the service more than what they seal."""
    add_all(tx, audit_seal, seals)


def last_seal(tx: Tx) -> AuditSeal | None:
    """Returns the newest link, which is the one that the next is appended to."""
    newest_first = select(audit_seal).order_by(audit_seal.c.position.desc()).limit(1)
    found = _seals(tx, newest_first)
    if found and found[0].position >= _FARTHEST:
        # Then the highest one within that has room behind it.
        following = audit_seal.alias()
        has_room = ~exists(select(following.c.position).where(following.c.position == audit_seal.c.position + 1))
        found = _seals(tx, newest_first.where(audit_seal.c.position < _FARTHEST, has_room))
    return found[0] if found else None


def sealed_events(tx: Tx, after_position: int, limit: int) -> tuple[tuple[AuditSeal, AuditEvent | None], ...]:
    """Returns links with their events by position; None where the event was removed."""
    seals = _seals(tx, select(audit_seal).where(audit_seal.c.position > after_position).order_by(audit_seal.c.position).limit(limit))
    wanted = [seal.event_id for seal in seals]
    found = every_readable(tx, select(audit_event).where(audit_event.c.event_id.in_(wanted)), AuditEvent, audit_event.c.event_id)
    events = {event.event_id: event for event in map(_or_stand_in, found)}
    return tuple((seal, events.get(seal.event_id)) for seal in seals)


def _seals(tx: Tx, query: Select[Any]) -> tuple[AuditSeal, ...]:
    """Returns links; for one that cannot be read, one at its position that links nothing."""
    found = every_readable(tx, query, AuditSeal, audit_seal.c.position)
    return tuple(seal if _is_whole(seal) else AuditSeal(_position(seal), "", _NO_LINK, _NEVER) for seal in found)


def _is_whole(seal: AuditSeal | Unreadable) -> TypeGuard[AuditSeal]:
    """Returns whether it can be read and its digests are digests: of one that is empty or half another's the link would not tell."""
    if isinstance(seal, Unreadable):
        return False
    digests = (seal.chain_sha256, seal.entry_mac, seal.redemption_mac)
    return all(digest is None or len(digest) == length for digest, length in zip(digests, _LENGTHS, strict=True))


def _position(seal: AuditSeal | Unreadable) -> int:
    return seal.position if isinstance(seal, AuditSeal) else int(seal.key)


def row_digest(tx: Tx, table: str, key: str) -> bytes | None:
    """Returns SHA-256 (32 bytes) of the row's canonical JSON, or None where there is no such row.

    Args:
        tx: Transaction.
        table: Name of a table of the metadata; another has no rows.
        key: Primary key as ``subject_key`` states it.

    Raises:
        UNREADABLE: A value of the row, or a part of the key, is none of its column's type.
    """
    known = metadata.tables.get(table)
    parts = key.split("/")
    if known is None or len(parts) != len(known.primary_key.columns):
        return None
    wanted = [column.type.python_type(part) for column, part in zip(known.primary_key.columns, parts, strict=True)]
    query = select(known).where(*(column == part for column, part in zip(known.primary_key.columns, wanted, strict=True)))
    row = tx.connection.execute(query).first()
    if row is None:
        return None
    for place, kind in _plain_kinds(known):
        # Bytes and the text that spells them have one digest.
        if row[place] is not None and not isinstance(row[place], kind):
            raise TypeError(f"{known.columns[place].name} is {type(row[place]).__name__}")
    return hashlib.sha256(canonical_json(plain(dict(row._mapping))).encode()).digest()  # noqa: SLF001


def row_keys(tx: Tx, table: str) -> tuple[str, ...]:
    """Returns the keys of all rows of a table as ``subject_key`` states them, but for odd ones, to find rows without an event."""
    return tuple("/".join(map(str, parts)) for parts in own_keys(tx, metadata.tables[table]))


@functools.cache
def _plain_kinds(table: Table) -> tuple[tuple[int, type], ...]:
    """Returns place and type of the columns whose values come as the database has them; the others look at theirs themselves."""
    columns = enumerate(table.columns)
    return tuple((place, one.type.python_type) for place, one in columns if not isinstance(one.type, TypeDecorator))
