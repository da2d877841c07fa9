"""The journal in SQLite: one row an intent, durable before the request is sent. No personal data.

Settings are those of design reliability.md section 4: WAL, synchronous FULL, read back and refused otherwise.
Thread: loop; one connection, one process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from kiosk.ports.errors import JournalDamaged
from kiosk.ports.journal import Intent, IntentKind, IntentState
from kiosk.ports.values import RequestId

_PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", 2),
    ("foreign_keys", 1),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("secure_delete", 1),
    ("temp_store", 2),
)

_VERSIONS = 2**31
"""The header of a database file holds the number as 32 bits with a sign."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS intent (
    device_seq INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT
"""


class SqliteJournal:
    """See kiosk.ports.journal.Journal."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _as_damaged():
            self._connection = sqlite.connect(str(path), isolation_level=None, timeout=2.0)
            for name, value in _PRAGMAS:
                self._set(name, value)
            self._connection.execute("PRAGMA wal_autocheckpoint=200")
            self._connection.execute("PRAGMA journal_size_limit=4194304")
            self._connection.execute(_SCHEMA)
            self._forget_hashes()
            self._check()

    def prove(self) -> None:
        """Write something down and read it back: raises as long as an intent could not be kept."""
        with _as_damaged():
            self._set("user_version", (self._one("PRAGMA user_version") + 1) % _VERSIONS)
            self._check()

    def _forget_hashes(self) -> None:
        """Takes what earlier versions kept of requests out of the file: a hash of a mobile number is as good as the number."""
        if "body_sha256" in {row[1] for row in self._connection.execute("PRAGMA table_info(intent)")}:
            self._connection.execute("ALTER TABLE intent DROP COLUMN body_sha256")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _check(self) -> None:
        if self._one("PRAGMA quick_check") != "ok":
            raise JournalDamaged("quick check")

    def _set(self, name: str, value: str | int) -> None:
        self._connection.execute(f"PRAGMA {name}={value}")
        if self._one(f"PRAGMA {name}") != value:
            raise JournalDamaged(f"{name} not accepted")

    def _one(self, statement: str, *values: Any) -> Any:
        row = self._connection.execute(statement, values).fetchone()
        return row[0] if row else None

    def open(self, request_id: RequestId, kind: IntentKind, subject: str) -> int:
        """Write an intent down before it is sent; returns its device_seq, the same for the same id."""
        with _as_damaged():
            self._connection.execute(
                "INSERT INTO intent (request_id, kind, subject, state) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (request_id) DO UPDATE SET state = excluded.state",
                (request_id, kind.value, subject, IntentState.OPEN.value),
            )
            return int(self._one("SELECT device_seq FROM intent WHERE request_id = ?", request_id))

    def settle(self, request_id: RequestId, state: IntentState) -> None:
        """Write its outcome down."""
        with _as_damaged():
            self._connection.execute("UPDATE intent SET state = ? WHERE request_id = ?", (state.value, request_id))

    def unsettled(self) -> tuple[Intent, ...]:
        """Return intents whose outcome is not known, oldest first."""
        with _as_damaged():
            rows = self._connection.execute(
                "SELECT request_id, device_seq, kind, subject, state FROM intent WHERE state = ? ORDER BY device_seq",
                (IntentState.OPEN.value,),
            ).fetchall()
        return tuple(Intent(RequestId(row[0]), row[1], IntentKind(row[2]), row[3], IntentState(row[4])) for row in rows)

    def last_device_seq(self) -> int:
        """Return the highest number used."""
        with _as_damaged():
            return int(self._one("SELECT coalesce(max(device_seq), 0) FROM intent"))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@contextmanager
def _as_damaged() -> Iterator[None]:
    try:
        yield
    except sqlite.Error as error:
        raise JournalDamaged(type(error).__name__) from error
