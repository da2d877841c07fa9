"""Opening the database: pragmas, keys, rollback, retry; and the types that mean the same everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from server_stub.domain.clock import SystemClock
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.storage.database import DatabaseDamaged, Tx
from server_stub.storage.sealed import SealBroken, Sealer
from server_stub.storage.sqlite import SqliteDatabase
from server_stub.storage.tables.devices import store
from server_stub.storage.types import DAY, DOCUMENT, FINDINGS, FLAG, MOMENT, canonical_json
from tests.support.central_service import Central, KeysOfTheTest, central_service

EARLY, LATE = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2000, 2100))
SQLITE, POSTGRES = sqlite.dialect(), postgresql.dialect()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000), ("secure_delete", 1)]
)
def test_every_connection_has_its_pragmas(tmp_path: Path, pragma: str, value: object) -> None:
    def ask(tx: Tx) -> object:
        return tx.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    with central_service(tmp_path) as central:
        assert central.database.read(ask) == value
        assert central.database.write(ask) == value


def test_an_encrypted_file_opens_with_its_key_only(tmp_path: Path) -> None:
    file = tmp_path / "sealed.db"
    right = SqliteDatabase(file, SystemClock(), b"k" * 32)
    right.write(lambda tx: tx.connection.exec_driver_sql("CREATE TABLE canary (word TEXT)"))
    right.close()
    assert b"canary" not in file.read_bytes()
    for key in (None, b"w" * 32):
        wrong = SqliteDatabase(file, SystemClock(), key)
        with pytest.raises(DatabaseDamaged):
            wrong.read(lambda tx: tx.connection.exec_driver_sql("SELECT * FROM canary"))
        wrong.close()


def test_work_that_fails_leaves_nothing(central: Central) -> None:
    def work(tx: Tx) -> None:
        tx.connection.exec_driver_sql("INSERT INTO store VALUES ('s', 'n', 'r')")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        central.database.write(work)
    assert central.count("store") == 1


def test_work_that_finds_a_key_taken_is_tried_again(central: Central) -> None:
    seen = []

    def work(tx: Tx) -> str:
        seen.append(tx.now)
        name = "lakeside" if len(seen) < 4 else "hillside"
        tx.connection.execute(text("INSERT INTO store VALUES (:name, 'n', 'r')"), {"name": name})
        return name

    assert central.database.write(work) == "hillside"
    assert len(seen) == 4
    with pytest.raises(IntegrityError):
        central.database.write(lambda tx: tx.connection.exec_driver_sql("INSERT INTO store VALUES ('hillside', 'n', 'r')"))


def test_an_error_of_the_database_names_no_values(central: Central) -> None:
    with pytest.raises(IntegrityError) as error:
        central.database.write(lambda tx: tx.connection.execute(insert(store).values(store_id="lakeside", name="secret", region_code="r")))
    assert "secret" not in str(error.value)


@given(st.datetimes(EARLY, LATE, timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])))
def test_moments_come_back_and_sort_as_time(moment: datetime) -> None:
    stored = MOMENT.process_bind_param(moment, SQLITE)
    assert MOMENT.process_result_value(stored, SQLITE) == moment
    assert len(stored) == 27
    assert MOMENT.process_bind_param(moment + timedelta(microseconds=1), SQLITE) > stored
    assert MOMENT.process_bind_param(moment, POSTGRES) == moment


def test_a_moment_without_a_zone_is_a_fault() -> None:
    with pytest.raises(TypeError):
        MOMENT.process_bind_param(EARLY, SQLITE)


def test_the_other_types_come_back_on_both_databases() -> None:
    for dialect in (SQLITE, POSTGRES):
        for type_, value in (
            (DAY, date(2026, 11, 23)),
            (FLAG, True),
            (DOCUMENT, {"b": [1, "二"], "a": None}),
            (FINDINGS, (Finding("name", Reason.NAME_DIGITS),)),
            (MOMENT, None),
            (DAY, None),
            (FLAG, None),
            (DOCUMENT, None),
            (FINDINGS, None),
        ):
            assert type_.process_result_value(type_.process_bind_param(value, dialect), dialect) == value


def test_equal_values_are_equal_bytes() -> None:
    assert canonical_json({"b": 1, "a": "二"}) == canonical_json({"a": "二", "b": 1}) == '{"a":"二","b":1}'


@given(st.text(max_size=200), st.text(max_size=20))
def test_a_sealed_value_opens_where_it_belongs_and_nowhere_else(text: str, column: str) -> None:
    sealer = Sealer(KeysOfTheTest())
    key, other = sealer.new("per_1"), sealer.new("per_2")
    sealed = key.seal(column, text)
    assert sealer.unwrap("per_1", key.wrapped).open(column, sealed) == text
    for wrong_key, wrong_column in ((other, column), (key, column + "x")):
        with pytest.raises(SealBroken):
            wrong_key.open(wrong_column, sealed)
    with pytest.raises(SealBroken):
        key.open(column, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(SealBroken):
        sealer.unwrap("per_2", key.wrapped)


def test_the_same_text_is_never_sealed_twice_alike() -> None:
    key = Sealer(KeysOfTheTest()).new("per_1")
    assert key.seal("name", "欧阳") != key.seal("name", "欧阳")
    assert "_plain" not in repr(key)
