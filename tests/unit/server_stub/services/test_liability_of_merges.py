"""Points liability of accounts that were merged: their own steps say what came first, whatever the clocks of two processes say."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.liability.lots import LedgerContradiction
from server_stub.domain.liability.ordering import Placed, in_one_order
from server_stub.domain.liability.replay import AccountsJoined, Event, PointsFact
from tests.support.ledger_desk import Counter
from tests.unit.server_stub.services.test_liability_of_sales import live, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.central_service import Central

NOON, DAY = datetime(2026, 11, 2, 4, 0, tzinfo=UTC), date(2026, 11, 2)
SECOND = timedelta(seconds=1)


@pytest.fixture
def counter(central: Central) -> Iterator[Counter]:
    """Two members on 2 November 2026, at noon."""
    central.clock.moment = NOON
    made = Counter(central).join("m1", "m2")
    yield made
    made.prove()


def on_the_clock_behind(counter: Counter) -> None:
    """The next call is taken by a process whose clock is a second behind."""
    counter.central.clock.moment -= SECOND


def test_points_that_were_spent_by_the_clock_behind_are_explained_after_a_merge_too(counter: Counter) -> None:
    counter.sell(10_000, "m1")
    on_the_clock_behind(counter)
    counter.redeem(60, "m1")
    counter.central.clock.advance(days=1)
    assert report(counter).total.outstanding == 40
    counter.merge("m1", "m2")
    assert report(counter).total.outstanding == 40
    assert report(counter, DAY).total.outstanding == 40


def test_a_merge_that_moves_nothing_has_its_place_by_steps_too(counter: Counter) -> None:
    """No entry says where it stands: the steps that the merge notes do."""
    counter.sell(10_000, "m1", sale_id="s1")
    counter.central.clock.advance(hours=1)
    counter.redeem(100, "m1")
    on_the_clock_behind(counter)
    counter.merge("m1", "m2")
    assert report(counter).total.outstanding == 0
    on_the_clock_behind(counter)
    counter.take_back("s1")
    assert (report(counter).owed, report(counter).total.outstanding) == (100, 0)
    on_the_clock_behind(counter)
    counter.unmerge()
    counter.sell(30_000, "m2")
    assert report(counter).total.outstanding == 200


def test_a_merge_of_nothing_within_one_moment_is_explained(counter: Counter) -> None:
    counter.sell(10_000, "m1")
    counter.redeem(100, "m1")
    counter.merge("m1", "m2", "g1")
    counter.unmerge("g1")
    counter.merge("m1", "m2", "g2")
    counter.sell(1_000, "m2")
    assert report(counter).total.outstanding == 10


@pytest.mark.parametrize("merged", [False, True])
def test_what_follows_on_the_next_day_is_of_the_next_day(counter: Counter, *, merged: bool) -> None:
    """A sale after midnight, which is taken back by a process for which it is not midnight yet."""
    counter.central.clock.moment = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
    counter.sell(10_000, "m1", sale_id="s1")
    on_the_clock_behind(counter)
    counter.take_back("s1")
    if merged:
        counter.merge("m1", "m2")
    counter.central.clock.advance(hours=1)
    assert (report(counter, DAY).total.earned, report(counter).total.returned) == (0, 100)


@pytest.mark.parametrize("seed", range(4))
def test_every_step_of_members_between_two_clocks_is_explained(counter: Counter, seed: int) -> None:
    luck = random.Random(seed)
    counter.rules(expiry="rolling", expiry_months=3)
    for number in range(40):
        if luck.random() < 0.5:
            on_the_clock_behind(counter)
        live(counter, luck, number * 2, number * 2 + 2, days=(0, 0, 0, 0, 1, 40), minutes=(0,))
        made = report(counter)
        assert made.contradicting == ()
    assert made.total.earned > 500
    assert made.total.outstanding - made.owed == counter.sum_of_entries()


def placed(account: str, step: int, seconds: int, source: str = "", *, into: str = "", into_step: int = 0, days: int = 0) -> Placed:
    """An entry, or a merge of the account into another one."""
    at = NOON + timedelta(days=days, seconds=seconds)
    event: Event = AccountsJoined(source, account, into) if into else PointsFact(account, EntryKind.ACCRUAL, 1, DAY, source)
    steps = {account: step, into: into_step} if into else {account: step}
    return Placed(event, steps, at, business_day(at), source)


def order_of(*things: Placed) -> list[str]:
    events = in_one_order(things, DAY)
    return [event.source if isinstance(event, PointsFact) else event.merge_id for event in events]


def test_steps_come_before_clocks_and_clocks_decide_between_accounts() -> None:
    assert order_of(placed("a", 2, 0, "a2"), placed("a", 1, 9, "a1"), placed("b", 1, 5, "b1")) == ["b1", "a1", "a2"]
    merge = placed("a", 3, 0, "g", into="b", into_step=2)
    assert order_of(merge, placed("a", 1, 9, "a1"), placed("b", 1, 8, "b1"), placed("b", 3, 0, "b3")) == ["b1", "a1", "g", "b3"]


def test_what_follows_on_a_later_day_of_either_account_is_later() -> None:
    merge = placed("a", 2, 0, "g", into="b", into_step=2)
    assert order_of(placed("a", 1, 0, "a1", days=1), merge, placed("b", 1, 0, "b1"), placed("b", 3, 1, "b3")) == ["b1"]


def test_steps_that_cannot_be_are_a_contradiction() -> None:
    merges = placed("a", 1, 0, "g", into="b", into_step=2), placed("b", 1, 0, "h", into="a", into_step=2)
    with pytest.raises(LedgerContradiction):
        order_of(*merges)
