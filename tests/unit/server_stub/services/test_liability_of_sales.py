"""Points liability of what the till's desks really book: amounts from sales, and every way in which points come and go."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.clock import business_day
from server_stub.domain.liability.months import Month
from server_stub.domain.refusals import Refusal
from tests.support.ledger_desk import JOB, Counter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server_stub.domain.liability.report import LiabilityReport, Sums
    from tests.support.central_service import Central

QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
NOVEMBER = Month(2026, 11)


@pytest.fixture
def counter(central: Central) -> Iterator[Counter]:
    """A counter on 2 November 2026, at noon."""
    central.clock.moment = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
    made = Counter(central)
    yield made
    made.prove()


def report(counter: Counter, day: date | None = None) -> LiabilityReport:
    """The report of today, proven."""
    made = counter.central.core.liability.report(QIAN, day or business_day(counter.central.clock.now()))
    assert made.is_proven
    return made


def cohort(counter: Counter, month: str = "2026-11", origin: str = "SALE") -> Sums:
    return next(line.sums for line in report(counter).lines if (line.month, line.origin.value) == (month, origin))


def test_a_sale_defers_its_points_and_their_use_recognises_them(counter: Counter) -> None:
    """By hand: 100.00 yuan and 100 points at 0.95 fen: 10000 x 95 / 10095 = 94.106 fen, so 94 deferred.

    Of 100 points 95 are expected to be used; after 50 of them 94.106 x 50 / 95 = 49.53, so 50 is recognised (47 for the points used
    themselves, 94.106 x 50 / 100 = 47.05) and 44 stay deferred.
    """
    counter.join().sell(10_000, sale_id="s1")
    sums = cohort(counter)
    assert (sums.earned, sums.allocated_fen, sums.deferred_fen) == (100, 94, 94)
    counter.redeem(50)
    sums = cohort(counter)
    assert (sums.redeemed, sums.used_fen, sums.breakage_fen, sums.deferred_fen) == (50, 47, 3, 44)


def test_a_return_reverses_at_the_price_of_its_own_sale(counter: Counter) -> None:
    """By hand: two of four pieces of 25.00 yuan come back: 50 of 100 points, 94.106 x 50 / 100 = 47.05 fen."""
    counter.join().sell(2_500, sale_id="s1", qty=4)
    counter.sell(50_000, sale_id="s2")
    counter.take_back("s1", (1, 2))
    sums = cohort(counter)
    assert (sums.earned, sums.returned, sums.returned_fen, sums.deferred_fen) == (600, 50, 47, 94 + 471 - 47)


def test_a_sale_to_nobody_and_points_given_by_hand_defer_nothing(counter: Counter) -> None:
    counter.join().sell(10_000, None)
    counter.adjust(30)
    made = report(counter)
    assert [(line.origin.value, line.sums.earned, line.sums.deferred_fen) for line in made.lines] == [("GIFT", 30, 0)]


def test_what_is_given_back_is_deferred_again(counter: Counter) -> None:
    counter.join().sell(10_000)
    counter.redeem(60, redemption_id="with:colons")
    counter.reverse("with:colons")
    assert (cohort(counter).redeemed, cohort(counter).deferred_fen) == (0, 94)
    counter.sell(1_000, sale_id="s:2")
    counter.redeem(40, redemption_id="d:2", sale_id="s:2")
    counter.take_back("s:2", return_id="r:1")
    assert (cohort(counter).redeemed, cohort(counter).returned, cohort(counter).outstanding) == (0, 10, 100)


def test_points_end_in_the_lot_that_ended_and_not_in_the_next(counter: Counter) -> None:
    """Spent by age, not by end: what ended is October's gift, though it would have been spent first by its end."""
    counter.rules(expiry="rolling", expiry_months=2, spend_order="earned_first").join().sell(10_000, sale_id="s1")
    counter.central.clock.advance(days=30)
    day = business_day(counter.central.clock.now())
    counter.adjust(50, expires_on=day + timedelta(days=3))
    counter.redeem(100)
    counter.central.clock.advance(days=5)
    counter.ledger.accounts.settle_due(JOB)
    assert (cohort(counter).redeemed, cohort(counter).expired) == (100, 0)
    gift = cohort(counter, "2026-12", "GIFT")
    assert (gift.redeemed, gift.expired) == (0, 50)


def test_points_that_end_with_idleness_end_in_the_report(counter: Counter) -> None:
    counter.rules(expiry="inactivity", expiry_months=1).join().sell(10_000)
    counter.central.clock.advance(days=40)
    counter.ledger.accounts.settle_due(JOB)
    assert (cohort(counter).expired, cohort(counter).ended_fen, cohort(counter).deferred_fen) == (100, 94, 0)


