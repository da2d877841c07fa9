"""Opening the database and running transactions. Knows pragmas, locks and retries; knows no table and no use case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from server_stub.domain.clock import Clock

T = TypeVar("T")

_ATTEMPTS = 4
_READERS = 4
_BUSY_TIMEOUT_MS = 10_000
_FULL = 2

# Set on every connection and read back: a pragma that SQLite does not know is ignored in silence.
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", _FULL),
    ("foreign_keys", "ON", 1),
    ("busy_timeout", str(_BUSY_TIMEOUT_MS), _BUSY_TIMEOUT_MS),
    ("trusted_schema", "OFF", 0),
    ("secure_delete", "ON", 1),
)


class StorageError(Exception):
    """The database is not as it must be: a pragma did not take, a key is wrong, a lock did not come free."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction; passed to every statement of the stores.

    Attributes:
        connection: SQLAlchemy connection; used by this package only.
        now: The one moment of the transaction, aware, UTC.
    """

    connection: Connection
    now: datetime


class Database:
    """One writer and several readers on one SQLite file.

    The writer's transactions begin with BEGIN IMMEDIATE, so that a check and the write that depends on it see the same
    state; there is one such connection in the process, and other processes wait for the lock.

    Thread:
        any.
    """

    def __init__(self, file: Path, clock: Clock, key: bytes | None = None) -> None:
        """Opens lazily.

        Args:
            file: Database file; its directory must exist.
            clock: Time of the transactions.
            key: 32 bytes of SQLCipher's raw key, or None for a plain file.
        """
        self._clock = clock
        self._writer = _open(file, key, begin="BEGIN IMMEDIATE", size=1)
        self._readers = _open(file, key, begin="BEGIN", size=_READERS)

    def write(self, work: Callable[[Tx], T]) -> T:
        """Returns what the work returned, committed; an exception of the work rolls everything back.

        The work may run again where another process was quicker (a unique key was taken, a lock not granted), so it must
        do nothing but statements on its transaction.

        Raises:
            StorageError: The lock did not come free.
        """
        for attempt in range(_ATTEMPTS):
            try:
                with self._writer.begin() as connection:
                    return work(Tx(connection, self._clock.now()))
            except (IntegrityError, OperationalError):
                if attempt == _ATTEMPTS - 1:
                    raise
        raise StorageError("no attempt was made")

    def read(self, work: Callable[[Tx], T]) -> T:
        """Returns what the work returned, from one consistent state; writing in it is refused by the database."""
        with self._readers.begin() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            return work(Tx(connection, self._clock.now()))

    @property
    def writer(self) -> Engine:
        """Returns the writing engine, for migrations."""
        return self._writer

    def close(self) -> None:
        """Closes every connection."""
        self._writer.dispose()
        self._readers.dispose()


def _open(file: Path, key: bytes | None, *, begin: str, size: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{file}",
        module=sqlcipher3.dbapi2,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=30,
        connect_args={"check_same_thread": False},
        # Parameters hold sealed values and tokens; they belong into no log and no exception text.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own implicit BEGIN is DEFERRED and would deadlock upgrades; we begin ourselves.
        connection.isolation_level = None
        _set_pragmas(connection, key)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _set_pragmas(connection: Any, key: bytes | None) -> None:
    cursor = connection.cursor()
    if key is not None:
        cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for name, value, expected in _PRAGMAS:
        cursor.execute(f"PRAGMA {name} = {value}")
        cursor.execute(f"PRAGMA {name}")
        found = cursor.fetchone()[0]
        if found != expected:
            raise StorageError(f"pragma {name} is {found!r}, must be {expected!r}")
    cursor.close()
