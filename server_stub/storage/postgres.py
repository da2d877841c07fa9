"""The database server: PostgreSQL over psycopg. Knows connections, time limits and what is worth another try; knows no table."""

from __future__ import annotations

import random
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import _WaitTimeout
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from server_stub.domain.clock import Clock
from server_stub.storage.database import Database, NotMigrated, NoValue, Patience, StorageError, tell_of_unfitness

V = TypeVar("V")

# One, as on SQLite: serializable transactions that append to the same end of an index roll each other back (docs/decisions/0019).
WRITERS = 1
READERS = 4
# Below the deadline of a kiosk's call, so that it hears of it.
# Several processes may want the same next step of an account, and each may lose it more than once.
_PATIENCE = Patience(attempts=20, budget_s=4.0, taken_keys=10)
_LONGEST_PAUSE_S = 0.25
_POOL_TIMEOUT_S = 4.0
_CONNECT_TIMEOUT_S = 3

# Nobody waits longer: for a lock, for a statement, for a client that holds locks and does nothing. Milliseconds.
LOCK_TIMEOUT_MS = 2_000
STATEMENT_TIMEOUT_MS = 5_000
READ_TIMEOUT_MS = 30_000
IDLE_TIMEOUT_MS = 5_000
# How much longer than the server's own limit a client waits for its answer: a frozen server never says that the time is over.
_GRACE_S = 2.0

_SERIALIZATION_FAILURE = "40001"
_DEADLOCK = "40P01"
_LOCK_NOT_GRANTED = "55P03"
_UNIQUE_KEY_TAKEN = "23505"
_REFERENCE_BROKEN = "23503"
_READ_ONLY = "25006"
_STATEMENT_TIMED_OUT = "57014"
_TABLE_MISSING, _COLUMN_MISSING = "42P01", "42703"
_SHUTTING_DOWN = frozenset({"57P01", "57P02", "57P03"})
_PASSING = frozenset({_SERIALIZATION_FAILURE, _DEADLOCK}) | _SHUTTING_DOWN
# The last one is what a server says that has just become somebody's standby.
_QUICKER = frozenset({_UNIQUE_KEY_TAKEN, _REFERENCE_BROKEN, _READ_ONLY})


class PostgresDatabase(Database):
    """Writers and readers on one PostgreSQL database.

    Writing transactions are SERIALIZABLE: who read what another has changed meanwhile is rolled back by the server and runs again.
    Reading ones are REPEATABLE READ and read-only: they see one state and never fail for another's sake.

    Thread:
        any.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        """Opens lazily.

        Args:
            url: Address as libpq takes it, e.g. ``postgresql://member_service@db1,db2/member?target_session_attrs=read-write``.
            clock: Time of the transactions.
        """
        writing = {"default_transaction_isolation": "serializable", "statement_timeout": STATEMENT_TIMEOUT_MS}
        reading = {
            "default_transaction_isolation": "repeatable\\ read",
            "default_transaction_read_only": "on",
            "statement_timeout": READ_TIMEOUT_MS,
        }
        super().__init__(
            clock,
            _open(url, writing, STATEMENT_TIMEOUT_MS, WRITERS),
            _open(url, reading, READ_TIMEOUT_MS, READERS),
            _PATIENCE,
        )

    def _may_write_again(self, error: DBAPIError) -> bool:
        return self._may_read_again(error) or _state(error) in _QUICKER

    def _may_read_again(self, error: DBAPIError) -> bool:
        return error.connection_invalidated or _state(error) in _PASSING or _is_unreachable(error)

    def _took_too_long(self, error: DBAPIError) -> bool:
        return _state(error) in {_LOCK_NOT_GRANTED, _STATEMENT_TIMED_OUT}

    def _pause_s(self, attempt: int) -> float:
        # Spread, so that those who met once do not meet again.
        return min(_LONGEST_PAUSE_S, 0.002 * 2.0 ** min(attempt, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _is_unreachable(error: DBAPIError) -> bool:
    """Returns whether no server answered: an error that came from the client has no state of the server's."""
    return isinstance(error.orig, psycopg.OperationalError) and not _state(error)


class _Connection(psycopg.Connection[Any]):
    """A connection that gives a call up when its answer does not come, and whose errors quote no values."""

    deadline_s: float | None = None

    def wait(self, gen: PQGen[V], interval: float = 0.1, timeout: float | None = None) -> V:
        """Returns what the call returned; after a deadline the connection is closed, because an answer may still come."""
        try:
            return super().wait(gen, interval, timeout or self.deadline_s)
        except _WaitTimeout as error:
            self.close()
            raise psycopg.OperationalError("the database did not answer in time") from error
        except psycopg.Error as error:
            # The server's DETAIL quotes keys and rows; they belong into no log and no exception text.
            error.args = (error.diag.message_primary or str(error).partition("\n")[0],)
            raise


def _open(url: str, settings: dict[str, object], timeout_ms: int, size: int) -> Engine:
    given = conninfo_to_dict(url)
    limits = {"lock_timeout": LOCK_TIMEOUT_MS, "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS, "timezone": "UTC"}
    options = [str(given.pop("options", "")), *(f"-c {name}={value}" for name, value in (limits | settings).items())]
    patient: dict[str, Any] = {"connect_timeout": _CONNECT_TIMEOUT_S, "application_name": "member-service"} | given
    patient["options"] = " ".join(options).strip()

    def connect() -> _Connection:
        connection = _Connection.connect(**patient)
        connection.deadline_s = timeout_ms / 1000 + _GRACE_S
        return connection

    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT_S,
        # Parameters hold sealed values and tokens; they belong into no log and no exception text.
        hide_parameters=True,
    )

    def unfit(error: BaseException) -> StorageError | NoValue | None:
        if _lacks_tables(error):
            return NotMigrated(str(given.get("dbname", "")))
        return NoValue("a value outside of what the driver reads") if _is_no_value(error) else None

    tell_of_unfitness(engine, unfit)
    return engine


def _lacks_tables(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) in {_TABLE_MISSING, _COLUMN_MISSING}


def _is_no_value(error: BaseException) -> bool:
    """Returns whether the driver, not the server, stumbled: over a day or moment before year 1 or after 9999, or an infinite one."""
    return isinstance(error, psycopg.DataError) and error.sqlstate is None
