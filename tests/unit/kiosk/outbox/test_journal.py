"""The journal of intents: refuses what it cannot trust, keeps what it was told through kill -9."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.errors import JournalDamaged
from kiosk.ports.journal import IntentKind, IntentState
from kiosk.ports.values import RequestId
from tests.support.full_disk import full_disk


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(JournalDamaged):
        SqliteJournal(path)


def test_a_file_that_opens_and_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = SqliteJournal(path)
    for number in range(300):
        journal.open(RequestId(f"id-{number}"), IntentKind.SUBMIT, "")
    journal.close()
    whole = path.read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    assert len(whole) > 4 * page
    # The header and the schema on the first page stay as they are: only a look at all pages finds it.
    path.write_bytes(whole[: 2 * page] + b"\xff" * page + whole[3 * page :])
    with pytest.raises(JournalDamaged):
        SqliteJournal(path)


def test_where_the_disk_cannot_keep_a_journal_as_it_must_be_kept_it_is_refused() -> None:
    # SQLite takes a setting that it cannot carry out without a word: what is not on a file gets no write-ahead log.
    with pytest.raises(JournalDamaged, match="journal_mode not accepted"):
        SqliteJournal(Path(":memory:"))


def test_a_directory_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JournalDamaged):
        SqliteJournal(tmp_path)


def test_an_intent_is_on_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    # A kill proves nothing here, the system's own memory survives it: only this setting waits for the disk (sqlite.org/pragma.html).
    journal = SqliteJournal(tmp_path / "journal.db")
    settings = {name: journal._one(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "secure_delete")}
    journal.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_full_disk_is_said_before_anything_is_sent_and_is_over_when_there_is_room(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.prove()
    with full_disk():
        with pytest.raises(JournalDamaged):
            journal.open(RequestId("a"), IntentKind.SUBMIT, "")
        with pytest.raises(JournalDamaged):
            journal.prove()
    journal.prove()
    assert journal.open(RequestId("a"), IntentKind.SUBMIT, "") == 1
    journal.close()


def test_numbers_grow_and_one_intent_keeps_its_number(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    first = journal.open(RequestId("a"), IntentKind.SUBMIT, "")
    second = journal.open(RequestId("b"), IntentKind.CONFIRM_ISSUE, "issue")
    assert journal.open(RequestId("a"), IntentKind.SUBMIT, "") == first < second == journal.last_device_seq()
    journal.close()


def test_only_open_intents_are_unsettled(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    for name, state in (("a", IntentState.APPLIED), ("b", IntentState.REFUSED), ("c", IntentState.CANCELLED), ("d", None)):
        journal.open(RequestId(name), IntentKind.SUBMIT, "")
        if state:
            journal.settle(RequestId(name), state)
    assert [intent.request_id for intent in journal.unsettled()] == ["d"]
    journal.close()


def _write_and_die(path: str, count: int) -> None:
    journal = SqliteJournal(Path(path))
    for number in range(count):
        journal.open(RequestId(f"id-{number}"), IntentKind.SUBMIT, "")
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_was_written_down_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    process = multiprocessing.get_context("spawn").Process(target=_write_and_die, args=(str(path), 5))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    journal = SqliteJournal(path)
    assert len(journal.unsettled()) == 5
    journal.close()


def test_what_earlier_versions_kept_of_requests_is_gone_from_the_file(tmp_path: Path) -> None:
    path, digest = tmp_path / "journal.db", sha256(b"13812345678").digest()
    with closing(sqlite.connect(str(path))) as earlier:
        earlier.execute("PRAGMA journal_mode=wal")
        earlier.execute(
            "CREATE TABLE intent (device_seq INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
            " subject TEXT NOT NULL, body_sha256 BLOB NOT NULL, state TEXT NOT NULL) STRICT"
        )
        earlier.execute("INSERT INTO intent VALUES (7, 'a', 'submit', '', ?, 'open')", (digest,))
        earlier.commit()
    assert digest in path.read_bytes()
    journal = SqliteJournal(path)
    assert [(intent.request_id, intent.device_seq) for intent in journal.unsettled()] == [("a", 7)]
    assert journal.open(RequestId("b"), IntentKind.SEND_CODE, "") == 8
    assert not any(digest in file.read_bytes() for file in tmp_path.iterdir())
    journal.close()


def test_no_personal_column(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    columns = {row[1] for row in journal._connection.execute("PRAGMA table_info(intent)")}
    assert columns == {"device_seq", "request_id", "kind", "subject", "state"}
    journal.close()
