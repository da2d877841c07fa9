"""Rules that change between a sale, its late arrival and its returns: what was sold is judged and taken back by the rules of its time."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.ledger_commands import SaleLine

if TYPE_CHECKING:
    from tests.support.ledger_desk import Counter

DESK = StaffActor("chen", frozenset({Role.STORE_STAFF}))
ROUGH = {"fen_per_point": 1000}
BOTH_WAYS = list(itertools.permutations(("pro_rata", "recompute")))
SEEDS = range(12)
# Each of them makes another sum of some split than the one before.
CHANGES: list[dict[str, Any]] = [
    {"return_rule": "pro_rata"},
    {"return_rule": "recompute"},
    {"fen_per_point": 700, "return_rule": "recompute"},
    {"rounding_mode": "up", "return_rule": "recompute"},
    {"rounding_mode": "up", "return_rule": "pro_rata"},
    {"exclusion_order": "after", "excluded_categories": ["drink"], "return_rule": "recompute"},
    {"round_at": "base", "return_rule": "recompute", "expired_takeback": "charge"},
]


@pytest.mark.parametrize(("first", "then"), BOTH_WAYS, ids=str)
def test_a_change_between_two_returns_takes_neither_less_nor_more_than_was_earned(counter: Counter, first: str, then: str) -> None:
    counter.rules("plain", **ROUGH, return_rule=first).join()
    assert counter.sell(1_500, qty=2, sale_id="a").booked.points == 3
    taken = [counter.take_back("a", (1, 1)).taken_back]
    counter.central.clock.advance(days=1)
    counter.rules("plain", **ROUGH, return_rule=then)
    taken.append(counter.take_back("a").taken_back)
    assert sum(taken) == 3
    assert counter.free() == (0, 0, 0, 0)


@pytest.mark.parametrize("rule", ["pro_rata", "recompute"])
def test_each_return_goes_by_the_rule_under_which_was_sold(counter: Counter, rule: str) -> None:
    counter.rules("plain", **ROUGH, return_rule=rule).join().sell(1_500, qty=2, sale_id="a")
    counter.sell(1_500, qty=2, sale_id="b")
    before = [counter.take_back("a", (1, 1)).taken_back for _ in range(2)]
    counter.central.clock.advance(days=1)
    other = {"pro_rata": "recompute", "recompute": "pro_rata"}[rule]
    counter.rules("plain", fen_per_point=1, return_rule=other)
    assert [counter.take_back("b", (1, 1)).taken_back for _ in range(2)] == before


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_return_takes_the_remainder_whatever_rules_came_between(counter: Counter, seed: int) -> None:
    luck = random.Random(seed)
    change(counter, luck).join()
    lines = tuple(
        SaleLine("sku", luck.choice(("food", "drink")), luck.randrange(1, 4), luck.randrange(100, 9_999))
        for _ in range(luck.randrange(1, 4))
    )
    sold = counter.sell(0, sale_id="a", lines=lines)
    spent = min(sold.booked.points, luck.randrange(1, 9))
    if spent:
        counter.redeem(spent, sale_id="a")
    pieces = [number for number, line in enumerate(lines, 1) for _ in range(line.qty)]
    luck.shuffle(pieces)
    taken, given, refunded = 0, 0, 0
    for number in pieces:
        counter.central.clock.advance(days=1)
        done = change(counter, luck).take_back("a", (number, 1))
        assert done.taken_back >= 0
        taken, given, refunded = taken + done.taken_back, given + done.given_back, refunded + done.refund_fen
    assert (taken, given, refunded) == (sold.booked.points, spent, sum(line.qty * line.unit_price_fen for line in lines))
    assert counter.free() == (0, 0, 0, 0)


def change(counter: Counter, luck: random.Random) -> Counter:
    return counter.rules("plain", **ROUGH | luck.choice(CHANGES))


LATE_BY: list[tuple[dict[str, Any], int]] = [
    ({"fen_per_point": 300}, 43),
    ({"rounding_mode": "up"}, 130),
    ({"round_at": "base", "multipliers": [{"code": "M", "pct": 150, "tag": "t"}]}, 193),
    ({"excluded_categories": ["drink"]}, 99),
    ({"excluded_categories": ["drink"], "exclusion_order": "after"}, 100),
    ({"excluded_sale_tags": ["t"]}, 0),
    ({"multipliers": [{"code": "M", "pct": 200, "tag": "t"}]}, 259),
    ({"tiers": [{"name": "first", "min": 0}], "multipliers": [{"code": "M", "pct": 300, "tier": "first"}]}, 388),
]


@pytest.mark.parametrize(("params", "points"), LATE_BY, ids=lambda part: "-".join(part) if isinstance(part, dict) else str(part))
def test_a_late_sale_earns_what_it_would_have_earned_on_its_day(counter: Counter, params: dict[str, Any], points: int) -> None:
    lines = (SaleLine("a", "food", 1, 9_980), SaleLine("b", "drink", 1, 2_970))
    counter.rules("plain", **params).join()
    occurred_at = counter.central.clock.now()
    assert counter.sell(0, sale_id="in-time", lines=lines, tags=("t",)).booked.points == points
    counter.central.clock.advance(days=2)
    counter.rules("plain", fen_per_point=7, tiers=[{"name": "other", "min": 0}])
    late = counter.sell(0, sale_id="late", lines=lines, tags=("t",), occurred_at=occurred_at)
    assert late.booked.points == points
    # What goes back is what was earned, by the rules under which it was.
    assert counter.take_back("late", (1, 1)).taken_back + counter.take_back("late").taken_back == points


def test_what_is_about_the_booking_goes_by_the_day_of_the_booking(counter: Counter) -> None:
    counter.central.clock.moment = datetime(2026, 6, 10, 4, tzinfo=UTC)
    counter.rules("plain", pending_days=1, expiry="rolling", expiry_months=1).join()
    occurred_at = counter.central.clock.now()
    counter.central.clock.advance(days=3)
    counter.rules("plain", fen_per_point=50, pending_days=9, expiry="rolling", expiry_months=2)
    assert counter.sell(1_000, sale_id="late", occurred_at=occurred_at).booked.points == 10
    (lot,) = counter.view().lots
    assert (lot.available_on, lot.expires_on) == (date(2026, 6, 22), date(2026, 8, 13))


def test_a_late_sale_names_the_version_that_judged_it_and_the_one_that_booked_it(counter: Counter) -> None:
    counter.rules("plain", fen_per_point=200).join()
    occurred_at = counter.central.clock.now()
    counter.central.clock.advance(days=1)
    counter.rules("plain", fen_per_point=50)
    counter.sell(1_000, sale_id="late", occurred_at=occurred_at)
    trace = counter.central.core.decisions.trace(DESK, "late")
    assert (trace["rules"], trace["booked_by"]) == ("rules-1", "rules-2")
    assert trace["arithmetic"].startswith("1000 fen / 200 = 5 ")
