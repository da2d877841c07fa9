"""Points liability over the database: who may see it, what it refuses, closing months for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from server_stub.domain.actors import Role, StaffActor, SystemActor
from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.liability.cohorts import Origin
from server_stub.domain.liability.months import Month
from server_stub.domain.liability.replay import PointsFact
from server_stub.domain.liability.report import Sums
from server_stub.domain.reasons import Reason
from server_stub.storage.ledger import EntryRow, account_of_member, add_entries, set_account
from server_stub.storage.liability import accounts_that_differ
from server_stub.storage.liability_facts import Accounts, accounts_until
from tests.support.central_service import ADMIN, DEVICE, LI
from tests.support.ledger_desk import Counter
from tests.unit.server_stub.services.test_members import refusal_of

if TYPE_CHECKING:
    from tests.support.central_service import Central

QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)
TODAY = date(2026, 11, 23)


def post(central: Central, kind: EntryKind, points: int, cause: str, *, seen_by_the_account: bool = True) -> None:
    """Appends an entry to the one account, past every service."""
    accounts = central.rows("points_account")
    assert len(accounts) == 1

    def work(tx: Any) -> None:
        account = account_of_member(tx, accounts[0]["member_id"])
        assert account is not None
        sequence = account.last_sequence + 1
        day = central.clock.now().date()
        entry = EntryRow(central.base.ids.new("ent"), account.account_id, sequence, kind, points, "", cause, "", None, day, tx.now)
        add_entries(tx, [entry])
        seen = points if seen_by_the_account else 0
        assert set_account(tx, account, {"last_sequence": sequence, "pending": account.pending + seen})

    central.database.write(work)


@pytest.fixture
def joined(central: Central) -> Central:
    """A service with one member, who has 200 welcome points since 23 November 2026."""
    central.join()
    return central


@pytest.fixture
def with_sales(joined: Central, monkeypatch: pytest.MonkeyPatch) -> Central:
    """The same, and another account that bought for 100 yuan in October and November each and redeemed 50 points."""

    def accounts(tx: Any, as_of: date) -> Iterator[Accounts]:
        yield from accounts_until(tx, as_of)
        bought = [PointsFact("x", EntryKind.ACCRUAL, 100, day, str(day), None, 10_000) for day in (date(2026, 10, 5), date(2026, 11, 5))]
        facts = (*bought, PointsFact("x", EntryKind.REDEMPTION, -50, date(2026, 11, 6), "r"))
        yield Accounts(("x",), tuple(fact for fact in facts if fact.day <= as_of))

    monkeypatch.setattr("server_stub.services.liability.accounts_until", accounts)
    return joined


@pytest.mark.parametrize("actor", [LI, ADMIN, DEVICE, SystemActor(), StaffActor("nobody", frozenset())])
def test_only_the_management_reads_and_closes(central: Central, actor: Any) -> None:
    desk = central.core.liability
    assert refusal_of(lambda: desk.report(actor, TODAY)) is Reason.NOT_PERMITTED
    assert refusal_of(lambda: desk.closed(actor)) is Reason.NOT_PERMITTED
    assert refusal_of(lambda: desk.close(actor, central.envelope(), OCTOBER)) is Reason.NOT_PERMITTED
    assert central.count("liability_period") == 0


def test_a_day_that_has_not_come_has_no_report(central: Central) -> None:
    assert refusal_of(lambda: central.core.liability.report(QIAN, TODAY + timedelta(days=1))) is Reason.REQUEST_MALFORMED


def test_without_entries_nothing_is_owed(central: Central) -> None:
    report = central.core.liability.report(QIAN, TODAY)
    assert (report.lines, report.total, report.is_proven) == ((), Sums(), True)


def test_welcome_points_are_a_gift_and_defer_nothing(joined: Central) -> None:
    report = joined.core.liability.report(QIAN, TODAY)
    assert [(line.month, line.origin.value, line.sums.earned, line.sums.deferred_fen) for line in report.lines] == [
        ("2026-11", "GIFT", 200, 0)
    ]
    assert report.is_proven
    assert joined.core.liability.report(QIAN, TODAY - timedelta(days=1)).lines == ()


def test_the_last_day_of_a_lot_still_counts(joined: Central) -> None:
    last = joined.rows("points_entry")[0]["expires_on"] - timedelta(days=1)
    joined.clock.advance(days=400)
    before, after = (joined.core.liability.report(QIAN, day) for day in (last, last + timedelta(days=1)))
    assert (before.total.outstanding, after.total.outstanding, after.total.expired) == (200, 0, 200)
    assert after.is_proven


def test_entries_of_every_kind_are_read(joined: Central) -> None:
    post(joined, EntryKind.REDEMPTION, -120, "redemption:1")
    post(joined, EntryKind.REDEMPTION_REVERSAL, 20, "reversal:1")
    report = joined.core.liability.report(QIAN, TODAY)
    assert (report.total.redeemed, report.total.outstanding) == (100, 100)
    assert report.is_proven


def test_a_month_that_is_not_over_stays_open(joined: Central) -> None:
    assert refusal_of(lambda: joined.core.liability.close(QIAN, joined.envelope(), NOVEMBER)) is Reason.PERIOD_OPEN
    joined.clock.moment = joined.clock.moment.replace(month=11, day=30, hour=15, minute=59)
    assert refusal_of(lambda: joined.core.liability.close(QIAN, joined.envelope(), NOVEMBER)) is Reason.PERIOD_OPEN
    joined.clock.advance(minutes=1)
    assert joined.core.liability.close(QIAN, joined.envelope(), NOVEMBER).as_of == date(2026, 11, 30)


def test_months_are_closed_in_their_order_and_once(with_sales: Central) -> None:
    desk = with_sales.core.liability
    with_sales.clock.advance(days=60)
    assert desk.close(QIAN, with_sales.envelope(), OCTOBER).period == "2026-10"
    assert refusal_of(lambda: desk.close(QIAN, with_sales.envelope(), DECEMBER)) is Reason.PERIOD_OPEN
    assert refusal_of(lambda: desk.close(QIAN, with_sales.envelope(), OCTOBER)) is Reason.PERIOD_CLOSED
    assert refusal_of(lambda: desk.close(QIAN, with_sales.envelope(), Month(2026, 9))) is Reason.PERIOD_CLOSED
    desk.close(QIAN, with_sales.envelope(), NOVEMBER)
    assert [one.period for one in desk.closed(QIAN)] == ["2026-10", "2026-11"]


def test_the_movement_begins_at_the_last_closed_month(with_sales: Central) -> None:
    desk = with_sales.core.liability
    assert desk.close(QIAN, with_sales.envelope(), OCTOBER).deferred_fen == 94
    report = desk.report(QIAN, TODAY)
    assert (report.movement.since, report.movement.opening_fen, report.movement.change.allocated_fen) == ("2026-10", 94, 94)
    assert (report.movement.change.used_fen, report.movement.change.breakage_fen, report.movement.closing_fen) == (47, 3, 138)
    assert desk.report(QIAN, date(2026, 10, 31)).movement.since == ""


def test_the_same_request_is_answered_again_and_closes_nothing_twice(joined: Central) -> None:
    desk, envelope = joined.core.liability, joined.envelope()
    first = desk.close(QIAN, envelope, OCTOBER)
    assert desk.close(QIAN, envelope, OCTOBER) == first
    assert joined.count("liability_period") == 1
    assert refusal_of(lambda: desk.close(QIAN, envelope, NOVEMBER)) is Reason.REQUEST_ID_REUSED


def test_an_account_that_its_entries_do_not_explain_closes_nothing(joined: Central) -> None:
    post(joined, EntryKind.ADJUSTMENT, 5, "past the service", seen_by_the_account=False)
    assert joined.database.read(accounts_that_differ) == 1
    assert not joined.core.liability.report(QIAN, TODAY).is_proven
    assert refusal_of(lambda: joined.core.liability.close(QIAN, joined.envelope(), OCTOBER)) is Reason.LEDGER_UNPROVEN
    assert joined.count("liability_period") == 0


def test_an_account_that_contradicts_itself_is_named_and_hides_no_other(with_sales: Central) -> None:
    """Protection: what cannot be is left out of the figures; entries cannot be changed, so refusing would be for ever."""
    desk = with_sales.core.liability
    before = desk.report(QIAN, TODAY)
    post(with_sales, EntryKind.ACCRUAL_REVERSAL, -5, "sale:never")
    after = desk.report(QIAN, TODAY)
    sold = [line for line in before.lines if line.origin is Origin.SALE]
    assert ([*after.lines], after.movement.closing_fen) == (sold, before.movement.closing_fen)
    assert (after.is_proven, after.contradicting) == (False, (with_sales.rows("points_account")[0]["account_id"],))
    with_sales.clock.advance(days=10)
    assert refusal_of(lambda: desk.close(QIAN, with_sales.envelope(), NOVEMBER)) is Reason.LEDGER_UNPROVEN


def test_what_was_closed_stands_for_ever_and_in_the_trail(with_sales: Central) -> None:
    closed = with_sales.core.liability.close(QIAN, with_sales.envelope(), OCTOBER)
    (row,) = with_sales.rows("liability_period")
    assert row["total"]["deferred_fen"] == closed.deferred_fen == row["lines"][0]["sums"]["deferred_fen"]
    assert (row["closed_by"], row["rules_version"]) == ("staff:qian", "liability-2026-11")
    events = [event for event in with_sales.rows("audit_event") if event["action"] == "period.closed"]
    assert [(event["subject_table"], event["subject_key"], event["actor"]) for event in events] == [
        ("liability_period", "2026-10", "staff:qian")
    ]
    assert events[0]["row_sha256"] is not None
    for statement in ("UPDATE liability_period SET deferred_fen = 1", "DELETE FROM liability_period"):
        with pytest.raises((DatabaseError, IntegrityError), match=r"append-only|permission denied"):
            with_sales.database.write(lambda tx, statement=statement: tx.connection.exec_driver_sql(statement))


# What ends by an entry alone.


ENDS = {
    "idle": {"expiry": "inactivity", "expiry_months": 1},
    "review": {"expiry": "year_review", "void_below": 40, "void_spares_join_year": False},
}


@pytest.mark.parametrize("params", ENDS.values(), ids=ENDS)
def test_points_that_end_with_idleness_or_a_year_review_have_ended_whether_or_not_the_job_came_by(
    central: Central, params: dict[str, Any]
) -> None:
    """Protection: what is due is posted before the ledger is replayed."""
    Counter(central).rules(**params).join("m1").sell(1_000)
    central.clock.advance(days=70)
    assert not [row for row in central.rows("points_entry") if row["kind"] == "EXPIRY"]
    today = business_day(central.clock.now())
    report = central.core.liability.report(QIAN, today)
    assert (report.total.earned, report.total.expired, report.total.outstanding, report.is_proven) == (10, 10, 0, True)
    (ended,) = [row for row in central.rows("points_entry") if row["kind"] == "EXPIRY"]
    day = ended["business_day"]
    assert central.core.liability.report(QIAN, day - timedelta(days=1)).total.outstanding == 10
    assert central.core.liability.report(QIAN, day).total.outstanding == 0


@pytest.mark.parametrize("params", ENDS.values(), ids=ENDS)
def test_a_month_is_closed_with_what_ended_in_it(central: Central, params: dict[str, Any]) -> None:
    Counter(central).rules(**params).join("m1").sell(1_000)
    central.clock.advance(days=70)
    month = Month(2027, 1)
    closed = central.core.liability.close(QIAN, central.envelope(), month)
    assert (closed.total.expired, closed.total.outstanding) == (10, 0)


def test_an_account_that_cannot_be_settled_hides_no_report_and_closes_no_month(central: Central) -> None:
    counter = Counter(central).rules(**ENDS["idle"]).join("m1")
    counter.sell(1_000)
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE points_account SET settled_sequence = 0"))
    central.clock.advance(days=70)
    assert central.core.liability.report(QIAN, business_day(central.clock.now())).total.earned == 10
    assert refusal_of(lambda: central.core.liability.close(QIAN, central.envelope(), Month(2027, 1))) is Reason.LEDGER_UNPROVEN
    assert central.count("liability_period") == 0
