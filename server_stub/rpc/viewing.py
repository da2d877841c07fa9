"""The two ways of a request for the own view: in a batch where it is plain, else by the use case beside the loop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from server_stub.rpc.batching import Batcher
from server_stub.storage.viewing.api import MOST_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server_stub.domain.actors import DeviceActor
    from server_stub.domain.clock import Clock
    from server_stub.rpc.blocking import Blocking
    from server_stub.services.members import MemberService, MemberView
    from server_stub.storage.viewing.api import ViewStore, VisitAt

log = logging.getLogger(__name__)

UNDER_WAY = 2


class ViewingDesk:
    """Shows members their own view, for servicers.

    Thread:
        loop.
    """

    def __init__(self, members: MemberService, store: ViewStore | None, blocking: Blocking, clock: Clock) -> None:
        """Starts nothing.

        Args:
            members: The use case.
            store: None where the database answers one request at a time.
            blocking: For the use case.
            clock: Of the views of a batch.
        """
        self._members = members
        self._store = store
        self._blocking = blocking
        self._clock = clock
        self._batcher: Batcher[VisitAt, MemberView | None] = Batcher(self._carry_out, under_way=UNDER_WAY, largest=MOST_AT_ONCE)

    async def view(self, device: DeviceActor, visit_token: str) -> MemberView:
        """Returns the view; see ``MemberService.get_member``.

        Raises:
            Refusal: Of the use case.
        """
        asked = self._members.asked(device, visit_token)
        view = await self._batcher.submit(asked.visit_id, asked) if self._store is not None else None
        return view if view is not None else await self._blocking.run(self._members.get_member, device, visit_token)

    async def close(self) -> None:
        """Waits for what is under way and closes the store."""
        await self._batcher.drain()
        if self._store is not None:
            await self._store.close()

    async def _carry_out(self, batch: Sequence[VisitAt]) -> Sequence[MemberView | None]:
        assert self._store is not None
        now = self._clock.now()
        try:
            found = await self._store.read(batch, now)
        except Exception as error:  # noqa: BLE001 - whatever it was, the use case asks the database again and words it
            log.warning("a batch of %d views goes one by one after %s", len(batch), type(error).__name__)
            return [None] * len(batch)
        return [None if rows is None else self._members.view_of(rows, now) for rows in found]
