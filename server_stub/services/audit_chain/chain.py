"""The arithmetic of the chain: the link that covers an event. Knows no database and no file.

link(n) = HMAC-SHA256 under the service's key over: position (8 bytes, big endian) | link(n - 1) | event | digests of the points entry and
of the redemption that the event names, where it names them without. The event's bytes hold its own keyed digest, so that nobody takes it
away. The key is what keeps the owner of the database from computing the chain anew after a change; the first wrong row is therefore always
found by itself, not only by the head file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.services.event_cover import event_bytes

if TYPE_CHECKING:
    from server_stub.domain.key_protocols import TokenKey
    from server_stub.storage.audit import AuditEvent

GENESIS = bytes(32)
_PURPOSE = "audit-chain"
_POSITION_BYTES = 8


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
