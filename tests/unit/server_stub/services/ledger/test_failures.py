"""Failures that other systems had, each by its number in the failure catalogue. Each fails when its protection is taken out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from tests.support.ledger_desk import JOB
from tests.unit.server_stub.services.test_members import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.ledger_desk import Counter


def at_once(calls: list[Callable[[], object]], threads: int = 16) -> list[object]:
    """What each call returned or was refused with, made by several threads that begin together."""
    results: list[object] = [None] * len(calls)
    start = threading.Barrier(threads)

    def work(first: int) -> None:
        start.wait()
        for number in range(first, len(calls), threads):
            try:
                results[number] = calls[number]()
            except Refusal as refusal:
                results[number] = refusal.reason

    workers = [threading.Thread(target=work, args=(first,)) for first in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results


def test_f1_of_200_parallel_spends_of_the_last_points_one_wins(counter: Counter) -> None:
    counter.join().sell(10_000)
    calls = [lambda n=n: counter.redeem(100, redemption_id=f"d-{n}") for n in range(200)]
    results = at_once(calls)
    assert results.count(Reason.INSUFFICIENT_AVAILABLE) == 199
    assert counter.free() == (0, 0, 0, 0)
    assert counter.sum_of_entries() == 0


def test_f1_of_200_parallel_redemptions_of_the_last_item_one_wins(counter: Counter) -> None:
    counter.rules(rewards={"towel": {"points": 1, "stock": 1}}).join().sell(100_000)
    calls = [lambda n=n: counter.redeem(reward_id="towel", redemption_id=f"d-{n}") for n in range(200)]
    results = at_once(calls)
    assert results.count(Reason.OUT_OF_STOCK) == 199
    assert counter.view().standing.available == 999
    assert [row["taken"] for row in counter.central.rows("reward_stock")] == [1]


def test_f1_parallel_sales_and_spends_keep_the_sum(counter: Counter) -> None:
    counter.join().sell(10_000)
    spends = [lambda n=n: counter.redeem(10, redemption_id=f"d-{n}") for n in range(40)]
    sales = [lambda n=n: counter.sell(500, sale_id=f"x-{n}") for n in range(40)]
    refused = [result for result in at_once([*spends, *sales], threads=8) if isinstance(result, Reason)]
    assert counter.view().ledger == counter.sum_of_entries() == 100 + 40 * 5 - 10 * (40 - len(refused))


@pytest.mark.parametrize("points", [0, -1])
def test_f2_spending_nothing_or_less_is_refused_and_not_accepted_in_silence(counter: Counter, points: int) -> None:
    counter.join().sell(10_000)
    assert refusal_of(lambda: counter.redeem(points)) is Reason.REQUEST_MALFORMED
    assert refusal_of(lambda: counter.adjust(0)) is Reason.AMOUNT_ZERO
    assert counter.free() == (100, 0, 0, 0)


def test_f2_what_was_accepted_has_an_entry(counter: Counter) -> None:
    counter.join().sell(10_000, sale_id="s1")
    results = [counter.redeem(10), counter.adjust(5), counter.adjust(-5), counter.take_back("s1")]
    assert all(getattr(result, "booked", result).entries for result in results)
    assert counter.view().ledger == counter.sum_of_entries()


def test_f3_the_same_redemption_by_two_requests_is_made_once(counter: Counter) -> None:
    counter.join().sell(10_000)
    results = at_once([lambda: counter.redeem(40, redemption_id="gift") for _ in range(20)], threads=10)
    assert results.count(Reason.DUPLICATE_ID) == 19
    assert counter.free() == (60, 0, 0, 0)


def test_f3_the_database_itself_refuses_a_second_entry_for_a_cause(counter: Counter) -> None:
    counter.join().sell(10_000)
    columns = "kind, points, counter, cause, awaits, available_on, expires_on, idle_months, rules_version, request_id, business_day, at"
    statement = f"INSERT INTO points_entry SELECT 'ent_x', account_id, sequence + 9, {columns} FROM points_entry"
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        counter.central.database.write(lambda tx: tx.connection.exec_driver_sql(statement))


def test_f4_buying_and_returning_leaves_no_points(counter: Counter) -> None:
    counter.join().sell(333, sale_id="s1", qty=3)
    for _ in range(3):
        counter.take_back("s1", (1, 1))
    assert counter.free() == (0, 0, 0, 0)
    assert counter.sum_of_entries() == 0


def test_f4_returning_what_was_paid_with_points_gives_them_back_and_takes_back_what_it_earned(counter: Counter) -> None:
    counter.join().sell(10_000, sale_id="s1")
    counter.sell(1_000, sale_id="s2")
    counter.redeem(50, sale_id="s2")
    assert counter.take_back("s2").given_back == 50
    assert counter.free() == (100, 0, 0, 0)


def test_f5_a_return_that_comes_twice_is_booked_once(counter: Counter) -> None:
    counter.join().sell(10_000, sale_id="s1")
    request_id = counter.central.request_id()
    first, again = (counter.take_back("s1", return_id="r1", request_id=request_id) for _ in range(2))
    assert (first.booked.is_replay, again.booked.is_replay) == (False, True)
    assert (first.taken_back, again.taken_back) == (100, 100)
    assert counter.free() == (0, 0, 0, 0)
    assert refusal_of(lambda: counter.take_back("s1", return_id="r1")) is Reason.DUPLICATE_ID
    assert refusal_of(lambda: counter.take_back("s1", return_id="r2")) is Reason.RETURN_EXCEEDS_SALE


def test_f6_replaying_the_whole_log_twice_leaves_every_balance_alone(counter: Counter) -> None:
    requests = [counter.central.request_id() for _ in range(4)]

    def log() -> None:
        counter.sell(10_000, sale_id="s1", qty=2, request_id=requests[0])
        counter.redeem(60, redemption_id="d1", request_id=requests[1])
        counter.take_back("s1", (1, 1), return_id="r1", request_id=requests[2])
        counter.adjust(7, request_id=requests[3])

    counter.join()
    log()
    after, entries = counter.view(), counter.central.count("points_entry")
    log()
    log()
    assert (counter.view(), counter.central.count("points_entry")) == (after, entries)


def test_f8_what_is_checked_is_what_is_taken(counter: Counter) -> None:
    counter.rules(pending_days=7).join().sell(10_000)
    counter.adjust(30)
    assert refusal_of(lambda: counter.redeem(31)) is Reason.INSUFFICIENT_AVAILABLE
    assert counter.redeem(30).booked.points == -30
    assert counter.free() == (0, 100, 0, 0)


def test_f9_every_lot_that_the_writers_make_expires(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=1).join().sell(10_000)
    counter.adjust(20)
    counter.central.clock.advance(days=31)
    assert counter.ledger.accounts.settle_due(JOB) == 1
    assert counter.free() == (0, 0, 0, 0)
    assert counter.view().expired == 120


def test_f10_the_statement_lists_every_lot_with_its_own_day(counter: Counter) -> None:
    counter.rules(expiry="rolling", expiry_months=12).join()
    for _ in range(3):
        counter.sell(1_000)
        counter.central.clock.advance(days=40)
    view = counter.view()
    assert [lot.points for lot in view.lots] == [10, 10, 10]
    assert len({lot.expires_on for lot in view.lots}) == 3


def test_f11_merging_and_undoing_lose_and_make_no_points(counter: Counter) -> None:
    counter.join("m1", "m2", "m3")
    for member, fen in (("m1", 10_000), ("m2", 7_000), ("m3", 3_000)):
        counter.sell(fen, member, sale_id=f"s-{member}")
    total = counter.sum_of_entries()
    counter.merge("m3", "m2", "g1")
    counter.merge("m2", "m1", "g2")
    assert (counter.view().ledger, counter.sum_of_entries()) == (200, total)
    counter.prove()
    counter.unmerge("g2")
    counter.unmerge("g1")
    assert [counter.view(member).ledger for member in ("m1", "m2", "m3")] == [100, 70, 30]
    assert counter.sum_of_entries() == total


def test_f18_a_balance_that_somebody_wrote_into_the_account_is_found_and_never_spent(counter: Counter) -> None:
    counter.join().sell(10_000)
    counter.central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE points_account SET available = 9999"))
    assert refusal_of(lambda: counter.redeem(101)) is Reason.INSUFFICIENT_AVAILABLE
    assert counter.ledger.proof.run(JOB).wrong != ()
    counter.redeem(100)
    assert counter.free() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "table", ["points_entry", "sale", "sale_line", "sale_return", "sale_return_line", "adjustment", "rule_set_version", "program_join"]
)
@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET {column} = {column}"])
def test_what_the_ledger_says_happened_cannot_be_changed(counter: Counter, table: str, statement: str) -> None:
    counter.rules().join().sell(10_000, sale_id="s1")
    counter.take_back("s1")
    counter.adjust(1)
    column = next(iter(counter.central.rows(table)[0]))
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"):
        counter.central.database.write(lambda tx: tx.connection.exec_driver_sql(statement.format(table=table, column=column)))
