"""The migrations lead to exactly the tables that the program knows, from nothing and from every step on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, inspect, table, text
from sqlalchemy.exc import DBAPIError

import server_stub.storage.migrations as migrations
import server_stub.storage.tables  # noqa: F401 - fills the metadata
from server_stub.domain.clock import SystemClock
from server_stub.storage.database import Database
from server_stub.storage.metadata import metadata
from server_stub.storage.postgres import PostgresDatabase
from server_stub.storage.sqlite import SqliteDatabase
from server_stub.storage.types import DAY, MOMENT
from tests.support.private_postgres import OWNER, PrivatePostgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY_ONE, LAST_DAY, NOON = date(2026, 11, 23), date(2026, 12, 31), datetime(2026, 11, 23, 4, tzinfo=UTC)
DAYS = ("joined_on", "valid_from", "valid_until", "expires_on", "next_expiry_on", "business_day")


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


def test_coupons_are_carried_over_and_those_that_could_be_used_are_claimed(any_database: Database) -> None:
    _migrate(any_database, "0007")
    _add_member(any_database)
    for coupon_id, state, awaits in (("waiting", "ISSUED", "CARD_ACTIVATION"), ("given", "ISSUED", ""), ("void", "VOID", "")):
        terms = {
            "definition": "d",
            "text_key": "k",
            "value_fen": 500,
            "minimum_spend_fen": 0,
            "valid_from": DAY_ONE,
            "valid_until": DAY_ONE,
        }
        row = {"coupon_id": coupon_id, "member_id": "m1", "state": state, "awaits": awaits, "cause": coupon_id, "issued_at": NOON}
        _add(any_database, "coupon", **row, **terms, rules_version="r")
    migrations.upgrade(any_database)
    found = _rows(any_database, "SELECT coupon_id, member_id, issued_to, state FROM coupon ORDER BY coupon_id")
    assert found == [("given", "m1", "m1", "CLAIMED"), ("void", "m1", "m1", "VOID"), ("waiting", "m1", "m1", "ISSUED")]


@pytest.mark.parametrize("expired", [False, True])
def test_welcome_points_and_their_expiry_are_carried_over(any_database: Database, *, expired: bool) -> None:
    _migrate(any_database, "0020")
    _add_member(any_database)
    account = {"available": 0, "next_expiry_on": None} if expired else {"available": 200, "next_expiry_on": LAST_DAY}
    _add(any_database, "points_account", account_id="a1", member_id="m1", pending=0, last_sequence=1 + expired, version=1, **account)
    same = {"account_id": "a1", "awaits": "", "rules_version": "r", "business_day": DAY_ONE, "at": NOON}
    _add(any_database, "points_entry", entry_id="e1", sequence=1, kind="ACCRUAL", points=200, expires_on=LAST_DAY, cause="welcome", **same)
    if expired:
        _add(
            any_database, "points_entry", entry_id="e2", sequence=2, kind="EXPIRY", points=-200, expires_on=None, cause="expiry:e1", **same
        )
    migrations.upgrade(any_database)
    left = 0 if expired else 200
    assert _rows(any_database, "SELECT available, pending, held, debt, expired FROM points_account") == [(left, 0, 0, 0, 200 - left)]
    assert _rows(any_database, "SELECT lot_id, points, free, expired FROM points_lot") == [("e1", 200, left, 200 - left)]
    entries = _rows(any_database, "SELECT sequence, points, counter, cause FROM points_entry ORDER BY sequence")
    assert entries == [(1, 200, "issued", "welcome:m1"), (2, -200, "breakage", "expiry:e1")][: 1 + expired]
    # What was a last day is the first day without by now.
    gone = _rows(any_database, "SELECT expires_on, ended_on FROM points_lot")[0]
    assert [str(day) for day in gone] == ["2027-01-01", "2027-01-01" if expired else "None"]


def test_visits_are_carried_over_and_may_begin_in_more_ways(any_database: Database) -> None:
    _migrate(any_database, "0033")
    _add_member(any_database)
    visit = {"visit_id": "v1", "member_id": "m1", "device_id": "K01", "began_at": NOON, "expires_at": NOON, "ended_at": None}
    _add(any_database, "visit", **visit, identified_by="CARD")
    migrations.upgrade(any_database)
    _add(any_database, "visit", **visit | {"visit_id": "v2"}, identified_by="RECEIPT")
    found = _rows(any_database, "SELECT visit_id, member_id, device_id, identified_by, left_at_page FROM visit ORDER BY visit_id")
    assert found == [("v1", "m1", "K01", "CARD", None), ("v2", "m1", "K01", "RECEIPT", None)]
    with pytest.raises(DBAPIError, match="ck_visit_identified_by"):
        _add(any_database, "visit", **visit | {"visit_id": "v3"}, identified_by="FACE")


def test_merges_of_before_stand_where_their_entries_do_or_else_their_moments(any_database: Database) -> None:
    _migrate(any_database, "0043")
    sums = dict.fromkeys(("available", "pending", "held", "debt", "expired"), 0)
    for number in ("1", "2"):
        _add_member(any_database, number)
        settled = {"settled_sequence": 9, "settled_at": NOON, "last_sequence": 9, "last_activity_on": DAY_ONE, "version": 1}
        ids = {"account_id": f"x{number}", "holder_id": f"x{number}", "member_id": f"m{number}"}
        _add(any_database, "points_account", **ids, **sums, **settled)
    kept = {"kind": "ACCRUAL", "counter": "", "awaits": "", "rules_version": "r", "business_day": DAY_ONE}
    for number, (account, step, minutes, cause) in enumerate(
        (
            ("x1", 1, 0, "sale:1"),
            ("x2", 1, 0, "sale:2"),
            ("x1", 3, 0, "merge:moved"),
            ("x2", 4, 0, "merge:moved"),
            ("x2", 5, 1, "unmerge:moved"),
            ("x1", 7, 1, "unmerge:moved"),
            ("x1", 8, 3, "on the clock ahead"),
            ("x2", 9, 3, "afterwards"),
        )
    ):
        entry = {"entry_id": f"e{number}", "account_id": account, "sequence": step, "cause": cause, "points": 1}
        _add(any_database, "points_entry", **entry, **kept, at=NOON + timedelta(minutes=minutes))
    people = {"from_member_id": "m1", "into_member_id": "m2", "proposed_by": "a", "approved_by": "b", "merged_on": DAY_ONE}
    undone = {"undone_by": "a", "undone_approved_by": "b", "undone_at": NOON + timedelta(minutes=1)}
    _add(any_database, "member_merge", merge_id="moved", **people, merged_at=NOON, **undone)
    _add(any_database, "member_merge", merge_id="nothing", **people, merged_at=NOON + timedelta(minutes=2))
    migrations.upgrade(any_database)
    steps = "from_step, into_step, undone_from_step, undone_into_step"
    found = _rows(any_database, f"SELECT {steps} FROM member_merge ORDER BY merge_id")
    assert found == [(3, 4, 7, 5), (8, 5, None, None)]


def _add_member(database: Database, number: str = "1") -> None:
    """Adds a member whose person and application are not there: what was carried over is not about them."""
    _check_member(database, is_checked=False)
    row = {"member_id": f"m{number}", "person_id": f"p{number}", "application_id": f"a{number}", "number": number}
    _add(database, "member", **row, state="ACTIVE", store_id="s", version=1, joined_on=DAY_ONE, joined_at=NOON)
    _check_member(database, is_checked=True)


def _check_member(database: Database, *, is_checked: bool) -> None:
    if database.writer.dialect.name == "sqlite":
        connection = database.writer.raw_connection()
        connection.cursor().execute(f"PRAGMA foreign_keys = {'ON' if is_checked else 'OFF'}")
        connection.close()
    elif not is_checked:
        with database.writer.begin() as changing:
            for key in inspect(changing).get_foreign_keys("member"):
                changing.exec_driver_sql(f"ALTER TABLE member DROP CONSTRAINT {key['name']}")


def _add(database: Database, name: str, **values: object) -> None:
    columns = [column(key, MOMENT if key == "at" or key.endswith("_at") else DAY if key in DAYS else None) for key in values]
    with database.writer.begin() as adding:
        adding.execute(table(name, *columns).insert().values(values))


def _rows(database: Database, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in database.read(lambda tx: tx.connection.exec_driver_sql(query).all())]


def _migrate(database: Database, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", "server_stub:storage/migrations")
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()
