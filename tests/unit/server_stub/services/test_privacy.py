"""What lies in the database files: none of the member's values in clear, and nothing after the erasure."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from server_stub.domain.address import PostalAddress
from server_stub.domain.id_number import check_character
from server_stub.storage.metadata import metadata
from server_stub.storage.sealed import SealBroken
from tests.support.central_service import Central, central_service, consenting
from tests.support.furnished_postgres import FurnishedPostgres

# One whose check character is X: four digits alone turn up by chance in the digests and times of the tables.
ID_NUMBER = "33010219850307007" + check_character("33010219850307007")
CANARIES = [
    "欧阳建国",
    "13800138000",
    "8613800138000",
    "canary@example.com",
    "1985-03-07",
    "19850307",
    "金丝雀路 7 号",
    ID_NUMBER,
    ID_NUMBER[-4:],
]


def _join(central: Central) -> str:
    address = PostalAddress("330000", "330100", "330102", "金丝雀路 7 号 8 幢")
    return central.join(
        email="canary@example.com",
        birthday="1985-03-07",
        id_number=ID_NUMBER,
        address=address,
        consents=consenting("id_number", "mail", "marketing"),
    ).membership_number


def test_no_value_of_the_member_is_in_the_files(tmp_path: Path) -> None:
    with central_service(tmp_path) as central:
        central.activate(central.member_id(_join(central)))
        stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert len(stored) > 100_000
    assert [canary for canary in CANARIES if canary.encode() in stored] == []


def test_no_value_of_the_member_is_in_the_tables_of_a_server(furnished_postgres: FurnishedPostgres) -> None:
    with central_service(furnished_postgres.address) as central:
        central.activate(central.member_id(_join(central)))
        stored = b"".join(repr(central.rows(table)).encode() for table in metadata.tables)
    # Bytes are shown as Python shows them, so what is sealed stays what it is and what is in clear is found.
    assert b"application_id" in stored
    assert [canary for canary in CANARIES if canary.encode() in stored] == []


def test_the_data_are_readable_with_the_keys(central: Central) -> None:
    _join(central)
    person_id = central.rows("person")[0]["person_id"]
    data = central.database.read(lambda tx: central.base.people.open(tx, person_id))
    assert (data.name, data.mobile, data.id_last4) == ("欧阳建国", "+8613800138000", ID_NUMBER[-4:])
    assert data.address == "330102\t金丝雀路 7 号 8 幢\t"
    assert "欧阳" not in repr(data)


def test_an_erased_person_is_empty_and_what_refers_to_it_stays(central: Central) -> None:
    _join(central)
    person_id = central.rows("person")[0]["person_id"]
    central.database.write(lambda tx: central.base.people.erase(tx, person_id))
    row = central.rows("person")[0]
    kept = {name for name, value in row.items() if value not in {None, ""}}
    assert kept == {"person_id", "language", "created_at", "erased_at"}
    assert central.database.read(lambda tx: central.base.people.open(tx, person_id)).name == ""
    assert central.count("person_match_key") == 0
    assert central.count("consent") == 4


def test_a_value_moved_to_another_column_or_person_does_not_open(central: Central) -> None:
    _join(central)
    central.join(mobile="13900139000", name="王五")
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE person SET email = name"))
    with pytest.raises(SealBroken):
        central.database.read(lambda tx: central.base.people.open(tx, central.rows("person")[0]["person_id"]))


def test_a_data_key_moved_to_another_person_does_not_open(central: Central) -> None:
    _join(central)
    central.join(mobile="13900139000", name="王五")
    keys = [row["wrapped_key"] for row in central.rows("person")]
    central.database.write(lambda tx: tx.connection.execute(text("UPDATE person SET wrapped_key = :key"), {"key": keys[0]}))
    with pytest.raises(SealBroken):
        central.database.read(lambda tx: central.base.people.open(tx, central.rows("person")[1]["person_id"]))


def test_the_audit_trail_and_the_request_log_hold_no_personal_data(central: Central) -> None:
    _join(central)
    text = repr([central.rows(table) for table in ("audit_event", "request_log", "receipt", "decision", "consent")])
    assert [canary for canary in CANARIES if canary in text and len(canary) > 4] == []
