"""Statements on cards. Knows no rule and no command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.cards import card


class CardState(StrEnum):
    """State of a card (vocabulary.md 5.2); BLANK cards have no row."""

    PERSONALIZING = "PERSONALIZING"
    WRITTEN = "WRITTEN"
    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"
    LOST = "LOST"
    REPLACED = "REPLACED"
    RETIRED = "RETIRED"
    SPOILED = "SPOILED"


BEGUN = frozenset({CardState.PERSONALIZING, CardState.WRITTEN})
"""Of a card that is being written; it may be finished wherever it is laid down."""
LIVE = frozenset({CardState.PERSONALIZING, CardState.WRITTEN, CardState.ACTIVE})


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card.

    Attributes:
        uid: 7 bytes.
        card_token: 16 bytes, random.
        identity: Identity file as written, 128 bytes.
        snapshot: Snapshot file as last written, 128 bytes.
        reason: Why SPOILED; else empty.
        attempts: How often writing was begun.
        device_id: Device that handles or handled it last.
    """

    card_id: str
    uid: bytes
    member_id: str
    issue_number: int
    card_token: bytes
    key_generation: int
    identity: bytes
    snapshot: bytes
    snapshot_sequence: int
    expires_on: date
    state: CardState
    reason: str
    attempts: int
    device_id: str
    state_since: datetime
    version: int


def add_card(tx: Tx, row: CardRow) -> None:
    """Stores a card that is about to be written."""
    add(tx, card, row)


def card_by_uid(tx: Tx, uid: bytes) -> CardRow | None:
    """Returns the card with this UID."""
    return first(tx, select(card).where(card.c.uid == uid), CardRow)


def card_by_id(tx: Tx, card_id: str) -> CardRow | None:
    """Returns the card."""
    return first(tx, select(card).where(card.c.card_id == card_id), CardRow)


def cards_of(tx: Tx, member_id: str) -> tuple[CardRow, ...]:
    """Returns all cards of a member, oldest issue first."""
    return every(tx, select(card).where(card.c.member_id == member_id).order_by(card.c.issue_number, card.c.card_id), CardRow)


def cards_of_members(tx: Tx, member_ids: Sequence[str]) -> tuple[CardRow, ...]:
    """Returns all cards of some hundred members at most, in the order of ids."""
    return every(tx, select(card).where(card.c.member_id.in_(member_ids)).order_by(card.c.card_id), CardRow)


def cards_after(tx: Tx, card_id: str, limit: int) -> tuple[CardRow, ...]:
    """Returns the cards that follow an id, in the order of ids, for walks over all of them."""
    return every(tx, select(card).where(card.c.card_id > card_id).order_by(card.c.card_id).limit(limit), CardRow)


def change_card(tx: Tx, before: CardRow, values: Mapping[str, Any]) -> bool:
    """Changes a card where it still has the version that was read; returns whether it had."""
    which = and_(card.c.card_id == before.card_id, card.c.version == before.version)
    return change(tx, card, which, {**values, "version": before.version + 1}) == 1
