"""The tables: every column is marked, facts cannot be changed, wrong types are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError

import server_stub.storage.cards
import server_stub.storage.tables  # noqa: F401 - fills the metadata
from server_stub.storage.marks import NOT_PERSONAL, PiiMark
from server_stub.storage.metadata import metadata
from tests.support.central_service import Central, central_service

COLUMNS = [(table.name, column) for table in metadata.sorted_tables for column in table.columns]
FACTS = sorted(table.name for table in metadata.sorted_tables if table.info.get("append_only"))
MUST_BE_FACTS = {"points_entry", "consent", "decision", "audit_event", "audit_seal", "request_log", "receipt", "tier_assignment"}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda part: getattr(part, "name", part))
def test_every_column_carries_a_mark_of_personal_data(table: str, column: sa.Column[object]) -> None:
    mark = column.info.get("pii")
    assert mark == NOT_PERSONAL or isinstance(mark, PiiMark), f"{table}.{column.name} carries no mark"
    if isinstance(mark, PiiMark):
        assert mark.purpose
        assert mark.retention


def test_a_column_without_a_mark_is_found() -> None:
    bare = sa.Column("name", sa.Text())
    assert bare.info.get("pii") is None


def test_an_id_number_has_no_column() -> None:
    names = {column.name for _, column in COLUMNS}
    assert not names & {"id_number", "code", "id_image", "sex", "gender"} - {"code"}
    assert {t for t, c in COLUMNS if c.name == "code"} == {"receipt", "referral_code"}


def test_no_points_are_money() -> None:
    entry = metadata.tables["points_entry"]
    assert not [c.name for c in (*entry.columns, *metadata.tables["points_account"].columns) if "fen" in c.name or "yuan" in c.name]
    kinds = next(str(c.sqltext) for c in entry.constraints if isinstance(c, sa.CheckConstraint) and "kind" in str(c.name))
    assert "TOP_UP" not in kinds
    assert "PURCHASE" not in kinds


def test_the_facts_are_those_that_must_be() -> None:
    assert set(FACTS) >= MUST_BE_FACTS


@pytest.mark.parametrize("table", sorted(MUST_BE_FACTS - {"audit_seal"}))
@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET {column} = {column}"])
def test_facts_cannot_be_changed_or_removed(central: Central, table: str, statement: str) -> None:
    central.activate(central.member_id(central.join().membership_number))
    before = central.count(table)
    text = statement.format(table=table, column=metadata.tables[table].columns.keys()[0])
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"):
        central.database.write(lambda tx: tx.connection.exec_driver_sql(text))
    assert central.count(table) == before > 0


@pytest.mark.parametrize("table", sorted(MUST_BE_FACTS - {"audit_seal"}))
def test_facts_are_not_replaced_behind_the_back_of_their_triggers(tmp_path: Path, table: str) -> None:
    """SQLite's REPLACE removes a row without asking delete triggers, unless recursive triggers are on."""
    with central_service(tmp_path) as central:
        central.activate(central.member_id(central.join().membership_number))
        text = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        with pytest.raises(DatabaseError, match="append-only"):
            central.database.write(lambda tx: tx.connection.exec_driver_sql(text))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE points_account SET available = 'many'",
        "UPDATE points_account SET available = -1",
        "UPDATE points_account SET pending = -1",
        "UPDATE application SET state = 'SOMEWHERE'",
        "UPDATE member SET person_id = 'per_nobody'",
        "UPDATE coupon SET value_fen = 0",
        "UPDATE outbox_message SET channel = 'PIGEON'",
        "UPDATE ownership_code SET tries_left = -1",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(central: Central, statement: str) -> None:
    central.activate(central.member_id(central.join().membership_number))
    with pytest.raises((IntegrityError, DataError, ProgrammingError)):
        central.database.write(lambda tx: tx.connection.exec_driver_sql(statement))


def test_a_reading_transaction_cannot_write(central: Central) -> None:
    central.join()
    with pytest.raises(DatabaseError, match=r"readonly|read-only"):
        central.database.read(lambda tx: tx.connection.exec_driver_sql("UPDATE member SET version = 9"))
