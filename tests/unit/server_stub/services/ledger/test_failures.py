"""Failures that other systems had, each by its number in the failure catalogue. Each fails when its protection is taken out."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from server_stub.domain.ledger.calendar import start_of
from server_stub.domain.ledger_commands import SaleLine
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.storage.ledger import account_of_member, set_account
from tests.support.central_service import central_service
from tests.support.ledger_desk import JOB, Counter
from tests.unit.server_stub.services.test_members import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable


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
    """Protection: the check and the write are one transaction, and a process writes one after another."""
    counter.join().sell(10_000)
    calls = [lambda n=n: counter.redeem(100, redemption_id=f"d-{n}") for n in range(200)]
    results = at_once(calls)
    assert results.count(Reason.INSUFFICIENT_AVAILABLE) == 199
    assert counter.free() == (0, 0, 0, 0)
    assert counter.sum_of_entries() == 0


def test_f1_of_200_parallel_spends_through_eight_services_one_wins(counter: Counter, database_address: str) -> None:
    """Protection: serialisable transactions on a server, one writer of a file.

    Behind it stand the account's version and the unique place of an entry, each with a test below; a server lets two through only without
    all three.
    """
    counter.join().sell(10_000)
    with ExitStack() as stack:
        services = [Counter(stack.enter_context(central_service(database_address))) for _ in range(8)]
        for service in services:
            service.central.clock.moment = counter.central.clock.now()
        calls = [lambda n=n: services[n % 8].redeem(100, redemption_id=f"d-{n}") for n in range(200)]
        results = at_once(calls, threads=8)
    assert results.count(Reason.INSUFFICIENT_AVAILABLE) == 199
    assert counter.free() == (0, 0, 0, 0)
    assert counter.sum_of_entries() == 0


def test_f1_of_200_parallel_redemptions_of_the_last_item_one_wins(counter: Counter) -> None:
    """Protection: the stock is taken by one statement that asks whether there is any (`take_stock`)."""
    counter.rules(rewards={"towel": {"points": 1, "stock": 1}}).join().sell(100_000)
    calls = [lambda n=n: counter.redeem(reward_id="towel", redemption_id=f"d-{n}") for n in range(200)]
    results = at_once(calls)
    assert results.count(Reason.OUT_OF_STOCK) == 199
    assert counter.view().standing.available == 999
    assert [row["taken"] for row in counter.central.rows("reward_stock")] == [1]


def test_f1_an_account_that_somebody_changed_meanwhile_is_not_written_over(counter: Counter) -> None:
    """Protection: the version in `set_account`."""
    counter.join().sell(10_000)
    database = counter.central.database
    found = database.read(lambda tx: account_of_member(tx, "m1"))
    assert found is not None
    counter.redeem(40)
    assert not database.write(lambda tx: set_account(tx, found, {"available": found.available}))
    assert counter.free() == (60, 0, 0, 0)


def test_f1_no_place_of_an_account_is_given_out_twice(counter: Counter) -> None:
    """Protection: the unique key of account and sequence."""
    counter.join().sell(10_000)
    columns = "kind, points, counter, awaits, available_on, expires_on, idle_months, rules_version, request_id, business_day, at"
    statement = f"INSERT INTO points_entry (entry_id, account_id, sequence, cause, {columns})"
    again = f"{statement} SELECT 'ent_x', account_id, sequence, 'another', {columns} FROM points_entry"
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        counter.central.database.write(lambda tx: tx.connection.exec_driver_sql(again))


def test_f1_parallel_sales_and_spends_keep_the_sum(counter: Counter) -> None:
    """Protection: as of the last points; what is written is worked out from what was read in the same transaction."""
    counter.join().sell(10_000)
    spends = [lambda n=n: counter.redeem(10, redemption_id=f"d-{n}") for n in range(40)]
    sales = [lambda n=n: counter.sell(500, sale_id=f"x-{n}") for n in range(40)]
    refused = [result for result in at_once([*spends, *sales], threads=8) if isinstance(result, Reason)]
    assert counter.view().ledger == counter.sum_of_entries() == 100 + 40 * 5 - 10 * (40 - len(refused))


@pytest.mark.parametrize("points", [0, -1])
def test_f2_spending_nothing_or_less_is_refused_and_not_accepted_in_silence(counter: Counter, points: int) -> None:
    """Protection: `is_well_formed` of a redemption, AMOUNT_ZERO of a correction."""
    counter.join().sell(10_000)
    assert refusal_of(lambda: counter.redeem(points)) is Reason.REQUEST_MALFORMED
    assert refusal_of(lambda: counter.adjust(0)) is Reason.AMOUNT_ZERO
    assert counter.free() == (100, 0, 0, 0)


def test_f2_what_was_accepted_has_an_entry(counter: Counter) -> None:
    """Protection: an entry is left out only where nothing moves (`OpenAccount.post`), which no accepted command of these does."""
    counter.join().sell(10_000, sale_id="s1")
    results = [counter.redeem(10), counter.adjust(5), counter.adjust(-5), counter.take_back("s1")]
    assert all(getattr(result, "booked", result).entries for result in results)
    assert counter.view().ledger == counter.sum_of_entries()


def test_f3_the_same_redemption_by_two_requests_is_made_once(counter: Counter) -> None:
    """Protection: DUPLICATE_ID, decided in the transaction that spends."""
    counter.join().sell(10_000)
    results = at_once([lambda: counter.redeem(40, redemption_id="gift") for _ in range(20)], threads=10)
    assert results.count(Reason.DUPLICATE_ID) == 19
    assert counter.free() == (60, 0, 0, 0)


def test_f3_the_database_itself_refuses_a_second_entry_for_a_cause(counter: Counter) -> None:
    """Protection: the unique key of account and cause."""
    counter.join().sell(10_000)
    columns = "kind, points, counter, cause, awaits, available_on, expires_on, idle_months, rules_version, request_id, business_day, at"
    statement = f"INSERT INTO points_entry SELECT 'ent_x', account_id, sequence + 9, {columns} FROM points_entry"
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        counter.central.database.write(lambda tx: tx.connection.exec_driver_sql(statement))


def test_f4_buying_and_returning_leaves_no_points(counter: Counter) -> None:
    """Protection: what a return takes back is the difference of cumulative values, so three thirds of 10 points are the whole."""
    counter.join().sell(334, sale_id="s1", qty=3)
    for _ in range(3):
        counter.take_back("s1", (1, 1))
    assert counter.free() == (0, 0, 0, 0)
    assert counter.sum_of_entries() == 0


def test_f4_returning_what_was_paid_with_points_gives_them_back_and_takes_back_what_it_earned(counter: Counter) -> None:
    """Protection: a return looks at both directions, the points that the sale earned and those that paid for it."""
    counter.join().sell(10_000, sale_id="s1")
    counter.sell(1_000, sale_id="s2")
    counter.redeem(50, sale_id="s2")
    assert counter.take_back("s2").given_back == 50
    assert counter.free() == (100, 0, 0, 0)


def test_f5_a_return_that_comes_twice_is_booked_once(counter: Counter) -> None:
    """Protection: the log of requests, then the id of the return, then the pieces that are left."""
    counter.join().sell(10_000, sale_id="s1")
    request_id = counter.central.request_id()
    first, again = (counter.take_back("s1", return_id="r1", request_id=request_id) for _ in range(2))
    assert (first.booked.is_replay, again.booked.is_replay) == (False, True)
    assert (first.taken_back, again.taken_back) == (100, 100)
    assert counter.free() == (0, 0, 0, 0)
    assert refusal_of(lambda: counter.take_back("s1", return_id="r1")) is Reason.DUPLICATE_ID
    assert refusal_of(lambda: counter.take_back("s1", return_id="r2")) is Reason.RETURN_EXCEEDS_SALE


def test_f5_no_more_pieces_come_back_than_were_bought(counter: Counter) -> None:
    """Protection: the pieces that are left, line by line, also where their number is said."""
    lines = (SaleLine("towel", "home", 3, 2_000), SaleLine("rice", "food", 5, 800))
    counter.join().sell(0, sale_id="s1", lines=lines)
    assert counter.take_back("s1", (1, 2)).refund_fen == 4_000
    for pieces in ([(1, 2)], [(1, 1), (2, 6)], [(2, 6)]):
        assert refusal_of(lambda pieces=pieces: counter.take_back("s1", *pieces)) is Reason.RETURN_EXCEEDS_SALE
    assert counter.take_back("s1", (1, 1), (2, 5)).refund_fen == 6_000
    assert refusal_of(lambda: counter.take_back("s1", (2, 1))) is Reason.RETURN_EXCEEDS_SALE
    assert counter.free() == (0, 0, 0, 0)


def test_f6_replaying_the_whole_log_twice_leaves_every_balance_alone(counter: Counter) -> None:
    """Protection: an accepted request is answered from the log and not carried out again."""
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
    """Protection: `Quoting.take` judges and takes the same lots; pending ones are in neither set."""
    counter.rules(pending_days=7).join().sell(10_000)
    counter.adjust(30)
    assert refusal_of(lambda: counter.redeem(31)) is Reason.INSUFFICIENT_AVAILABLE
    assert counter.redeem(30).booked.points == -30
    assert counter.free() == (0, 100, 0, 0)


def test_f9_every_lot_that_the_writers_make_expires(counter: Counter) -> None:
    """Protection: what expires is found by the lot's own end, which every writer sets by the policy, and never by a label of its source."""
    counter.rules(expiry="rolling", expiry_months=1).join().sell(10_000)
    counter.adjust(20)
    counter.central.clock.advance(days=31)
    assert counter.ledger.accounts.settle_due(JOB) == 1
    assert counter.free() == (0, 0, 0, 0)
    assert counter.view().expired == 120


