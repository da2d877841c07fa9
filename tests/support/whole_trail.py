"""Whether every row that the trail covers is as its newest event says, and every event's request was kept: what `audit verify` would say.

Quick, because nothing is sealed for it: services' tests ask after each of them, so that a service that changes a row and tells nobody is
found where it is written, not by an auditor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.services.audit import REMOVALS
from server_stub.storage.audit import row_digest

if TYPE_CHECKING:
    from server_stub.storage.database import Tx
    from tests.support.central_service import Central


def untold(central: Central) -> list[str]:
    """Return the rows that changed or went without an event, and the requests that events tell of and nobody kept."""
    newest: dict[tuple[str, str], bytes | None] = {}
    asked: set[str] = set()
    for event in central.rows("audit_event"):
        asked |= {event["request_id"]} - {None}
        subject = event["subject_table"], event["subject_key"]
        if event["row_sha256"] is not None or event["action"] in REMOVALS:
            newest[subject] = event["row_sha256"]

    def changed(tx: Tx) -> list[str]:
        return [f"{table}/{key}" for (table, key), digest in newest.items() if row_digest(tx, table, key) != digest]

    lost = asked - {row["request_id"] for row in central.rows("request_log")}
    return central.database.read(changed) + [f"request_log/{request_id}" for request_id in sorted(lost)]
