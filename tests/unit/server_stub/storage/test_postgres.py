"""PostgreSQL: the service's role may not change facts, nobody waits for ever, a lost server is found again, errors quote nothing."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server_stub.storage import postgres as module
from server_stub.storage.database import NotMigrated, StorageError, StorageUnavailable, Tx
from server_stub.storage.metadata import metadata
from server_stub.storage.postgres import PostgresDatabase
from server_stub.storage.rights import changeable_facts, grant_rights, role_of
from tests.support.central_service import SettableClock
from tests.support.furnished_postgres import FurnishedPostgres
from tests.support.private_postgres import SERVICE

FACTS = sorted(table.name for table in metadata.sorted_tables if table.info.get("append_only"))
PASSING = sorted(table.name for table in metadata.sorted_tables if table.info.get("passing"))
OTHERS = sorted(table.name for table in metadata.sorted_tables if not table.info.get("append_only"))


@pytest.fixture
def database(furnished_postgres: FurnishedPostgres) -> Iterator[PostgresDatabase]:
    """The database as the service opens it."""
    made = PostgresDatabase(furnished_postgres.address, SettableClock())
    yield made
    made.close()


def run(statement: str) -> Callable[[Tx], object]:
    return lambda tx: tx.connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE", "ALTER TABLE {} RENAME TO x"]
)
def test_the_service_cannot_change_facts(database: PostgresDatabase, table: str, statement: str) -> None:
    column = metadata.tables[table].columns.keys()[0]
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        database.write(run(statement.format(table, column, column)))


@pytest.mark.parametrize("statement", ["SELECT 1 FROM not_there", "SELECT not_there FROM member"])
def test_what_the_program_misses_in_the_database_is_called_a_migration_that_was_forgotten(
    database: PostgresDatabase, statement: str
) -> None:
    for work in (database.read, database.write):
        with pytest.raises(NotMigrated):
            work(run(statement))


@pytest.mark.parametrize("statement", ["CREATE TABLE x (y int)", "SET ROLE member_owner", "COPY store TO PROGRAM 'true'"])
def test_the_service_cannot_give_itself_rights(database: PostgresDatabase, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be superuser"):
        database.write(run(statement))


def test_a_right_that_the_service_grants_itself_is_not_given(database: PostgresDatabase) -> None:
    # PostgreSQL warns and goes on, so the right itself is looked at.
    database.write(run("GRANT UPDATE ON points_entry TO member_service"))
    assert changeable_facts(database) == ()


def test_the_rights_are_those_that_the_metadata_say(furnished_postgres: FurnishedPostgres, database: PostgresDatabase) -> None:
    def rights(tx: Tx) -> dict[str, set[str]]:
        query = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = current_user"
        found: dict[str, set[str]] = {}
        for name, right in tx.connection.exec_driver_sql(query):
            found.setdefault(name, set()).add(right)
        return found

    assert FACTS
    expected = {name: {"SELECT", "INSERT"} for name in FACTS} | {name: {"SELECT", "INSERT", "UPDATE"} for name in OTHERS}
    for name in PASSING:
        expected[name] |= {"DELETE"}
    assert database.read(rights) == expected | {"alembic_version": {"SELECT"}}
    owner = PostgresDatabase(furnished_postgres.owner_address, SettableClock())
    grant_rights(owner, SERVICE)
    assert database.read(rights) == expected | {"alembic_version": {"SELECT"}}
    assert changeable_facts(database) == ()
    assert sorted(changeable_facts(owner)) == FACTS
    with pytest.raises(StorageError):
        grant_rights(owner, role_of(furnished_postgres.owner_address))
    owner.close()


def test_an_address_without_a_role_is_refused() -> None:
    with pytest.raises(StorageError):
        role_of("postgresql:///member")


def test_nobody_waits_longer_for_a_lock_than_is_said(
    database: PostgresDatabase, furnished_postgres: FurnishedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_TIMEOUT_MS", 300)
    hurried = PostgresDatabase(furnished_postgres.address, SettableClock())
    with psycopg.connect(furnished_postgres.address) as other:
        other.execute("UPDATE store SET name = 'x'")
        began = time.monotonic()
        with pytest.raises(StorageUnavailable):
            hurried.write(run("UPDATE store SET name = 'y'"))
        assert 0.2 < time.monotonic() - began < 2
        other.rollback()
    hurried.write(run("UPDATE store SET name = 'y'"))
    hurried.close()


def test_whoever_holds_a_lock_and_does_nothing_is_thrown_out(
    furnished_postgres: FurnishedPostgres, database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_TIMEOUT_MS", 200)
    sleeper, holds = PostgresDatabase(furnished_postgres.address, SettableClock()), threading.Event()
    naps = []

    def hold(tx: Tx) -> None:
        tx.connection.exec_driver_sql("UPDATE store SET name = 'asleep'")
        holds.set()
        # Once only: the connection is lost meanwhile, and the work runs again.
        naps.append(time.sleep(0 if naps else 0.8))

    with ThreadPoolExecutor(1) as thread:
        asleep = thread.submit(sleeper.write, hold)
        holds.wait(5)
        began = time.monotonic()
        database.write(run("UPDATE store SET name = 'awake'"))
        assert time.monotonic() - began < 0.7
        asleep.result(5)
    assert len(naps) == 2
    sleeper.close()


def test_a_server_that_is_frozen_is_given_up(furnished_postgres: FurnishedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STATEMENT_TIMEOUT_MS", 200)
    monkeypatch.setattr(module, "_GRACE_S", 0.3)
    database = PostgresDatabase(furnished_postgres.address, SettableClock())
    pids = []

    def freeze_first(tx: Tx) -> str:
        pids.append(tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        if len(pids) == 1:
            # The kernel still acknowledges everything, as that of a frozen machine does.
            os.kill(pids[0], signal.SIGSTOP)
        return str(tx.connection.exec_driver_sql("SELECT 'answered'").scalar_one())

    began = time.monotonic()
    try:
        assert database.write(freeze_first) == "answered"
    finally:
        os.kill(pids[0], signal.SIGCONT)
        database.close()
    assert len(set(pids)) == 2
    assert time.monotonic() - began < 3


def test_whoever_loses_the_next_step_to_others_again_and_again_has_it_at_last(database: PostgresDatabase) -> None:
    lost = []

    def work(tx: Tx) -> None:
        if len(lost) < 9:
            lost.append(tx.now)
            # A transaction that met others first fails otherwise, which counts for nothing here.
            state = "40001" if len(lost) % 2 else "23505"
            tx.connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'taken' USING ERRCODE = '{state}'; END $$")

    database.write(work)
    assert len(lost) == 9


def test_a_connection_that_was_lost_is_made_again(database: PostgresDatabase, furnished_postgres: FurnishedPostgres) -> None:
    def pid(tx: Tx) -> int:
        return int(tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

    before = (database.read(pid), database.write(pid))
    with psycopg.connect(furnished_postgres.server.url(furnished_postgres.name, "postgres"), autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [SERVICE])
    assert database.read(pid) not in before
    assert database.write(pid) not in before


def test_a_server_that_is_not_there_is_unavailable_and_its_password_untold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", module.Patience(attempts=3, budget_s=1))
    database = PostgresDatabase("postgresql://member_service:topsecret@127.0.0.1:1/member", SettableClock())
    with pytest.raises(StorageUnavailable) as caught:
        database.write(run("SELECT 1"))
    with pytest.raises(StorageUnavailable):
        database.read(run("SELECT 1"))
    assert "topsecret" not in f"{caught.value} {caught.value.__cause__} {database.writer.url}"
    database.close()


def test_an_error_quotes_neither_keys_nor_rows(database: PostgresDatabase) -> None:
    statement = text("INSERT INTO store VALUES ('lakeside', :name, '330102')")
    with pytest.raises(IntegrityError) as taken:
        database.write(lambda tx: tx.connection.execute(statement, {"name": "canary"}))
    with pytest.raises(IntegrityError) as broken:
        database.write(run("UPDATE device SET state = 'SOMEWHERE'"))
    for error in (taken.value, broken.value):
        assert "violates" in str(error)
        assert not [word for word in ("DETAIL", "canary", "(lakeside)", "K03") if word in str(error)]


def test_writers_of_two_databases_count_without_losing_a_step(database: PostgresDatabase, furnished_postgres: FurnishedPostgres) -> None:
    """Two processes of the service, each with its own writer: whoever read what the other has changed begins anew."""
    other = PostgresDatabase(furnished_postgres.address, SettableClock())
    tries = []

    def step(tx: Tx) -> None:
        tries.append(1)
        code = int(tx.connection.exec_driver_sql("SELECT region_code FROM store").scalar_one())
        tx.connection.execute(text("UPDATE store SET region_code = :code"), {"code": str(code + 1)})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: (database, other)[number % 2].write(step), range(80)))
    assert database.read(lambda tx: tx.connection.exec_driver_sql("SELECT region_code FROM store").scalar_one()) == str(330102 + 80)
    assert len(tries) > 80
    other.close()


def test_a_limit_holds_though_two_processes_count_at_once(database: PostgresDatabase, furnished_postgres: FurnishedPostgres) -> None:
    """Count, then insert: no row is changed by both, so only a serializable transaction sees that the other one counted too."""
    other = PostgresDatabase(furnished_postgres.address, SettableClock())
    meet = threading.Barrier(2, timeout=5)
    first_time = threading.local()

    def one_more(tx: Tx) -> bool:
        count = tx.connection.exec_driver_sql("SELECT count(*) FROM store WHERE name = 'limited'").scalar_one()
        if not getattr(first_time, "is_over", False):
            first_time.is_over = True
            meet.wait()
        if count:
            return False
        tx.connection.execute(text("INSERT INTO store VALUES (:key, 'limited', '330102')"), {"key": threading.current_thread().name})
        return True

    with ThreadPoolExecutor(2) as threads:
        let_in = list(threads.map(lambda opened: opened.write(one_more), (database, other)))
    assert sorted(let_in) == [False, True]
    other.close()


@pytest.mark.parametrize("table", ["redemption", "coupon", "points_lot", "points_account", "member", "card", "reward_stock"])
def test_the_service_deletes_nothing_that_members_have(database: PostgresDatabase, table: str) -> None:
    assert table not in PASSING
    with pytest.raises(DBAPIError, match="permission denied"):
        database.write(lambda tx: tx.connection.exec_driver_sql(f"DELETE FROM {table}"))


def test_what_may_be_deleted_is_what_the_stores_delete_from(project_root: Path) -> None:
    sources = (project_root / "server_stub" / "storage").glob("*.py")
    deleted = {name for source in sources for name in re.findall(r"execute\(delete\((\w+)\)", source.read_text())}
    assert sorted(deleted) == PASSING
