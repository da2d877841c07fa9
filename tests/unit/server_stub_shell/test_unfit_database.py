"""Commands on a database that was never migrated, is older, or is no database at all: one line, exit 4, and no library's words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import sqlcipher3.dbapi2 as sqlite

from server_stub.cli.main import main
from server_stub.cli.output import Exit
from server_stub.cli.wording import Wording
from server_stub.config import Profile
from server_stub.domain.clock import SystemClock
from server_stub.keys.folder import KeyFolder
from server_stub.keys.symmetric import database_key
from server_stub.storage.database import DatabaseDamaged, NotMigrated, StorageError
from server_stub.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from pathlib import Path

AUDIT, MIGRATE, DEVICES = ("audit", "verify"), ("migrate",), ("device", "list")
DAMAGED, NOT_MIGRATED = DatabaseDamaged.reason, NotMigrated.reason


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """Returns where the database of a new key folder would lie."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("NAME", "admin"), ("PASSPHRASE", "no matter"), ("TOTP", "000000")):
        monkeypatch.setenv(f"MEMBER_STAFF_{name}", value)
    assert main(["keys", "init"]) == Exit.GOOD
    capfd.readouterr()
    return tmp_path / "out" / "service" / "member.db"


def fails(capfd: pytest.CaptureFixture[str], command: tuple[str, ...], reason: str) -> None:
    """Requires one line of words on the error stream, and for programs an object on standard output."""
    assert main(command) == Exit.NOT_SET_UP
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"not set up: {reason}: {Wording().of(reason)}")
    assert main([*command, "--json"]) == Exit.NOT_SET_UP
    out, err = capfd.readouterr()
    assert (json.loads(out)["reason"], err) == (reason, f"not set up: {json.loads(out)['text']}\n")


@pytest.mark.parametrize("command", [AUDIT, DEVICES])
def test_a_database_that_was_never_migrated_is_told_of_and_how_to_go_on(
    database: Path, capfd: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    fails(capfd, command, NOT_MIGRATED)
    assert "migrate" in Wording().of(NOT_MIGRATED)
    assert database.exists()


def test_an_older_database_is_told_of_as_well(database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == Exit.GOOD
    assert main(["audit", "verify"]) == Exit.GOOD
    capfd.readouterr()
    # As a database of before that column was.
    owner = SqliteDatabase(database, SystemClock(), database_key(KeyFolder.open(database.parent / "keys", Profile.DEVELOPMENT)))
    owner.write(lambda tx: tx.connection.exec_driver_sql("ALTER TABLE audit_event DROP COLUMN event_mac"))
    owner.close()
    fails(capfd, AUDIT, NOT_MIGRATED)


@pytest.mark.parametrize("command", [AUDIT, MIGRATE, DEVICES])
def test_a_file_that_is_no_database_is_told_of(database: Path, capfd: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    database.write_text("garbage\n")
    fails(capfd, command, DAMAGED)
    assert database.read_text() == "garbage\n"


@pytest.mark.parametrize("command", [AUDIT, MIGRATE, DEVICES])
def test_a_folder_in_the_files_place_is_told_of(database: Path, capfd: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    database.mkdir(parents=True)
    fails(capfd, command, StorageError.reason)


def test_a_database_with_a_torn_page_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "torn.db"
    with sqlite.connect(file) as made:
        made.execute("CREATE TABLE t (x TEXT)")
        made.executemany("INSERT INTO t VALUES (?)", [("x" * 900,)] * 64)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    torn = SqliteDatabase(file, SystemClock())
    with pytest.raises(DatabaseDamaged):
        torn.read(lambda tx: tx.connection.exec_driver_sql("SELECT count(x) FROM t WHERE x > ''").fetchall())
    torn.close()
