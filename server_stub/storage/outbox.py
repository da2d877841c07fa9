"""Statements on messages that wait for their gateway. Knows no gateway and no wording."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.sealed import Sealer
from server_stub.storage.tables.outbox import outbox_message
from server_stub.storage.types import canonical_json


class Channel(StrEnum):
    """Way of a message."""

    SMS = "SMS"
    MAIL = "MAIL"


class MessageState(StrEnum):
    """What became of a message."""

    QUEUED = "QUEUED"
    HANDED_OVER = "HANDED_OVER"
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as it lies in the database."""

    message_id: str
    dedupe_key: str
    person_id: str | None
    template: str
    language: str
    channel: Channel
    state: MessageState
    wrapped_key: bytes | None
    payload: bytes | None
    tries: int
    next_try_at: datetime
    give_up_at: datetime
    created_at: datetime
    finished_at: datetime | None
    gateway_reference: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Payload:
    """What is sealed: where the message goes and what fills its template.

    Attributes:
        recipient: Phone number (E.164) or e-mail address, as the channel needs.
        fallback_mobile: Phone number (E.164) for SMS where mail fails, or empty.
        variables: Values of the template's variables.
    """

    recipient: str = field(repr=False)
    fallback_mobile: str = field(repr=False, default="")
    variables: Mapping[str, str] = field(repr=False, default_factory=dict)


class Outbox:
    """Keeps messages, each payload sealed under a key of its own that ends with the handover."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, tx: Tx, row: MessageRow, payload: Payload) -> bool:
        """Queues a message; False where one with the same dedupe key exists, which then stays the only one."""
        if self.of_event(tx, row.dedupe_key):
            return False
        values = {f: getattr(row, f) for f in MessageRow.__slots__}
        add(tx, outbox_message, MessageRow(**{**values, **self._sealed(row.message_id, payload)}))
        return True

    def find(self, tx: Tx, message_id: str) -> MessageRow | None:
        """Returns a message."""
        return first(tx, select(outbox_message).where(outbox_message.c.message_id == message_id), MessageRow)

    def of_event(self, tx: Tx, dedupe_key: str) -> MessageRow | None:
        """Returns the message of an event."""
        return first(tx, select(outbox_message).where(outbox_message.c.dedupe_key == dedupe_key), MessageRow)

    def due(self, tx: Tx, limit: int, *, is_claim: bool = False) -> tuple[MessageRow, ...]:
        """Returns the messages whose next try is due, oldest first; for a claim, without those that another process is claiming."""
        query = select(outbox_message).where(outbox_message.c.state == MessageState.QUEUED, outbox_message.c.next_try_at <= tx.now)
        query = query.order_by(outbox_message.c.message_id).limit(limit)
        # SQLite has one writer anyway and knows no such lock.
        return every(tx, query.with_for_update(skip_locked=True) if is_claim else query, MessageRow)

    def payload(self, row: MessageRow) -> Payload:
        """Returns the payload in clear.

        Raises:
            ValueError: The message is finished; its payload is gone.
        """
        if row.wrapped_key is None or row.payload is None:
            raise ValueError(f"message {row.message_id} has no payload any more")
        opened = json.loads(self._sealer.unwrap(row.message_id, row.wrapped_key).open("payload", row.payload))
        return Payload(opened["recipient"], opened["fallback_mobile"], opened["variables"])

    def finish(self, tx: Tx, message_id: str, state: MessageState, *, reference: str | None = None, failure: str | None = None) -> None:
        """Ends a message and wipes its payload and key."""
        values = {
            "state": state,
            "finished_at": tx.now,
            "gateway_reference": reference,
            "failure": failure,
            "payload": None,
            "wrapped_key": None,
        }
        change(tx, outbox_message, outbox_message.c.message_id == message_id, values)

    def count_try(self, tx: Tx, row: MessageRow, next_try_at: datetime) -> None:
        """Counts a try before it is made and sets the next one."""
        change(tx, outbox_message, outbox_message.c.message_id == row.message_id, {"tries": row.tries + 1, "next_try_at": next_try_at})

    def note_failure(self, tx: Tx, message_id: str, failure: str) -> None:
        """Records why a try failed."""
        change(tx, outbox_message, outbox_message.c.message_id == message_id, {"failure": failure})

    def redirect(self, tx: Tx, message_id: str, channel: Channel, payload: Payload) -> None:
        """Sends the message another way from now on."""
        values = {"channel": channel, "tries": 0, "next_try_at": tx.now, **self._sealed(message_id, payload)}
        change(tx, outbox_message, outbox_message.c.message_id == message_id, values)

    def _sealed(self, message_id: str, payload: Payload) -> dict[str, bytes]:
        key = self._sealer.new(message_id)
        text = canonical_json(
            {"recipient": payload.recipient, "fallback_mobile": payload.fallback_mobile, "variables": dict(payload.variables)}
        )
        return {"wrapped_key": key.wrapped, "payload": key.seal("payload", text)}
