"""A few connections to PostgreSQL over asyncpg that run single statements and nothing else. Knows connections and time limits, no table."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import asyncpg
from psycopg.conninfo import conninfo_to_dict

from server_stub.storage.postgres import IDLE_TIMEOUT_MS, LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS

_CONNECT_TIMEOUT_S = 3.0
_ANSWER_TIMEOUT_S = STATEMENT_TIMEOUT_MS / 1000 + 2.0
_LIMITS = {
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS),
    "default_transaction_isolation": "read committed",
    "timezone": "UTC",
}
# Of libpq's words those that asyncpg takes in an address too.
_SHARED = ("target_session_attrs", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile")


class StatementPool:
    """The connections.

    Thread:
        loop.
    """

    def __init__(self, url: str, connections: int, name: str, session: Mapping[str, str] | None = None) -> None:
        """Opens lazily.

        Args:
            url: Address as libpq takes it.
            connections: At most; so many statements can be under way.
            name: Of the application, as the server's administrator sees it.
            session: Settings of every session.
        """
        self._address = _address(url)
        self._connections = connections
        self._settings = {"application_name": name, **_LIMITS, **(session or {})}
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def fetch(self, text: str, *arguments: object) -> list[asyncpg.Record]:
        """Runs a statement in a transaction of its own and returns its rows.

        Raises:
            asyncpg.PostgresError: Of the server.
            OSError: No connection.
            TimeoutError: No answer in time.
        """
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
                server_settings=self._settings,
            )
        rows: list[asyncpg.Record] = await self._pool.fetch(text, *arguments)
        return rows

    async def close(self) -> None:
        """Closes every connection."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None


async def _nothing(_connection: object) -> None:
    """Leaves a connection as it is."""


def _address(url: str) -> str:
    """Returns an address of libpq as asyncpg reads it: what both know, the rest is set by this module."""
    given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    who = quote(given.get("user", ""), safe="") + (f":{quote(given['password'], safe='')}" if "password" in given else "")
    where = {name: given[name] for name in ("host", "port", *_SHARED) if name in given}
    return f"postgresql://{who}@/{quote(given.get('dbname', ''), safe='')}?{urlencode(where)}"
