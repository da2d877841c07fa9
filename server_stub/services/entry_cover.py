"""What covers a points entry in the audit trail: a keyed digest of all its columns. Knows no chain and no transaction.

Two ways lead there, because who spends in batches learns place and points of an entry from the database itself (docs/decisions/0023):

* An event of the ledger carries the digest of each entry that was posted with it (``entries``).
* The event of a batch names its entry (``entry``); the seal of that event carries the digest.

The digest is keyed, so the owner of the database can neither change an entry nor make an event for one of his own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from server_stub.domain.key_protocols import TokenKey
from server_stub.storage.ledger import EntryRow, entry_bytes

NAMED, SEALED_LATER = "entries", "entry"
_PURPOSE = "points-entry"


def entry_mac(key: TokenKey, entry: EntryRow) -> bytes:
    """Returns the keyed digest of an entry, 32 bytes."""
    return key.mac(_PURPOSE, entry_bytes(entry))


def cover(key: TokenKey, entries: Iterable[EntryRow]) -> dict[str, Any]:
    """Returns what an event says of the entries that were posted with it; nothing where there are none."""
    digests = {entry.entry_id: entry_mac(key, entry).hex() for entry in entries}
    return {NAMED: digests} if digests else {}


def covered_by(detail: Mapping[str, Any]) -> dict[str, bytes]:
    """Returns the digests of entries that an event carries, by entry; nothing where somebody has changed it into what carries none."""
    try:
        return {entry_id: bytes.fromhex(digest) for entry_id, digest in detail.get(NAMED, {}).items()}
    except (AttributeError, TypeError, ValueError):
        return {}


def sealed_with(detail: Mapping[str, Any]) -> str | None:
    """Returns the entry whose digest the event's seal carries; None where there is none."""
    entry_id = detail.get(SEALED_LATER)
    # A server cannot even look for an id with a NUL in it.
    return entry_id if isinstance(entry_id, str) and entry_id.isprintable() else None