def test_a_merge_takes_months_and_amounts_along_and_its_undoing_brings_them_back(counter: Counter) -> None:
    counter.join("m1", "m2").sell(10_000, "m2")
    counter.central.clock.advance(days=30)
    counter.sell(20_000, "m1")
    counter.merge("m2", "m1")
    counter.redeem(150)
    assert (cohort(counter).redeemed, cohort(counter, "2026-12").redeemed) == (100, 50)
    counter.central.clock.advance(days=1)
    counter.unmerge()
    counter.redeem(100)
    made = report(counter)
    assert made.total.outstanding - made.owed == counter.sum_of_entries()
    assert report(counter, date(2026, 12, 2)).total.redeemed == 150


def test_held_points_may_be_spent_after_their_sale_came_back(counter: Counter) -> None:
    """The return takes nothing that is held, so the member owes; the hold can still be spent."""
    counter.join().sell(10_000, sale_id="s1")
    counter.hold(100, redemption_id="h1")
    counter.take_back("s1")
    counter.commit("h1")
    made = report(counter)
    assert (made.owed, made.total.outstanding, made.total.returned) == (100, 0, 100)
    assert counter.free() == (0, 0, 0, 100)


def test_a_month_of_sales_is_closed_with_what_it_defers(counter: Counter) -> None:
    """By hand: as above 44 of 94 fen stay; after 25 points more 94.106 x 75 / 95 = 74.29 is recognised, and 20 stay."""
    counter.join().sell(10_000)
    counter.redeem(50)
    counter.central.clock.advance(days=30)
    closed = counter.central.core.liability.close(QIAN, counter.central.envelope(), NOVEMBER)
    assert (closed.deferred_fen, closed.total.outstanding) == (44, 50)
    counter.redeem(25)
    movement = report(counter).movement
    assert (movement.since, movement.opening_fen, movement.closing_fen) == ("2026-11", 44, 20)


RULES: list[dict[str, Any]] = [
    {"expiry": "rolling", "expiry_months": 1, "pending_days": 3},
    {"expiry": "inactivity", "expiry_months": 1, "spend_order": "earned_first"},
    {"expiry": "anniversary", "expired_takeback": "charge"},
    {"expiry": "year_review", "void_below": 40, "return_rule": "recompute"},
]


@pytest.mark.parametrize("params", RULES, ids=lambda params: params["expiry"])
def test_whatever_members_do_is_explained(counter: Counter, params: dict[str, Any]) -> None:
    counter.rules(**params).join("m1", "m2")
    live(counter, random.Random(7), 0, 80)
    counter.ledger.accounts.settle_due(JOB)
    made = report(counter)
    assert made.total.earned > 500
    held = {"m1": counter.view("m1")}
    state = {row["member_id"]: row["state"] for row in counter.central.rows("member")}
    if state["m2"] == "ACTIVE":
        held["m2"] = counter.view("m2")
    assert made.total.outstanding - made.owed == sum(view.ledger for view in held.values()) == counter.sum_of_entries()
    assert made.total.expired <= sum(view.expired for view in held.values())


def live(
    counter: Counter,
    luck: random.Random,
    first: int,
    end: int,
    *,
    days: tuple[int, ...] = (0, 0, 1, 9, 40),
    minutes: tuple[int, ...] = (0, 5, 20),
) -> None:
    """Two members buy, return, redeem, hold, correct, merge and part at random; refusals are part of life."""
    sales = [row["sale_id"] for row in counter.central.rows("sale")]
    spent = [row["redemption_id"] for row in counter.central.rows("redemption")]
    for number in range(first, end):
        counter.central.clock.advance(days=luck.choice(days), minutes=luck.choice(minutes))
        member = luck.choice(("m1", "m2"))
        try:
            match luck.randrange(11):
                case 0 | 1 | 2:
                    counter.sell(luck.randrange(1_000, 9_000), member, sale_id=f"s{number}", qty=luck.randrange(1, 4))
                    sales.append(f"s{number}")
                case 3 | 4:
                    sale_id = luck.choice(sales) if luck.random() < 0.4 and sales else None
                    counter.redeem(luck.randrange(1, 60), member, f"d{number}", sale_id=sale_id)
                    spent.append(f"d{number}")
                case 5:
                    counter.hold(luck.randrange(1, 60), member, f"d{number}")
                    spent.append(f"d{number}")
                case 6 if spent:
                    luck.choice((counter.commit, counter.cancel, counter.reverse))(luck.choice(spent))
                case 7 if sales:
                    counter.take_back(luck.choice(sales), *luck.choice(((), ((1, 1),))))
                case 8:
                    counter.merge("m2", "m1", f"g{number}")
                case 9:
                    counter.unmerge(counter.central.rows("member_merge")[-1]["merge_id"])
                case _:
                    counter.adjust(luck.choice((-30, -5, 10, 80)), member)
        except (Refusal, IndexError):
            continue
