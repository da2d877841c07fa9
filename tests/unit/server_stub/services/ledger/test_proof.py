"""The proof: everything that is kept beside the entries is worked out again, and what was changed past the ledger is named."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.refusals import Refusal
from server_stub.services.ledger.proof import Flaw
from tests.support.ledger_desk import JOB

if TYPE_CHECKING:
    from tests.support.ledger_desk import Counter

SOME_RULES: list[dict[str, Any]] = [
    {},
    {"expiry": "rolling", "expiry_months": 1, "pending_days": 3},
    {"expiry": "inactivity", "expiry_months": 1, "spend_order": "earned_first"},
    {"expiry": "anniversary", "expired_takeback": "charge"},
    {"expiry": "year_review", "void_below": 40, "return_rule": "recompute"},
]


def flaws(counter: Counter) -> set[Flaw]:
    return {wrong.flaw for wrong in counter.ledger.proof.run(JOB).wrong}


def live_a_while(counter: Counter, luck: random.Random, steps: int) -> None:
    """Buys, returns, redeems, holds and corrects at random; refusals are part of life."""
    sales, redemptions, holds = [], [], []
    for number in range(steps):
        counter.central.clock.advance(days=luck.choice((0, 0, 1, 9, 40)), minutes=luck.choice((0, 5, 20)))
        try:
            match luck.randrange(9):
                case 0 | 1 | 2:
                    counter.sell(luck.randrange(100, 5_000), sale_id=f"s{number}", qty=luck.randrange(1, 4))
                    sales.append(f"s{number}")
                case 3:
                    sale_id = luck.choice(sales) if luck.random() < 0.5 and sales else None
                    counter.redeem(luck.randrange(1, 60), redemption_id=f"d{number}", sale_id=sale_id)
                    redemptions.append(f"d{number}")
                case 4:
                    counter.hold(luck.randrange(1, 60), redemption_id=f"d{number}")
                    holds.append(f"d{number}")
                case 5 if holds:
                    luck.choice((counter.commit, counter.cancel))(luck.choice(holds))
                case 6 if redemptions + holds:
                    counter.reverse(luck.choice(redemptions + holds))
                case 7 if sales:
                    counter.take_back(luck.choice(sales), *luck.choice(((), ((1, 1),))))
                case _:
                    counter.adjust(luck.choice((-30, -5, 10, 80)))
        except Refusal:
            continue


@pytest.mark.parametrize("params", SOME_RULES, ids=lambda params: str(params.get("expiry", "none")))
def test_lots_made_again_from_what_happened_are_those_that_are_kept(counter: Counter, params: dict[str, Any]) -> None:
    counter.rules(**params).join()
    live_a_while(counter, random.Random(11), 60)
    assert counter.central.count("points_entry") > 15
    counter.prove()
    counter.central.clock.advance(days=500)
    counter.ledger.accounts.settle_due(JOB)


def test_a_lot_that_lost_points_to_another_is_found_though_the_sums_are_right(counter: Counter) -> None:
    counter.join().sell(1_000, sale_id="s1")
    counter.sell(1_000, sale_id="s2")
    counter.redeem(4)
    moved = "UPDATE points_lot SET free = free + CASE source WHEN 's1' THEN 1 ELSE -1 END"
    counter.central.database.write(lambda tx: tx.connection.exec_driver_sql(moved))
    assert flaws(counter) == {Flaw.REBUILT}
    counter.central.database.write(lambda tx: tx.connection.exec_driver_sql(moved.replace("+ CASE", "- CASE")))


def test_the_balance_of_any_past_moment_is_the_sum_of_entries_until_then(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=1).join()
    clock, seen = counter.central.clock, []
    for fen in (1_000, 2_000, 4_000):
        counter.sell(fen)
        seen.append((clock.now(), counter.view().ledger))
        clock.advance(days=20)
        seen.append((clock.now(), counter.view().ledger))
        clock.advance(seconds=1)
    clock.advance(days=100)
    seen.append((clock.now(), 0))
    for _ in range(2):
        assert [counter.ledger.accounts.balance_at(JOB, "m1", at) for at, _ in seen] == [ledger for _, ledger in seen]
        counter.ledger.accounts.settle_due(JOB)
    assert counter.ledger.accounts.balance_at(JOB, "m1", seen[0][0] - timedelta(seconds=1)) == 0


def test_a_redemption_that_looked_at_no_lot_is_divided_when_it_is_needed(counter: Counter) -> None:
    """The statement of the hot path, by hand: account and entry, and the redemption's row."""
    counter.join().sell(1_000, sale_id="s1")
    counter.sell(1_000, sale_id="s2")
    now = counter.central.clock.now()
    spend = "UPDATE points_account SET available = available - 12, last_sequence = last_sequence + 1, version = version + 1"
    entry = (
        "INSERT INTO points_entry SELECT 'ent_hot', account_id, last_sequence, 'REDEMPTION', -12, 'redeemed:', 'redemption:hot', '', NULL,"
        " NULL, NULL, 'hot', NULL, business_day, at FROM points_account JOIN points_entry USING (account_id) WHERE sequence = 2"
    )
    row = (
        "INSERT INTO redemption (redemption_id, account_id, state, points, given_back, qty, rules_version, request_id, made_step, made_at,"
        " spent_step, spent_at, version) SELECT 'hot', account_id, 'COMMITTED', 12, 0, 1, 'hot', 'hot', last_sequence, at, last_sequence,"
        " at, 1 FROM points_account JOIN points_entry USING (account_id) WHERE sequence = 2"
    )
    for statement in (spend, entry, row):
        counter.central.database.write(lambda tx, text=statement: tx.connection.exec_driver_sql(text))
    assert counter.free() == (8, 0, 0, 0)
    assert [(lot.source, lot.points) for lot in counter.view().lots] == [("s2", 8)]
    counter.prove()
    assert counter.reverse("hot").booked.points == 12
    assert [(lot.source, lot.points) for lot in counter.view().lots] == [("s1", 10), ("s2", 10)]
    assert counter.central.clock.now() == now


def test_each_hour_what_moved_is_proved_and_nothing_else(counter: Counter) -> None:
    counter.join("m1", "m2").sell(1_000)
    counter.central.clock.advance(hours=3)
    counter.sell(1_000, "m2")
    counter.central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE points_account SET available = available + 1"))
    since = counter.central.clock.now() - timedelta(hours=2)
    proved = counter.ledger.proof.of_moved(JOB, since)
    assert (proved.accounts, {wrong.flaw for wrong in proved.wrong}) == (1, {Flaw.ENTRIES, Flaw.LOTS})
    assert counter.ledger.proof.run(JOB).accounts == 2
    counter.central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE points_account SET available = available - 1"))
