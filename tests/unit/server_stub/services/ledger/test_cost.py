"""What the ledger reads grows neither with what a member has nor with how many members there are. Counted in statements."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event

from server_stub.domain.program.catalogue import load_rule_set
from server_stub.domain.program.parsing import with_params
from tests.support.ledger_desk import JOB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.ledger_desk import Counter


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gathers what is asked of any database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def dues(counter: Counter) -> list[Any]:
    return [row["due_at"] for row in counter.central.rows("points_account")]


def test_a_sale_looks_at_none_of_the_members_lots(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=12, pending_days=2).join()
    for _ in range(3):
        counter.sell(1_000)
    with statements() as asked:
        counter.sell(1_000)
    assert any("INTO points_lot" in text for text in asked)
    assert not any("FROM points_lot" in text for text in asked)
    assert counter.free() == (0, 40, 0, 0)


def test_a_sale_that_looked_at_no_lot_keeps_the_moment_at_which_the_others_end(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=2).join().sell(1_000)
    first_end = dues(counter)
    counter.central.clock.advance(days=20)
    counter.sell(500)
    assert dues(counter) == first_end
    counter.central.clock.advance(days=45)
    assert counter.free() == (5, 0, 0, 0)


def test_a_proof_asks_as_often_for_many_accounts_as_for_one(counter: Counter) -> None:
    counter.rules().rules().join("m1").sell(1_000)
    with statements() as for_one:
        counter.ledger.proof.run(JOB)
    counter.join(*(f"n{number}" for number in range(40)))
    for number in range(40):
        counter.sell(700, f"n{number}")
    with statements() as for_many:
        assert counter.ledger.proof.run(JOB).accounts == 41
    assert len(for_many) == len(for_one)


def test_rules_under_which_time_does_the_same_make_nobody_due(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=12).join().sell(1_000)
    before = dues(counter)
    counter.rules(expiry="rolling", expiry_months=12, fen_per_point=50, pending_days=3)
    assert dues(counter) == before


@pytest.mark.parametrize(
    "change",
    [
        {"spend_order": "earned_first"},
        {"expiry": "inactivity"},
        {"void_below": 10},
        {"tiers": [{"name": "base", "min": 0}, {"name": "silver", "min": 5}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_rules_under_which_time_does_otherwise_make_everybody_due(counter: Counter, change: dict[str, Any]) -> None:
    counter.rules().join().sell(1_000)
    counter.rules(**change)
    assert dues(counter) == [counter.central.clock.now()]


def test_an_account_that_was_settled_after_the_publication_is_still_due_when_the_rules_begin(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=1).join().sell(1_000)
    clock = counter.central.clock
    begins = clock.now() + timedelta(days=60)
    yearly = with_params(load_rule_set("plain"), {"expiry": "year_review", "void_below": 40})
    counter.ledger.programme.publish(JOB, "yearly", yearly, begins)
    clock.advance(days=40)
    counter.ledger.accounts.settle_due(JOB)
    assert dues(counter) == [begins]
    counter.sell(100)
    assert dues(counter)[0] <= begins


def test_rules_that_come_between_make_people_due_when_the_next_ones_begin(counter: Counter) -> None:
    counter.rules().join().sell(1_000)
    programme, clock = counter.ledger.programme, counter.central.clock
    later = clock.now() + timedelta(days=30)
    programme.publish(JOB, "later", programme.in_force(clock.now()), later)
    assert dues(counter) == [None]
    clock.advance(days=1)
    counter.rules(spend_order="earned_first")
    assert dues(counter) == [clock.now()]
    counter.sell(100)
    assert dues(counter) == [later]
