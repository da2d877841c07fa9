"""A ledger that somebody broke past the service: who touches it gets a refusal with a reason, no traceback, and nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server_stub.domain.reasons import Reason
from tests.support.ledger_desk import JOB, Counter
from tests.unit.server_stub.services.test_members import refusal_of

if TYPE_CHECKING:
    from tests.support.central_service import Central

STORED = ("points_account", "points_entry", "points_lot", "request_log", "audit_event")
SPEND = "UPDATE points_account SET last_sequence = last_sequence + 1"
ENTRY = (
    "INSERT INTO points_entry SELECT 'ent_x', account_id, sequence + 2, 'REDEMPTION', -900, 'redeemed:', 'redemption:x', '', NULL, NULL,"
    " NULL, rules_version, NULL, business_day, at FROM points_entry"
)


@pytest.fixture
def counter(central: Central) -> Counter:
    """One that nobody proves at the end."""
    return Counter(central)


def run(counter: Counter, *statements: str) -> None:
    counter.central.database.write(lambda tx: [tx.connection.exec_driver_sql(statement) for statement in statements])


def stored(counter: Counter) -> dict[str, list[str]]:
    return {table: sorted(map(repr, counter.central.rows(table))) for table in STORED}


def test_more_was_spent_than_there_was(counter: Counter) -> None:
    counter.join().sell(1_000)
    run(counter, ENTRY, SPEND)
    before = stored(counter)
    for touch in (lambda: counter.adjust(5), lambda: counter.sell(500), lambda: counter.redeem(1), counter.view):
        assert refusal_of(touch) is Reason.LEDGER_UNPROVEN
    assert stored(counter) == before
    assert counter.ledger.proof.run(JOB).wrong != ()


def test_a_place_is_taken(counter: Counter) -> None:
    counter.join().sell(1_000)
    run(counter, "UPDATE points_account SET last_sequence = last_sequence - 2, settled_sequence = settled_sequence - 2")
    before = stored(counter)
    assert refusal_of(lambda: counter.adjust(5)) is Reason.LEDGER_UNPROVEN
    assert stored(counter) == before


def test_a_hold_is_on_a_lot_that_is_not_the_members(counter: Counter) -> None:
    counter.join("m1", "m2").sell(1_000)
    counter.sell(1_000, "m2")
    counter.hold(4, redemption_id="d1")
    run(counter, "UPDATE redemption_share SET lot_id = (SELECT max(lot_id) FROM points_lot)")
    assert refusal_of(lambda: counter.commit("d1")) is Reason.LEDGER_UNPROVEN
    assert refusal_of(lambda: counter.adjust(-1)) is Reason.LEDGER_UNPROVEN
