"""The migrations lead to exactly the tables that the program knows, from nothing and from every step on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import server_stub.storage.migrations as migrations
import server_stub.storage.tables  # noqa: F401 - fills the metadata
from server_stub.domain.clock import SystemClock
from server_stub.storage.database import Database
from server_stub.storage.metadata import metadata
from server_stub.storage.postgres import PostgresDatabase
from server_stub.storage.sqlite import SqliteDatabase
from tests.support.private_postgres import OWNER, PrivatePostgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgres"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind, opened as its owner."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    server: PrivatePostgres = request.getfixturevalue("postgres")
    name = server.create()
    made = PostgresDatabase(server.url(name, OWNER), SystemClock())
    yield made
    made.close()
    server.drop(name)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database file."""
    made = SqliteDatabase(tmp_path / "central.db", SystemClock())
    yield made
    made.close()


@pytest.fixture
def reference(tmp_path: Path) -> Iterator[Database]:
    """A database made from the tables themselves."""
    made = SqliteDatabase(tmp_path / "reference.db", SystemClock())
    made.write(lambda tx: metadata.create_all(tx.connection))
    yield made
    made.close()


def _objects(database: Database) -> dict[str, str]:
    """Every table, index and trigger by its name, in the database's own words without spaces."""
    rows = database.read(
        lambda tx: tx.connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
        ).all()
    )
    return {name: "".join(sql.split()).replace('"', "") for name, sql in rows}


def _letters(sql: str) -> list[str]:
    """What a statement says, in no order, and without commas: a check that SQLite added together with its column has one less."""
    return sorted(sql.replace(",", ""))


def test_a_database_that_was_never_migrated_says_so(any_database: Database) -> None:
    assert migrations.revision(any_database) == ""
    assert not migrations.is_current(any_database)


def test_the_migrations_make_what_the_program_knows(any_database: Database) -> None:
    migrations.upgrade(any_database)
    assert migrations.is_current(any_database)
    with any_database.writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_checks_strictness_and_triggers_are_the_same_too(database: Database, reference: Database) -> None:
    migrations.upgrade(database)
    ours, theirs = _objects(database), _objects(reference)
    assert ours.keys() == theirs.keys()
    assert {name for name, sql in ours.items() if _letters(sql) != _letters(theirs[name])} == set()
    assert all(sql.endswith("STRICT") for sql in ours.values() if sql.startswith("CREATETABLE"))


def test_the_checks_of_a_server_are_the_same_too(postgres: PrivatePostgres) -> None:
    """Alembic compares no checks; the server's own words for them are compared with those of the tables themselves."""
    query = text(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        " AND conrelid <> coalesce(to_regclass('alembic_version'), 0::oid::regclass)"
    )
    found = []
    for make in (migrations.upgrade, lambda made: made.write(lambda tx: metadata.create_all(tx.connection))):
        made = PostgresDatabase(postgres.url(postgres.create(), OWNER), SystemClock())
        make(made)
        found.append(made.read(lambda tx: {row.conname: row.pg_get_constraintdef for row in tx.connection.execute(query)}))
        made.close()
    assert found[0] == found[1]
    assert any(words.startswith("CHECK") for words in found[0].values())


def test_migrating_again_changes_nothing(database: Database) -> None:
    first = migrations.upgrade(database)
    before = _objects(database)
    assert migrations.upgrade(database) == first == migrations.revision(database)
    assert _objects(database) == before


def test_the_migrations_form_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", "server_stub:storage/migrations")
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1
    assert len(list(script.walk_revisions())) == len(list(script.walk_revisions("base", "heads")))


def test_coupons_are_carried_over_and_those_that_could_be_used_are_claimed(database: Database) -> None:
    _migrate(database, "0007")
    connection = database.writer.raw_connection()
    cursor = connection.cursor()
    # The member's person and application are not what this is about.
    cursor.execute("PRAGMA foreign_keys = OFF")
    at = "2026-11-23T00:00:00.000000Z"
    cursor.execute("INSERT INTO member VALUES ('m1', 'p1', 'a1', '1', 'ACTIVE', NULL, 's', '2026-11-23', ?, NULL, 1)", [at])
    for coupon_id, state, awaits in (("waiting", "ISSUED", "CARD_ACTIVATION"), ("given", "ISSUED", ""), ("void", "VOID", "")):
        row = [coupon_id, "m1", "d", "k", 500, 0, "2026-11-23", "2026-12-23", state, awaits, "r", coupon_id, at]
        cursor.execute(f"INSERT INTO coupon VALUES ({', '.join('?' * len(row))})", row)
    cursor.execute("PRAGMA foreign_keys = ON")
    connection.close()
    migrations.upgrade(database)
    assert _coupons(database) == [("given", "m1", "m1", "CLAIMED"), ("void", "m1", "m1", "VOID"), ("waiting", "m1", "m1", "ISSUED")]


def _migrate(database: Database, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", "server_stub:storage/migrations")
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


def _coupons(database: Database) -> list[tuple[str, str, str, str]]:
    query = "SELECT coupon_id, member_id, issued_to, state FROM coupon ORDER BY coupon_id"
    return [tuple(row) for row in database.read(lambda tx: tx.connection.exec_driver_sql(query).all())]
