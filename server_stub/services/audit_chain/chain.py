"""The arithmetic of the chain: the canonical bytes of an event and the link that covers it. Knows no database and no file.

link(n) = HMAC-SHA256 under the service's key over: position (8 bytes, big endian) | link(n - 1) | event | digests of the points entry and
of the redemption that the event names, where it names them without. The key is what keeps the owner of the database from computing the
chain anew after a change; the first wrong row is therefore always found by itself, not only by the head file.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server_stub.domain.key_protocols import TokenKey
    from server_stub.storage.audit import AuditEvent

GENESIS = bytes(32)
_PURPOSE = "audit-chain"
_POSITION_BYTES = 8


def event_bytes(event: AuditEvent) -> bytes:
    """Returns the one form of an event: JSON with sorted keys, moments in UTC with microseconds, digests as hex."""
    return json.dumps(
        {
            "event_id": event.event_id,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor,
            "action": event.action,
            "subject_table": event.subject_table,
            "subject_key": event.subject_key,
            "row_sha256": event.row_sha256.hex() if event.row_sha256 is not None else None,
            "request_id": event.request_id,
            "detail": event.detail,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def link(key: TokenKey, position: int, previous: bytes, event: AuditEvent, named: bytes = b"") -> bytes:
    """Returns the link at a position, 32 bytes.

    Args:
        key: The service's token key.
        position: From 1.
        previous: Link before it; GENESIS for the first.
        event: What it covers.
        named: Digest of the event's entry and cover of its redemption, 32 and 64 bytes, where the seal carries them.
    """
    return key.mac(_PURPOSE, position.to_bytes(_POSITION_BYTES) + previous + event_bytes(event) + named)
