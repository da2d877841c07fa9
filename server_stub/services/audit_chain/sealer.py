"""The one asynchronous sealer: chains new audit events in batches, so that no request waits on the chain. Knows no event's meaning."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from server_stub.services.audit_chain.chain import GENESIS, link
from server_stub.services.audit_chain.head_file import Head
from server_stub.storage.audit import AuditSeal, add_seal, last_seal, unsealed_events

if TYPE_CHECKING:
    from server_stub.config import SealSettings
    from server_stub.domain.key_protocols import TokenKey
    from server_stub.services.audit_chain.head_file import HeadFile
    from server_stub.storage.database import Database, Tx

log = logging.getLogger(__name__)


class AuditSealer:
    """Seals.

    Thread:
        `run` on the loop; the sealing itself on a thread of its executor, one at a time.
    """

    def __init__(self, database: Database, key: TokenKey, heads: HeadFile, settings: SealSettings) -> None:
        self._database = database
        self._key = key
        self._heads = heads
        self._settings = settings

    async def run(self) -> None:
        """Seals until cancelled, and once more then; a fault is logged and tried again."""
        try:
            while True:
                await self._seal_safely()
                await asyncio.sleep(self._settings.every_s)
        finally:
            await asyncio.shield(self._seal_safely())

    def seal_all(self) -> int:
        """Seals everything that waits and returns how many events that were; blocks."""
        sealed = 0
        while True:
            batch = self._database.write(self._seal_batch)
            self._note_head()
            sealed += batch
            if batch < self._settings.batch:
                return sealed

    async def _seal_safely(self) -> None:
        try:
            await asyncio.to_thread(self.seal_all)
        except Exception:
            log.exception("audit: sealing failed")

    def _seal_batch(self, tx: Tx) -> int:
        newest = last_seal(tx)
        position, previous = (newest.position, newest.chain_sha256) if newest else (0, GENESIS)
        events = unsealed_events(tx, self._settings.batch)
        for event in events:
            position += 1
            previous = link(self._key, position, previous, event)
            add_seal(tx, AuditSeal(position, event.event_id, previous, tx.now))
        return len(events)

    def _note_head(self) -> None:
        """Writes the head after the commit: a head ahead of the database would look like a cut tail after a crash.

        The other way round, a crash between commit and head leaves a head that is behind, and the next round mends it.
        """
        newest = self._database.read(last_seal)
        if newest is None:
            return
        noted = self._heads.last()
        # A head ahead of the chain is a cut tail: it stays as the evidence, and nothing is written below it.
        if noted is None or noted.position < newest.position:
            self._heads.append(Head(newest.position, newest.chain_sha256, newest.sealed_at))
        elif noted.position > newest.position:
            log.error("audit: ALERT the head file stands at %d, the chain at %d", noted.position, newest.position)
