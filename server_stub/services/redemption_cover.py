"""What covers a redemption in the audit trail: keyed digests of all its columns as of each version. Knows no chain and no transaction.

What was agreed to when it was made (reward, pieces, price, where and by whom) never changes; the rest does: it is spent, gets its code, is
handed over or given back. So a cover has two halves of 32 bytes: one of what was made, one of the row as it is. Whatever changed a
redemption in a transaction is told of by an event of that transaction with version and cover (``redemptions``). Of the second half the
highest version counts, in whatever order events were sealed; the first half is the same for ever, so a price that was changed is found
also after the service has given the points back on top of it.

What a batch spends (docs/decisions/0023) is only named by its event, beside its entry; the seal of that event carries the cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from server_stub.domain.key_protocols import TokenKey
from server_stub.services.entry_cover import sealed_with
from server_stub.storage.audit import AuditEvent
from server_stub.storage.redemptions import RedemptionRow, redemption_bytes
from server_stub.storage.spending.api import ACTION, redemption_id_of

NAMED = "redemptions"
FIRST_VERSION = 1
HALF = 32
_MADE, _NOW = "redemption-made", "redemption"


def redemption_mac(key: TokenKey, row: RedemptionRow) -> bytes:
    """Returns the cover of a redemption: 32 bytes of what was made, 32 of the row as it is."""
    made, rest = redemption_bytes(row)
    of_made = key.mac(_MADE, made)
    return of_made + key.mac(_NOW, of_made + rest)


def cover(key: TokenKey, rows: Iterable[RedemptionRow]) -> dict[str, Any]:
    """Returns what an event says of the redemptions that were changed with it; nothing where there are none."""
    digests = {row.redemption_id: [row.version, redemption_mac(key, row).hex()] for row in rows}
    return {NAMED: digests} if digests else {}


def covered_by(detail: Mapping[str, Any]) -> dict[str, tuple[int, bytes]]:
    """Returns version and cover of the redemptions that an event carries, by redemption; nothing where it was changed beyond reading."""
    try:
        return {one: (int(version), bytes.fromhex(digest)) for one, (version, digest) in detail.get(NAMED, {}).items()}
    except (AttributeError, TypeError, ValueError):
        return {}


def sealed_redemption(event: AuditEvent) -> str | None:
    """Returns the redemption whose cover the event's seal carries; None where there is none.

    Its id is that of the event's request, whose row has a seal of its own: nobody else can make an event for a redemption of theirs.
    """
    if event.action != ACTION or event.request_id is None or sealed_with(event.detail) is None:
        return None
    return event.subject_key if event.subject_key == redemption_id_of(event.request_id) else None
