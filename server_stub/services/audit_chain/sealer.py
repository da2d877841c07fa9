"""The one asynchronous sealer: chains new audit events in batches, so that no request waits on the chain. Knows no event's meaning."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from server_stub.domain.uuid7 import least_id_at
from server_stub.services.audit import EVENT_PREFIX
from server_stub.services.audit_chain.chain import GENESIS, link
from server_stub.services.audit_chain.head_file import Head
from server_stub.services.entry_cover import entry_mac, sealed_with
from server_stub.services.redemption_cover import redemption_mac, sealed_redemption
from server_stub.storage.audit import AuditSeal, add_seals, last_seal, unsealed_events
from server_stub.storage.ledger import entries_by_id
from server_stub.storage.redemptions import readable_redemptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from server_stub.config import SealSettings
    from server_stub.domain.key_protocols import TokenKey
    from server_stub.services.audit_chain.head_file import HeadFile
    from server_stub.services.leases import Lease
    from server_stub.storage.audit import AuditEvent
    from server_stub.storage.database import Database, Tx

log = logging.getLogger(__name__)

# What a stop leaves unsealed, the next start seals; nobody waits longer for a process to end because much was done before.
LAST_ROUND_S = 1.0

# An event's id is made within its transaction, and no transaction lasts as long as this: what is older than the newest seal by more was
# sealed by then. So a round costs the same however long the trail is.
LATEST_COMMIT = timedelta(minutes=3)
# No link is older; one that says so, or that comes from the future, says nothing about what was sealed by then.
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


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
        self._looked_everywhere = False
        self._end = math.inf

    async def run(self, lease: Lease) -> None:
        """Seals while this process holds the lease; a fault is logged and tried again.

        Cancelled, it seals what came last, in ``LAST_ROUND_S`` and a batch at most; the rest is left to whoever seals next.
        """
        try:
            while True:
                await self._seal_safely(lease)
                await asyncio.sleep(self._settings.every_s)
        finally:
            # A round that is under way on its thread ends by it too.
            self._end = time.monotonic() + LAST_ROUND_S
            await asyncio.shield(self._seal_safely(lease))
            await asyncio.shield(self._give_back(lease))

    def seal_all(self) -> int:
        """Seals everything that waits and returns how many events that were; blocks.

        Two processes that seal at once do not harm each other: positions are unique, and whoever comes second starts again.
        """
        # Nearly everything comes after what was sealed last; the look back, for what was committed late, is one for each round.
        sealed = self._seal_while(self._newer) if self._looked_everywhere else 0
        sealed += self._seal_while(self._waiting)
        self._looked_everywhere = True
        return sealed

    def _seal_while(self, waiting: Callable[[Tx, int], tuple[AuditEvent, ...]]) -> int:
        sealed = 0
        while True:
            batch = self._database.write(lambda tx: self._seal_batch(tx, waiting)) if self._database.read(lambda tx: waiting(tx, 1)) else 0
            self._note_head()
            sealed += batch
            if batch < self._settings.batch or time.monotonic() >= self._end:
                return sealed

    async def _seal_safely(self, lease: Lease) -> None:
        try:
            if await asyncio.to_thread(lease.hold):
                await asyncio.to_thread(self.seal_all)
        except Exception:
            # Whatever it was, the next round tries the same events again.
            log.exception("audit: sealing failed")

    async def _give_back(self, lease: Lease) -> None:
        try:
            await asyncio.to_thread(lease.give_back)
        except Exception:
            # It ends by itself.
            log.exception("audit: lease not given back")

    def _seal_batch(self, tx: Tx, waiting: Callable[[Tx, int], tuple[AuditEvent, ...]]) -> int:
        newest = last_seal(tx)
        position, previous = (newest.position, newest.chain_sha256) if newest else (0, GENESIS)
        events = waiting(tx, self._settings.batch)
        # What was posted in batches is digested here, so that nobody waits for it who spends.
        entries = entries_by_id(tx, [entry_id for event in events if (entry_id := sealed_with(event.detail))])
        redemptions = readable_redemptions(tx, [redemption_id for event in events if (redemption_id := sealed_redemption(event))])
        seals = []
        for event in events:
            position += 1
            entry = entries.get(sealed_with(event.detail) or "")
            redemption = redemptions.get(sealed_redemption(event) or "")
            of_entry = None if entry is None else entry_mac(self._key, entry)
            of_redemption = None if redemption is None else redemption_mac(self._key, redemption)
            previous = link(self._key, position, previous, event, (of_entry or b"") + (of_redemption or b""))
            seals.append(AuditSeal(position, event.event_id, previous, tx.now, of_entry, of_redemption))
        add_seals(tx, seals)
        return len(events)

    def _newer(self, tx: Tx, limit: int) -> tuple[AuditEvent, ...]:
        """Returns what is to be sealed of the events after the one that was sealed last."""
        newest = last_seal(tx)
        return unsealed_events(tx, limit, newest.event_id if newest else "")

    def _waiting(self, tx: Tx, limit: int) -> tuple[AuditEvent, ...]:
        """Returns what is to be sealed; the first round looks for what a crash may have left anywhere."""
        newest = last_seal(tx)
        if newest is None or not self._looked_everywhere or not _FIRST <= newest.sealed_at <= tx.now + LATEST_COMMIT:
            return unsealed_events(tx, limit)
        return unsealed_events(tx, limit, least_id_at(EVENT_PREFIX, newest.sealed_at - LATEST_COMMIT))

    def _note_head(self) -> None:
        """Writes the head after the commit: a head ahead of the database would look like a cut tail after a crash.

        The other way round, a crash between commit and head leaves a head that is behind, and the next round mends it.
        """
        newest = self._database.read(last_seal)
        if newest is None or not newest.event_id:
            return
        with self._heads.alone():
            noted = self._heads.last()
            # A head ahead of the chain is a cut tail: it stays as the evidence, and nothing is written below it.
            if noted is None or noted.position < newest.position:
                self._heads.append(Head(newest.position, newest.chain_sha256, newest.sealed_at))
        if noted is not None and noted.position > newest.position:
            self._complain_of_a_cut(noted)

    def _complain_of_a_cut(self, noted: Head) -> None:
        # Asked again: another process may have sealed and noted more since the chain's end was read.
        newest = self._database.read(last_seal)
        if newest is None or noted.position > newest.position:
            log.error("audit: ALERT the head file stands at %d, the chain at %d", noted.position, newest.position if newest else 0)
