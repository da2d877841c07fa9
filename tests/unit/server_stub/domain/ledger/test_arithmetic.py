"""The arithmetic, clause by clause, by hand-worked figures (till-script.md sections 3 and 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.ledger.basket import MOST_FEN, check_sale
from server_stub.domain.ledger.book import Book, Hold
from server_stub.domain.ledger.calendar import add_months, age_on, next_anniversary, start_of
from server_stub.domain.ledger.earning import earn, points_of
from server_stub.domain.ledger.lot_set import LotSet
from server_stub.domain.ledger.lots import Lot, take
from server_stub.domain.ledger.merging import balance_of, merge, unmerge
from server_stub.domain.ledger.prepared import EarningFacts, rounded
from server_stub.domain.ledger.redeeming import frees_on
from server_stub.domain.ledger.returns import Sold, SoldLine, due_back, plan_return, take_back
from server_stub.domain.ledger.settling import advance, next_due
from server_stub.domain.ledger_commands import RecordSale, ReturnLine, SaleLine, Tender
from server_stub.domain.program.catalogue import load_rule_set
from server_stub.domain.program.choices import Expiry, Feb29, ReturnRule, RoundingMode
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.program.parsing import with_params
from server_stub.domain.reasons import Reason

PLAIN = Parameters()
YONGHUI = load_rule_set("yonghui-card")
SPRING = date(2026, 2, 16)
NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def sale(*lines: tuple[int, str], **more: object) -> RecordSale:
    return RecordSale("s", "S01", tuple(SaleLine("x", category, 1, fen) for fen, category in lines), "m1", **more)


def earned(basket: RecordSale, rules: Parameters, day: date = TODAY) -> int:
    return earn(basket, EarningFacts(day), rules).points


def lot(name: str, points: int, available_on: date | None = TODAY, expires_on: date | None = None, **more: object) -> Lot:
    return Lot(name, "acc", name, TODAY, points, available_on, expires_on, None, free=points, **more)


def book(*lots: Lot, rules: Parameters = PLAIN, **more: object) -> Book:
    return Book("acc", date(2025, 1, 1), rules, NOW, TODAY, lots=LotSet(lots), **more)


@pytest.mark.parametrize(("round_at", "points"), [("end", 257), ("base", 256)])
def test_128_50_at_twice(round_at: str, points: int) -> None:
    rules = with_params(PLAIN, {"round_at": round_at, "multipliers": [{"code": "X", "pct": 200, "tag": "t"}]})
    assert earned(sale((12_850, "food"), tags=("t",)), rules) == points


@pytest.mark.parametrize(("stacking", "points"), [("highest", 200), ("multiply", 240)])
def test_spring_festival_and_wholly_by_card(stacking: str, points: int) -> None:
    basket = sale((10_000, "food"), tenders=(Tender("member_card", 10_000),))
    assert earned(basket, with_params(YONGHUI, {"stacking": stacking}), SPRING) == points


@pytest.mark.parametrize(("order", "points"), [("before", 99), ("after", 100)])
def test_order_of_exclusion(order: str, points: int) -> None:
    rules = with_params(PLAIN, {"excluded_categories": ["gold"], "exclusion_order": order})
    assert earned(sale((9_980, "food"), (2_870, "gold")), rules) == points


def test_the_first_of_equal_multipliers_is_used() -> None:
    conditions = [{"code": "A", "pct": 150, "tag": "t"}, {"code": "B", "pct": 150, "tag": "t"}, {"code": "C", "pct": 120, "tag": "t"}]
    earning = earn(sale((100, "food"), tags=("t",)), EarningFacts(TODAY), with_params(PLAIN, {"multipliers": conditions}))
    assert earning.applied == ("A",)
    assert [(m.code, m.holds, m.used) for m in earning.multipliers] == [("A", True, True), ("B", True, False), ("C", True, False)]


@pytest.mark.parametrize(("mode", "values"), [("down", [2, 2, 2, 3]), ("half_up", [2, 2, 3, 3]), ("up", [2, 3, 3, 3])])
def test_rounding(mode: str, values: list[int]) -> None:
    assert [rounded(dividend, 10, RoundingMode(mode)) for dividend in (20, 24, 25, 30)] == values


def test_products_beyond_64_bits_are_exact() -> None:
    assert points_of(MOST_FEN, [100_000] * 6, replace(PLAIN, fen_per_point=1)) == MOST_FEN * 1000**6


@pytest.mark.parametrize(
    ("scope", "feb29", "day", "holds"),
    [
        ("day", "feb28", date(2026, 2, 28), True),
        ("day", "mar01", date(2026, 2, 28), False),
        ("day", "mar01", date(2026, 3, 1), True),
        ("month", "mar01", date(2026, 3, 20), True),
        ("month", "feb28", date(2026, 3, 1), False),
        ("day", "mar01", date(2028, 2, 29), True),
    ],
)
def test_a_birthday_on_29_february(scope: str, feb29: str, day: date, holds: bool) -> None:
    rules = with_params(YONGHUI, {"birthday_scope": scope, "feb29": feb29})
    facts = EarningFacts(day, birthday=date(2000, 2, 29))
    assert ("BIRTHDAY" in earn(sale((100, "food")), facts, rules).applied) is holds


def test_days() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 31), 14) == date(2028, 2, 29)
    assert next_anniversary(date(2024, 2, 29), date(2026, 2, 28), Feb29.FEB28) == date(2027, 2, 28)
    assert age_on(date(2008, 2, 29), date(2026, 2, 28), Feb29.MAR01) == 17
    assert start_of(date(2026, 1, 1)) == datetime(2025, 12, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"currency": "USD", "lines": (SaleLine("x", "f", 0, 1),)}, Reason.CURRENCY_NOT_CNY),
        ({"lines": (SaleLine("x", "f", 0, 1), SaleLine("x", "f", 1, 1, 2))}, Reason.BAD_QTY),
        ({"lines": (SaleLine("x", "f", 1, 1, 2),)}, Reason.DISCOUNT_TOO_LARGE),
        ({"lines": (SaleLine("x", "f", 2, MOST_FEN),)}, Reason.AMOUNT_TOO_LARGE),
        ({"lines": (SaleLine("x", "f", 1, MOST_FEN), SaleLine("x", "f", 1, 1))}, Reason.AMOUNT_TOO_LARGE),
        ({"lines": (SaleLine("x", "f", 1, 5, 5),)}, Reason.AMOUNT_ZERO),
        ({"tenders": ()}, Reason.TENDER_MISMATCH),
        ({"occurred_at": NOW + timedelta(seconds=301)}, Reason.FUTURE_DATE),
        ({"occurred_at": NOW - timedelta(days=7, seconds=1)}, Reason.TOO_LATE),
        ({"occurred_at": NOW - timedelta(days=7)}, None),
    ],
)
def test_the_first_thing_that_is_wrong_with_a_sale(change: dict[str, object], reason: Reason | None) -> None:
    assert check_sale(replace(sale((100, "f")), **change), NOW, PLAIN) is reason


def sold(*lines: SoldLine, earned: int = 10, **more: int) -> Sold:
    return Sold(lines, earned, (), PLAIN, **more)


def test_ten_points_on_three_equal_lines_come_back_as_3_3_4() -> None:
    back: list[int] = []
    for done in range(3):
        lines = (SoldLine(1, 1000, True, int(number < done)) for number in range(3))
        back.append(plan_return(sold(*lines, taken_back=sum(back)), (ReturnLine(done + 1, 1),)).taken_back)
    assert back == [3, 3, 4]


@pytest.mark.parametrize(("taken_before", "taken"), [(0, 6), (5, 1), (6, 0), (9, 0)])
def test_what_another_rule_took_before_counts_and_is_never_paid_out_again(taken_before: int, taken: int) -> None:
    lines = (SoldLine(1, 1000, True, 1), SoldLine(1, 1000, True), SoldLine(1, 1000, True))
    assert plan_return(sold(*lines, taken_back=taken_before), (ReturnLine(2, 1),)).taken_back == taken
    rest = replace(lines[1], returned=1)
    last = plan_return(sold(lines[0], rest, lines[2], taken_back=taken_before + taken), None)
    assert taken_before + taken + last.taken_back == 10


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 10**6), st.booleans()), min_size=1, max_size=5), st.randoms(), st.data())
def test_every_split_of_a_return_adds_up(lines: list[tuple[int, int, bool]], luck: object, data: st.DataObject) -> None:
    rule, mode = data.draw(st.sampled_from(ReturnRule)), data.draw(st.sampled_from(["down", "half_up", "up"]))
    rules = with_params(PLAIN, {"rounding_mode": mode, "return_rule": rule.value})
    eligible = sum(net for _, net, is_eligible in lines if is_eligible)
    facts = Sold(tuple(SoldLine(qty, net, ok) for qty, net, ok in lines), points_of(eligible, [150], rules), (150,), rules)
    whole = plan_return(facts, None)
    pieces = [number for number, (qty, _, _) in enumerate(lines, 1) for _ in range(qty)]
    luck.shuffle(pieces)
    refunds, points = 0, 0
    for number in pieces:
        part = plan_return(facts, (ReturnLine(number, 1),))
        assert part.taken_back >= 0
        refunds, points = refunds + part.refund_fen, points + part.taken_back
        changed = tuple(replace(x, returned=x.returned + (place == number)) for place, x in enumerate(facts.lines, 1))
        facts = replace(facts, lines=changed, taken_back=points)
    assert (refunds, points) == (whole.refund_fen, whole.taken_back) == (facts.total_fen, facts.earned)


def test_what_goes_back_is_met_by_the_own_lot_then_forgiven_then_by_others_then_owed() -> None:
    own, other = lot("a", 100, expired=0), lot("b", 10)
    own.free, own.expired = 20, 30
    held = book(own, other)
    taken = take_back(held, own, 70)
    assert (taken.forgiven, taken.posted, taken.short, held.debt) == (30, 40, 10, 10)
    assert take_back(held, own, 5).forgiven == 0


def test_spent_points_given_back_never_fall() -> None:
    assert due_back(10, 1, 3, 0) == 3
    assert due_back(10, 1, 3, 5) == 0


def test_at_one_moment_first_the_review_then_expiry_then_the_end_of_holds_then_debt() -> None:
    rules = replace(PLAIN, expiry=Expiry.YEAR_REVIEW, void_below=10)
    kept = lot("a", 100)
    shares = take([kept], 30)
    account = book(kept, rules=rules)
    account.hold(Hold("d", start_of(date(2027, 1, 1)), shares))
    advance(account, start_of(date(2027, 1, 1)))
    assert [(e.points, e.before) for e in account.expiries] == [(70, 0), (30, 70)]
    assert (account.ended_holds, balance_of(account)) == (["d"], 0)


def test_points_of_a_hold_stay_good_after_their_lot_has_ended() -> None:
    kept = lot("a", 50, expires_on=date(2026, 6, 2))
    account = book(kept)
    account.hold(Hold("d", start_of(date(2026, 6, 2)) + timedelta(minutes=5), take([kept], 20)))
    advance(account, start_of(date(2026, 6, 2)))
    assert (account.totals(date(2026, 6, 2)).held, kept.expired) == (20, 30)


def test_a_lot_that_has_ended_stays_ended_when_the_member_comes_back() -> None:
    idle = replace(PLAIN, expiry=Expiry.INACTIVITY, expiry_months=1)
    gone = replace(lot("a", 50), idle_months=1)
    account = book(gone, rules=idle)
    advance(account, start_of(date(2026, 7, 1)))
    account.note_activity(date(2026, 7, 2))
    account.put_back(gone, 5, NOW, date(2026, 7, 2))
    assert (gone.free, gone.expired) == (0, 55)


def test_debt_is_paid_by_pending_points_too() -> None:
    account = book(lot("a", 30, available_on=date(2026, 9, 1)), debt=50)
    account.pay_debt()
    assert (account.debt, balance_of(account)) == (20, -20)


def test_the_next_due_moment_is_the_first_of_release_expiry_and_hold() -> None:
    account = book(lot("a", 1, available_on=date(2026, 6, 9)), lot("b", 1, expires_on=date(2026, 6, 8)))
    assert next_due(account) == start_of(date(2026, 6, 8))
    account.lots.pop("b")
    assert next_due(account) == start_of(date(2026, 6, 9))


def test_the_day_on_which_pending_points_will_do_counts_what_expires_until_then() -> None:
    soon, late = lot("a", 50, available_on=date(2026, 6, 8)), lot("b", 50, available_on=date(2026, 6, 20))
    going = lot("c", 30, expires_on=date(2026, 6, 10))
    account = book(soon, late, going)
    assert frees_on(account, 80) == date(2026, 6, 8)
    assert frees_on(account, 100) == date(2026, 6, 20)
    assert frees_on(account, 101) is None


def test_merging_moves_debt_and_undoing_leaves_it() -> None:
    giver, taker = book(debt=40, expired=7), book(lot("b", 100))
    giver.account_id = "from"
    assert merge(giver, taker) == -40
    assert (balance_of(giver), balance_of(taker), taker.debt, taker.expired) == (0, 60, 0, 7)
    assert unmerge(taker, giver, {"from"}, 7) == 0
    assert (balance_of(giver), giver.expired, balance_of(taker), taker.expired) == (0, 7, 60, 0)
