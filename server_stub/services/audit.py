"""Writes what was done, by whom and to what, in the transaction of the deed itself. Knows no seal: that is the sealer's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server_stub.domain.actors import Actor
from server_stub.domain.key_protocols import TokenKey
from server_stub.domain.uuid7 import IdSource
from server_stub.services import entry_cover, redemption_cover
from server_stub.services.event_cover import event_mac, signed
from server_stub.storage.audit import AuditEvent, add_event, row_digest
from server_stub.storage.database import Tx
from server_stub.storage.ledger import EntryRow
from server_stub.storage.redemptions import RedemptionRow

EVENT_PREFIX = "evt"
REMOVALS = frozenset({"blocklist.removed"})
"""Actions that take a covered row away: after one of these there must be none."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done.

    Attributes:
        action: Noun and past participle, e.g. ``application.submitted``.
        table: Table of the row that it was done to, or empty.
        key: Its primary key, parts joined by ``/``.
        detail: Facts without personal data; keys and values are kept for years.
        entries: Points entries that were posted with it; the event covers each of them.
        redemptions: Those that were made or changed with it, as they are now; the event covers each of them.
    """

    actor: Actor
    action: str
    table: str = ""
    key: str = ""
    request_id: str | None = None
    detail: Mapping[str, str | int | bool] = field(default_factory=dict)
    entries: tuple[EntryRow, ...] = ()
    redemptions: tuple[RedemptionRow, ...] = ()


class AuditTrail:
    """The writer of the trail."""

    def __init__(self, ids: IdSource, key: TokenKey) -> None:
        self._ids = ids
        self._key = key

    def mac_of(self, event: AuditEvent) -> bytes:
        """Returns the keyed digest of an event that a batch writes, 32 bytes; without it the event is taken for forged."""
        return event_mac(self._key, event)

    def record(self, tx: Tx, deed: Deed) -> None:
        """Writes the deed with the digest of its row as it is now, and signs it; call it after the row was written."""
        event = AuditEvent(
            event_id=self._ids.new(EVENT_PREFIX),
            at=tx.now,
            actor=deed.actor.label,
            action=deed.action,
            subject_table=deed.table,
            subject_key=deed.key,
            row_sha256=row_digest(tx, deed.table, deed.key) if deed.table else None,
            request_id=deed.request_id,
            detail={
                **deed.detail,
                **entry_cover.cover(self._key, deed.entries),
                **redemption_cover.cover(self._key, deed.redemptions),
            },
        )
        add_event(tx, signed(self._key, event))
