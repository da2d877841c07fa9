"""Points arithmetic, by examples and by properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.points import Balance, Movement, balance, remaining_lots

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def test_using_more_than_there_is_shows_a_broken_ledger() -> None:
    with pytest.raises(ValueError, match="more points"):
        remaining_lots([Movement(1, 100), Movement(2, -101)])


def test_what_ends_first_is_spent_first() -> None:
    lots = remaining_lots([Movement(1, 100, expires_on=TOMORROW), Movement(2, 50, expires_on=TODAY), Movement(3, -60)])
    assert [(lot.sequence, lot.points) for lot in lots] == [(1, 90)]


def test_points_await_the_card() -> None:
    lots = [Movement(1, 200, awaits_card=True, expires_on=TOMORROW)]
    assert balance(lots, TODAY, card_is_active=False) == Balance(0, 200, 200, TOMORROW, 0)
    assert balance(lots, TODAY, card_is_active=True) == Balance(200, 0, 200, TOMORROW, 0)


def test_the_last_day_counts_and_the_day_after_does_not() -> None:
    lots = [Movement(1, 200, expires_on=TODAY), Movement(2, 30)]
    assert balance(lots, TODAY, card_is_active=True).available == 230
    assert balance(lots, TOMORROW, card_is_active=True) == Balance(30, 0, 0, None, 200)


def test_an_empty_account_has_nothing() -> None:
    assert balance([], TODAY, card_is_active=True) == Balance(0, 0, 0, None, 0)


days = st.none() | st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=30))
earned = st.lists(st.tuples(st.integers(1, 1000), days), max_size=20)


@given(earned, st.integers(0, 5000), st.booleans())
def test_nothing_is_lost_and_nothing_appears(lots: list[tuple[int, date | None]], spend: int, active: bool) -> None:
    movements = [Movement(n, points, expires_on=day) for n, (points, day) in enumerate(lots, 1)]
    spend = min(spend, sum(points for points, _ in lots))
    if spend:
        movements.append(Movement(len(movements) + 1, -spend))
    found = balance(movements, TODAY, card_is_active=active)
    assert found.available + found.pending + found.overdue == sum(m.points for m in movements)
    assert min(found.available, found.pending, found.overdue, found.expiring) >= 0