def test_f10_the_statement_lists_every_lot_with_its_own_day(counter: Counter) -> None:
    """Protection: the view is made of the book's live lots, each with its own end; spent and ended ones are not live."""
    counter.rules(expiry="rolling", expiry_months=12).join()
    for _ in range(3):
        counter.sell(1_000)
        counter.central.clock.advance(days=40)
    view = counter.view()
    assert [lot.points for lot in view.lots] == [10, 10, 10]
    assert len({lot.expires_on for lot in view.lots}) == 3
    counter.redeem(10)
    assert [lot.expires_on for lot in counter.view().lots] == [lot.expires_on for lot in view.lots[1:]]
    counter.central.clock.moment = start_of(view.lots[1].expires_on or date.max)
    assert counter.view().lots == view.lots[2:]


def test_f11_merging_and_undoing_lose_and_make_no_points(counter: Counter) -> None:
    """Protection: nothing that was posted moves; who holds it changes, and each half of a merge has its entry."""
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


def test_f11_merging_loses_no_debt_no_expired_no_pending_and_no_spent_points(counter: Counter) -> None:
    """Protection: whatever a book has besides its lots goes over with it, and what comes back finds who has it by now."""
    counter.rules(expiry="rolling", expiry_months=1, pending_days=7).join("m1", "m2", "m3")
    counter.sell(7_000, "m2", sale_id="bought")
    counter.sell(3_000, "m3")
    counter.central.clock.advance(days=8)
    counter.redeem(70, "m2")
    counter.take_back("bought")
    counter.central.clock.advance(days=32)
    counter.adjust(15, "m3")
    counter.redeem(15, "m3", "gift-card")
    counter.sell(10_000)
    assert [counter.free(member) for member in ("m1", "m2", "m3")] == [(0, 100, 0, 0), (0, 0, 0, 70), (0, 0, 0, 0)]
    assert [counter.view(member).expired for member in ("m1", "m2", "m3")] == [0, 0, 30]
    counter.merge("m3", "m2", "g1")
    counter.merge("m2", "m1", "g2")
    assert (counter.view().ledger, counter.view().expired, counter.sum_of_entries()) == (30, 30, 30)
    counter.reverse("gift-card")
    assert (counter.view().ledger, counter.sum_of_entries()) == (45, 45)
    counter.prove()
    counter.unmerge("g2")
    counter.unmerge("g1")
    views = [counter.view(member) for member in ("m1", "m2", "m3")]
    assert sum(view.ledger for view in views) == counter.sum_of_entries() == 45
    assert [view.expired for view in views] == [0, 0, 30]


def test_a_balance_that_somebody_wrote_into_the_account_is_found_and_not_spent_at_the_desk(counter: Counter) -> None:
    """Protection: spending counts lots, not the number beside them, and the proof compares both."""
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
    """Protection: triggers in a file, rights on a server."""
    counter.rules().join().sell(10_000, sale_id="s1")
    counter.take_back("s1")
    counter.adjust(1)
    column = next(iter(counter.central.rows(table)[0]))
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"):
        counter.central.database.write(lambda tx: tx.connection.exec_driver_sql(statement.format(table=table, column=column)))
