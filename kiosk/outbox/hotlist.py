"""The list of lost cards on disk, so that a kiosk that starts without the centre knows it too. UIDs and days, nothing of a person.

What cannot be read is thrown away and fetched anew: the list only refuses, and the centre has it whole. Thread: loop.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from kiosk.ports.own_card import HotlistDelta

log = logging.getLogger(__name__)

HOTLIST_FILE = "lost-cards.db"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS lost_card (uid BLOB PRIMARY KEY, lost_on TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known (version INTEGER NOT NULL) STRICT;
"""


class SqliteHotlist:
    """See kiosk.ports.own_card.Hotlist."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        try:
            self._connection = self._opened()
        except sqlite.Error as error:
            log.warning("list of lost cards begins anew: %s", type(error).__name__)
            for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
                name.unlink(missing_ok=True)
            self._connection = self._opened()

    def _opened(self) -> Any:
        connection = sqlite.connect(str(self._path), isolation_level=None, timeout=2.0)
        try:
            connection.execute("PRAGMA journal_mode=wal")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.executescript(_SCHEMA)
            (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
            if verdict != "ok":
                raise sqlite.DatabaseError("quick check")
        except sqlite.Error:
            connection.close()
            raise
        return connection

    def version(self) -> int:
        """Return the version of what is known, 0 for nothing."""
        row = self._connection.execute("SELECT version FROM known").fetchone()
        return int(row[0]) if row else 0

    def apply(self, delta: HotlistDelta) -> None:
        """Keep changes and their version in one transaction; what cannot be kept is fetched again."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for change in delta.changes:
                if change.is_listed:
                    self._connection.execute(
                        "INSERT INTO lost_card (uid, lost_on) VALUES (?, ?) ON CONFLICT (uid) DO UPDATE SET lost_on = excluded.lost_on",
                        (change.uid, change.lost_on),
                    )
                else:
                    self._connection.execute("DELETE FROM lost_card WHERE uid = ?", (change.uid,))
            self._connection.execute("DELETE FROM known")
            self._connection.execute("INSERT INTO known (version) VALUES (?)", (delta.version,))
            self._connection.execute("COMMIT")
        except sqlite.Error as error:
            log.warning("list of lost cards not kept: %s", type(error).__name__)
            with contextlib.suppress(sqlite.Error):
                self._connection.execute("ROLLBACK")

    def lost_on(self, uid: bytes) -> str:
        """Return the day on which a card was reported lost, "" where it was not."""
        row = self._connection.execute("SELECT lost_on FROM lost_card WHERE uid = ?", (uid,)).fetchone()
        return str(row[0]) if row else ""

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
