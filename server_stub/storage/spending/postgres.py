"""Spends points on PostgreSQL over asyncpg: one statement, one round trip and one commit for a batch. Knows connections and time limits."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from urllib.parse import quote, urlencode

import asyncpg
from psycopg.conninfo import conninfo_to_dict

from server_stub.domain.entry_kinds import RedemptionState
from server_stub.storage.postgres import IDLE_TIMEOUT_MS, LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS
from server_stub.storage.spending.api import Spend, Spent, Terms
from server_stub.storage.spending.statement import SESSION, prepared

_CONNECT_TIMEOUT_S = 3.0
_ANSWER_TIMEOUT_S = STATEMENT_TIMEOUT_MS / 1000 + 2.0
# Another process was quicker with a key, or with locks in another order: seen from a new snapshot it is an ordinary case.
_ONCE_MORE = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_ATTEMPTS = 3
_LIMITS = {
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS),
    "default_transaction_isolation": "read committed",
    "timezone": "UTC",
}
# Of libpq's words those that asyncpg takes in an address too.
_SHARED = ("target_session_attrs", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile")


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
        self._address = _address(url)
        self._connections = connections
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
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
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _fetch(self, arguments: tuple[object, ...]) -> list[asyncpg.Record]:
        pool = await self._opened()
        rows: list[asyncpg.Record]
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(*_ONCE_MORE):
                rows = await pool.fetch(self._text, *arguments)
                return rows
        rows = await pool.fetch(self._text, *arguments)
        return rows

    async def _opened(self) -> asyncpg.Pool[asyncpg.Record]:
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self._address,
                min_size=0,
                max_size=self._connections,
                timeout=_CONNECT_TIMEOUT_S,
                command_timeout=_ANSWER_TIMEOUT_S,
                max_inactive_connection_lifetime=0,
                # Nothing of a session is changed by the one statement, so nothing is put back: that would be a second round trip.
                reset=_nothing,
                server_settings={"application_name": "member-service-spending", **_LIMITS, **SESSION},
            )
        return self._pool


async def _nothing(_connection: object) -> None:
    """Leaves a connection as it is."""


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
                s.pickup_code,
                s.body_mac,
                s.row_mac,
                s.entry_id,
                s.event_id,
            )
            for s in spends
        ],
        strict=True,
    )
    return (*map(list, columns), terms.now, terms.day, terms.rules_version, terms.card_limit, terms.pickup_until)


def _address(url: str) -> str:
    """Returns an address of libpq as asyncpg reads it: what both know, the rest is set by this module."""
    given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    who = quote(given.get("user", ""), safe="") + (f":{quote(given['password'], safe='')}" if "password" in given else "")
    where = {name: given[name] for name in ("host", "port", *_SHARED) if name in given}
    return f"postgresql://{who}@/{quote(given.get('dbname', ''), safe='')}?{urlencode(where)}"
