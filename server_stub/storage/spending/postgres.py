"""Spends points on PostgreSQL over asyncpg: one statement, one round trip and one commit for a batch. Knows what may be tried again."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import asyncpg

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.storage.spending.api import Spend, Spent, Terms
from server_stub.storage.spending.statement import SESSION, prepared
from server_stub.storage.statement_pool import StatementPool

# Another process was quicker with a key, or with locks in another order: seen from a new snapshot it is an ordinary case.
_ONCE_MORE = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_ATTEMPTS = 3


class PostgresSpending:
    """A few connections that do nothing else; implements ``api.SpendStore``.

    READ COMMITTED is enough here: what is checked is checked on rows that the statement itself has locked, and every use case of the ledger
    that reads an account writes it under its version (docs/decisions/0023).

    Thread:
        loop.
    """

    def __init__(self, url: str, connections: int) -> None:
        """Opens lazily.

        Args:
            url: Address as libpq takes it.
            connections: At most; so many batches can be under way.
        """
        self._pool = StatementPool(url, connections, "member-service-spending", SESSION)
        self._text = prepared()

    async def spend(self, spends: Sequence[Spend], terms: Terms) -> list[Spent | None]:
        """Spends a batch; see ``api.SpendStore``."""
        arguments = _arguments(spends, terms)
        rows = await self._fetch(arguments)
        outcomes: list[Spent | None] = [None] * len(spends)
        for position, points, available, state, *rest in rows:
            outcomes[position - 1] = Spent(points, available, RedemptionState(state), *rest)
        return outcomes

    async def close(self) -> None:
        """Closes every connection."""
        await self._pool.close()

    async def _fetch(self, arguments: tuple[object, ...]) -> list[asyncpg.Record]:
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(*_ONCE_MORE):
                return await self._pool.fetch(self._text, *arguments)
        return await self._pool.fetch(self._text, *arguments)


def _arguments(spends: Sequence[Spend], terms: Terms) -> tuple[object, ...]:
    columns = zip(
        *[
            (
                s.request_id,
                s.visit_id,
                s.device_id,
                s.device_seq,
                s.store_id,
                s.points,
                s.reward_id,
                s.qty,
                s.agreed_points,
                s.pickup_code,
                s.body_mac,
                s.row_mac,
                s.entry_id,
                s.event_id,
                s.event_mac,
                s.queue,
            )
            for s in spends
        ],
        strict=True,
    )
    return (*map(list, columns), terms.now, terms.day, terms.rules_version, terms.card_limit, terms.pickup_until)
