"""What covers an event of the audit trail from the moment it is written: a keyed digest of all of it. Knows no chain and no transaction.

The digest of the row that an event tells of needs no key, so whoever owns the database can compute it; this one does. It covers the event's
id: what is right for one event is right for no other, and no older state of a row can be brought back by telling of it again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server_stub.domain.key_protocols import TokenKey
    from server_stub.storage.audit import AuditEvent

_PURPOSE = "audit-event"


def event_bytes(event: AuditEvent) -> bytes:
    """Returns the one form of an event: JSON with sorted keys, moments in UTC with microseconds, digests as hex.

    An event from before events had a digest of their own keeps the form that it was sealed in.
    """
    form = {
        "event_id": event.event_id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "action": event.action,
        "subject_table": event.subject_table,
        "subject_key": event.subject_key,
        "row_sha256": event.row_sha256.hex() if event.row_sha256 is not None else None,
        "request_id": event.request_id,
        "detail": event.detail,
    }
    if event.event_mac is not None:
        form["event_mac"] = event.event_mac.hex()
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def event_mac(key: TokenKey, event: AuditEvent) -> bytes:
    """Returns the keyed digest of an event, 32 bytes; what the event says of it itself does not count."""
    bare = event if event.event_mac is None else replace(event, event_mac=None)
    return key.mac(_PURPOSE, event_bytes(bare))


def signed(key: TokenKey, event: AuditEvent) -> AuditEvent:
    """Returns the event with its keyed digest, ready to be written."""
    return replace(event, event_mac=event_mac(key, event))
