"""The trail: every audited row is as the newest event about it says, and events come with their deeds."""

from __future__ import annotations

import pytest

from server_stub.domain.decision_reasons import DecisionReason, Verdict
from server_stub.domain.id_number import check_character
from server_stub.services.audit import Deed
from server_stub.services.enrollment.status import StatusQuestion
from server_stub.services.review.decisions import DecisionOrder
from server_stub.storage.audit import row_digest, row_keys
from tests.support.central_service import DEVICE, LI, Central, consenting

UNKNOWN_REGION = "12345619850307001" + check_character("12345619850307001")


def a_busy_day(central: Central) -> None:
    """One who joins, one who is returned and mends, one approved by a person, one who withdraws."""
    central.activate(central.member_id(central.join().membership_number))
    returned = central.join(mobile="13900139000", name="王五", email="x")
    form = central.join
    form(mobile="13900139001", name="赵六", id_number=UNKNOWN_REGION, consents=consenting("id_number"))
    number = central.core.reviews.list(LI)[0].application_number
    version = central.core.reviews.claim(LI, number).version
    order = DecisionOrder(number, Verdict.APPROVE, DecisionReason.DOCUMENT_SEEN, version)
    central.core.reviews.decide(LI, central.envelope(), order)
    proof = central.proof("13900139000")
    central.core.enrollment.withdraw(DEVICE, central.envelope(), StatusQuestion(returned.application_number, proof))


def test_every_audited_row_is_as_its_newest_event_says(central: Central) -> None:
    a_busy_day(central)
    newest = {(e["subject_table"], e["subject_key"]): e["row_sha256"] for e in central.rows("audit_event") if e["subject_table"]}
    found = central.database.read(lambda tx: {key: row_digest(tx, *key) for key in newest})
    assert found == newest
    assert len(found) > 20


def test_every_decision_consent_application_and_member_has_an_event(central: Central) -> None:
    a_busy_day(central)
    covered = {(e["subject_table"], e["subject_key"]) for e in central.rows("audit_event")}
    for table in ("decision", "consent", "application", "member"):
        keys = central.database.read(lambda tx, table=table: row_keys(tx, table))
        assert keys
        assert {(table, key) for key in keys} <= covered


@pytest.mark.tampers
def test_a_changed_row_has_another_digest_and_a_removed_one_none(central: Central) -> None:
    central.join()
    key = central.rows("application")[0]["application_id"]
    before = central.database.read(lambda tx: row_digest(tx, "application", key))
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE application SET rules_version = 'x'"))
    assert central.database.read(lambda tx: row_digest(tx, "application", key)) not in {before, None}
    assert central.database.read(lambda tx: row_digest(tx, "application", "app_gone")) is None


def test_rows_with_keys_of_two_parts_have_digests_too(central: Central) -> None:
    central.join()
    (key,) = central.database.read(lambda tx: row_keys(tx, "receipt"))
    assert key == "K03/1"
    assert len(central.database.read(lambda tx: row_digest(tx, "receipt", key))) == 32


def test_a_deed_that_is_rolled_back_leaves_no_event(central: Central) -> None:
    def transaction(tx: object) -> None:
        central.base.audit.record(tx, Deed(DEVICE, "something.done"))
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        central.database.write(transaction)
    assert central.count("audit_event") == 0
