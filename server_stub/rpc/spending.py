"""The two ways of a request to spend points: in a batch where it is plain, else, or where that failed, by the use case beside the loop."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from server_stub.rpc.batching import Batcher
from server_stub.rpc.faults import refusal_of_one
from server_stub.services.rewards.own_spending import view_of_spent
from server_stub.storage.spending.api import MOST_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server_stub.domain.actors import DeviceActor
    from server_stub.domain.refusals import Refusal
    from server_stub.rpc.blocking import Blocking
    from server_stub.services.rewards.own_redemptions import RedemptionNow
    from server_stub.services.rewards.own_spending import Asked, OwnSpending, SpendRequest
    from server_stub.storage.spending.api import SpendStore, Spent

log = logging.getLogger(__name__)

# More would only wait for each other's locks, and every batch would be smaller (server.md 1.4).
UNDER_WAY = 2


class SpendingDesk:
    """Spends points for servicers.

    Thread:
        loop.
    """

    def __init__(self, spending: OwnSpending, store: SpendStore, blocking: Blocking) -> None:
        self._spending = spending
        self._store = store
        self._blocking = blocking
        self._batcher: Batcher[Asked, Spent | None] = Batcher(self._carry_out, under_way=UNDER_WAY, largest=MOST_AT_ONCE)

    async def redeem(self, device: DeviceActor, request: SpendRequest) -> RedemptionNow:
        """Spends; see ``OwnSpending.redeem``.

        Raises:
            Refusal: Of the use case.
        """
        asked = self._spending.asked(device, request)
        spent = await self._batcher.submit(request.envelope.request_id, asked) if asked is not None else None
        if spent is None:
            return await self._blocking.run(self._spending.redeem, device, request)
        return view_of_spent(request.envelope.request_id, spent)

    async def redeem_all(self, device: DeviceActor, requests: Sequence[SpendRequest]) -> list[RedemptionNow | Refusal]:
        """Spends what one device wrote down, in its order, and returns what became of each.

        What is plain and follows one another goes together. Behind the first that turns out not to be, nothing is carried out; the use case
        takes that one, then the rest goes on.

        Raises:
            Refusal: RATE_LIMITED: what was not carried out yet is not refused for good.
        """
        outcomes: list[RedemptionNow | Refusal] = []
        while len(outcomes) < len(requests):
            together = self._plain(device, requests[len(outcomes) :])
            spent = await self._batcher.submit_all([(one.envelope.request_id, one) for one in together]) if together else ()
            for asked, one in zip(together, spent, strict=True):
                if one is None:
                    break
                outcomes.append(view_of_spent(asked.envelope.request_id, one))
            if len(outcomes) < len(requests):
                outcomes.append(await self._by_the_use_case(device, requests[len(outcomes)]))
        return outcomes

    def _plain(self, device: DeviceActor, requests: Sequence[SpendRequest]) -> list[Asked]:
        """Returns what may go together of the first requests: it is plain, no id comes twice, and it is one queue."""
        found: dict[str, Asked] = {}
        for request in requests:
            try:
                asked = self._spending.asked(device, request)
            except Exception:  # noqa: BLE001 - the use case meets it again when its turn comes, and words it
                break
            if asked is None or asked.envelope.request_id in found:
                break
            found[asked.envelope.request_id] = replace(asked, queue=next(iter(found), asked.queue))
        return list(found.values())

    async def _by_the_use_case(self, device: DeviceActor, request: SpendRequest) -> RedemptionNow | Refusal:
        try:
            return await self._blocking.run(self._spending.redeem, device, request)
        except Exception as error:  # noqa: BLE001 - what is about this one alone must not keep back those behind it
            return refusal_of_one("an uploaded redeem", error)

    async def close(self) -> None:
        """Waits for what is under way and closes the store."""
        await self._batcher.drain()
        await self._store.close()

    async def _carry_out(self, batch: Sequence[Asked]) -> Sequence[Spent | None]:
        try:
            spends, terms = self._spending.batch(batch)
            return await self._store.spend(spends, terms)
        except Exception as error:  # noqa: BLE001 - whatever it was, the use case asks the database again under the same request ids
            log.warning("a batch of %d goes one by one after %s", len(batch), type(error).__name__)
            return [None] * len(batch)
