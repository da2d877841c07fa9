"""The embedded database: one SQLite file, plain or encrypted. Knows pragmas and its lock; knows no table and no use case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from server_stub.domain.clock import Clock
from server_stub.storage.database import Database, DatabaseDamaged, NotMigrated, NoValue, Patience, StorageError, tell_of_unfitness

_PATIENCE = Patience(attempts=5, budget_s=40.0)
_READERS = 4
_BUSY_TIMEOUT_MS = 10_000
_FULL = 2

# Set on every connection and read back: a pragma that SQLite does not know is ignored in silence.
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", _FULL),
    ("foreign_keys", "ON", 1),
    # Without it INSERT OR REPLACE removes a row behind the back of the triggers that keep facts as they are.
    ("recursive_triggers", "ON", 1),
    ("busy_timeout", str(_BUSY_TIMEOUT_MS), _BUSY_TIMEOUT_MS),
    ("trusted_schema", "OFF", 0),
    ("secure_delete", "ON", 1),
)
# SQLite tells these apart by their words alone.
_MISSING = ("no such table", "no such column", "has no column named")
_CLOSED = "unable to open database file"
_DAMAGED = ("file is not a database", "disk image is malformed")
_NO_TEXT = "Could not decode to UTF-8"
_ONLY_READING = ("query_only", "ON", 1)


class SqliteDatabase(Database):
    """One writer and several readers on one SQLite file.

    The writer's transactions begin with BEGIN IMMEDIATE; there is one such connection in the process, and other processes wait
    for the lock, 10 s at most.

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
        writer = _open(file, key, begin="BEGIN IMMEDIATE", size=1, pragmas=_PRAGMAS)
        readers = _open(file, key, begin="BEGIN", size=_READERS, pragmas=(*_PRAGMAS, _ONLY_READING))
        super().__init__(clock, writer, readers, _PATIENCE)

    def _may_write_again(self, error: DBAPIError) -> bool:
        return isinstance(error, IntegrityError) or (isinstance(error, OperationalError) and "locked" in str(error.orig))

    def _may_read_again(self, error: DBAPIError) -> bool:  # noqa: ARG002 - a reader of a WAL waits for nobody
        return False

    def _took_too_long(self, error: DBAPIError) -> bool:  # noqa: ARG002 - statements have no limit here
        return False

    def _pause_s(self, attempt: int) -> float:  # noqa: ARG002 - who waits is woken by SQLite's own busy handler
        return 0.0


def _open(file: Path, key: bytes | None, *, begin: str, size: int, pragmas: tuple[tuple[str, str, object], ...]) -> Engine:
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
        _set_pragmas(connection, key, pragmas)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    def unfit(error: BaseException) -> StorageError | NoValue | None:
        said = str(error) if isinstance(error, sqlcipher3.dbapi2.DatabaseError) else ""
        if any(words in said for words in _MISSING):
            return NotMigrated(str(file))
        if _NO_TEXT in said:
            # Without the driver's words: they quote the value.
            return NoValue("text that is no UTF-8")
        if _CLOSED in said:
            return StorageError(f"{file} cannot be opened: a folder, or not ours to read and write")
        return DatabaseDamaged(str(file)) if any(words in said for words in _DAMAGED) else None

    tell_of_unfitness(engine, unfit)
    return engine


def _set_pragmas(connection: Any, key: bytes | None, pragmas: tuple[tuple[str, str, object], ...]) -> None:
    cursor = connection.cursor()
    # SQLCipher writes to the error stream past everybody; what is wrong is raised.
    cursor.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for name, value, expected in pragmas:
        cursor.execute(f"PRAGMA {name} = {value}")
        cursor.execute(f"PRAGMA {name}")
        found = cursor.fetchone()[0]
        if found != expected:
            raise StorageError(f"pragma {name} is {found!r}, must be {expected!r}")
    cursor.close()
