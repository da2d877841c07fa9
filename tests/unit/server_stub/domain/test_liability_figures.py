"""Golden numbers of points liability: IFRS 15 example 52 and KPMG's example, reproduced exactly; rules and rounding."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.liability.allocation import MICRO, deferred_micro, deferred_share, rounded, taken_back_micro, whole_fen
from server_stub.domain.liability.cohorts import CohortFacts
from server_stub.domain.liability.months import Month, month_from, month_of
from server_stub.domain.liability.recognition import expected_redemption, measure
from server_stub.domain.liability.rules import Estimate, LiabilityRules, Price, load_liability_rules

EXAMPLE_52 = Price(Fraction(95, 100))
RATE_95, RATE_97 = Estimate(Fraction(95, 100)), Estimate(Fraction(97, 100))
FLOOR = Fraction(1, 20)


def example_52(redeemed: int, unit: int = 1) -> CohortFacts:
    """One unit of currency is ``unit`` smallest ones: the standard's own units, or yuan of 100 fen."""
    price = Price(EXAMPLE_52.fen_per_point * unit)
    return CohortFacts(earned=10_000, redeemed=redeemed, allocated_micro=deferred_micro(100_000 * unit, 10_000, price))


def kpmg(redeemed: int) -> CohortFacts:
    return CohortFacts(earned=10_000, redeemed=redeemed, allocated_micro=9_000 * MICRO)


def test_ifrs_15_example_52() -> None:
    assert rounded(deferred_share(100_000, 10_000, EXAMPLE_52)) == 8_676
    first, second = measure(example_52(4_500), RATE_95), measure(example_52(8_500), RATE_97)
    assert first.allocated_fen == second.allocated_fen == 8_676
    assert first.recognised_fen == 4_110
    assert second.recognised_fen - first.recognised_fen == 3_493
    assert (first.deferred_fen, second.deferred_fen) == (4_566, 1_073)
    assert (first.expected_points, second.expected_points) == (9_500, 9_700)


def test_ifrs_15_example_52_in_yuan() -> None:
    first, second = measure(example_52(4_500, unit=100), RATE_95), measure(example_52(8_500, unit=100), RATE_97)
    assert (first.allocated_fen, first.recognised_fen, second.recognised_fen) == (867_580, 410_959, 760_250)
    in_yuan = [rounded(Fraction(fen, 100)) for fen in (first.allocated_fen, first.recognised_fen, second.recognised_fen)]
    assert (in_yuan[0], in_yuan[1], in_yuan[2] - in_yuan[1]) == (8_676, 4_110, 3_493)


@pytest.mark.parametrize(("expected", "third_year"), [(9_900, 3_552), (9_200, 4_140)])
def test_kpmg_example_with_a_changed_estimate(expected: int, third_year: int) -> None:
    second = measure(kpmg(4_500), RATE_97)
    third = measure(kpmg(8_500), Estimate(Fraction(expected, 10_000)))
    assert second.allocated_fen == 9_000
    assert second.recognised_fen == 4_175
    assert third.recognised_fen - second.recognised_fen == third_year
    assert third.expected_points == expected


def test_the_floor_of_the_rules_leaves_the_golden_numbers_alone() -> None:
    for facts, share in ((example_52(4_500), "95/100"), (example_52(8_500), "97/100"), (kpmg(8_500), "92/100")):
        assert measure(facts, Estimate(Fraction(share), FLOOR)) == measure(facts, Estimate(Fraction(share)))


def test_members_who_redeem_more_than_was_expected_are_owed_the_floor_and_seen() -> None:
    facts = CohortFacts(earned=1_000, redeemed=980, allocated_micro=1_000 * MICRO)
    assert expected_redemption(facts, Estimate(Fraction(95, 100))) == 980
    outrun = measure(facts, Estimate(Fraction(95, 100), FLOOR))
    assert outrun.is_outrun
    assert (outrun.expected_points, outrun.deferred_fen) == (981, 1)
    assert not measure(facts, Estimate(Fraction(1), FLOOR)).is_outrun


def test_expiry_releases_what_was_left_and_is_shown_by_itself() -> None:
    before = CohortFacts(earned=1_000, redeemed=400, allocated_micro=950 * MICRO)
    after = CohortFacts(earned=1_000, redeemed=400, expired=600, allocated_micro=950 * MICRO)
    held, ended = measure(before, RATE_95), measure(after, RATE_95)
    assert (held.used_fen, held.breakage_fen, held.ended_fen, held.deferred_fen) == (380, 20, 0, 550)
    assert (ended.used_fen, ended.breakage_fen, ended.ended_fen, ended.deferred_fen) == (380, 20, 550, 0)


def test_where_nothing_is_redeemed_before_the_end_all_is_released() -> None:
    ended = measure(CohortFacts(earned=10, expired=10, allocated_micro=9 * MICRO), RATE_95)
    assert (ended.ended_fen, ended.deferred_fen, ended.expected_points) == (9, 0, 0)


def test_a_refund_reverses_at_the_rate_of_its_own_sale() -> None:
    allocated = deferred_micro(10_000, 100, EXAMPLE_52)
    returned = [taken_back_micro(allocated, 100, points) for points in (0, 33, 66, 100)]
    assert returned[0] == 0
    assert returned[3] == allocated
    assert [rounded(Fraction(part * 100, allocated)) for part in returned] == [0, 33, 66, 100]
    later = measure(CohortFacts(earned=100, returned=33, allocated_micro=allocated, returned_micro=returned[1]), RATE_95)
    assert (later.allocated_fen, later.returned_fen, later.deferred_fen) == (94, 31, 63)


@pytest.mark.parametrize(("exact", "whole"), [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("49/100", 0), ("-149/100", -1), ("7", 7)])
def test_halves_go_away_from_zero(exact: str, whole: int) -> None:
    assert rounded(Fraction(exact)) == whole


def test_a_million_small_sales_are_off_by_half_a_fen_at_most() -> None:
    one = deferred_micro(1_234, 12, EXAMPLE_52)
    assert abs(whole_fen(one * 1_000_000) - deferred_share(1_234, 12, EXAMPLE_52) * 1_000_000) <= 1


def test_tax_is_no_revenue_to_defer() -> None:
    assert deferred_share(11_300, 100, Price(Fraction(1), Fraction(100, 113))) == Fraction(10_000 * 100, 10_100)


SHARES = st.fractions(min_value=0, max_value=1, max_denominator=1_000)
FACTS = st.tuples(*(st.integers(0, 10**6) for _ in range(5)), st.integers(0, 10**15)).map(
    lambda n: CohortFacts(
        earned=sum(n[:5]),
        returned=n[0],
        redeemed=n[1],
        expired=n[2],
        withdrawn=n[3],
        allocated_micro=n[5],
        returned_micro=taken_back_micro(n[5], sum(n[:5]), n[0]) if sum(n[:5]) else 0,
    )
)


@given(FACTS, SHARES, SHARES)
def test_nothing_is_ever_below_zero_and_everything_adds_up(facts: CohortFacts, share: Fraction, floor: Fraction) -> None:
    measured = measure(facts, Estimate(share, floor))
    parts = (measured.returned_fen, measured.used_fen, measured.breakage_fen, measured.ended_fen, measured.deferred_fen)
    assert min(parts) >= 0
    assert sum(parts) == measured.allocated_fen
    assert facts.redeemed <= expected_redemption(facts, Estimate(share, floor)) <= facts.redeemed + facts.outstanding


@given(FACTS, SHARES, SHARES)
def test_redeeming_all_releases_all(facts: CohortFacts, share: Fraction, floor: Fraction) -> None:
    ended = CohortFacts(
        earned=facts.earned,
        returned=facts.returned,
        redeemed=facts.redeemed + facts.outstanding,
        expired=facts.expired,
        withdrawn=facts.withdrawn,
        allocated_micro=facts.allocated_micro,
        returned_micro=facts.returned_micro,
    )
    assert measure(ended, Estimate(share, floor)).deferred_fen == 0


@given(FACTS, SHARES, st.integers(0, 10**6))
def test_redeeming_more_never_defers_more(facts: CohortFacts, share: Fraction, more: int) -> None:
    more = min(more, facts.outstanding)
    later = CohortFacts(**{**_fields(facts), "redeemed": facts.redeemed + more})
    assert measure(later, Estimate(share, FLOOR)).deferred_fen <= measure(facts, Estimate(share, FLOOR)).deferred_fen


def _fields(facts: CohortFacts) -> dict[str, int]:
    return {name: getattr(facts, name) for name in CohortFacts.__dataclass_fields__}


def test_months() -> None:
    assert [str(month_of(date(2026, 12, 31))), str(Month(2026, 12).next()), str(Month(2026, 1).next())] == ["2026-12", "2027-01", "2026-02"]
    assert [Month(2028, 2).last_day, Month(2026, 12).last_day] == [date(2028, 2, 29), date(2026, 12, 31)]
    assert [Month(2026, 11).age_at(date(2026, 11, 30)), Month(2026, 11).age_at(date(2028, 1, 1))] == [0, 14]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "0000-01", "2026-1", "2026-011", "２０２６-01", "2026-01-01", " 2026-01"]
)
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="no month"):
        month_from(text)


def rule_file() -> dict[str, Any]:
    return tomllib.loads(files("server_stub.domain.rules").joinpath("liability-2026-11.toml").read_text("utf-8"))


def test_the_rules_that_ship() -> None:
    rules = load_liability_rules()
    assert rules.price_on(date(2026, 11, 25)) == Price(Fraction(19, 20))
    assert rules.estimate_on(date(2026, 11, 25), Month(2026, 11)) == Estimate(Fraction(19, 20), FLOOR)
    assert rules.estimate_on(date(2027, 11, 1), Month(2026, 11)) == Estimate(Fraction(97, 100), FLOOR)


def test_a_later_table_holds_from_its_day_on_and_one_month_may_have_its_own() -> None:
    tree = rule_file()
    tree["price"].append({"from": date(2027, 1, 1), "fen_per_point": "1/2", "untaxed_share": "100/113"})
    own = {"month": "2026-11", "redeemed": "23/25"}
    tree["estimate"].append({**tree["estimate"][0], "from": date(2027, 1, 1), "cohort": [own]})
    rules = LiabilityRules(tree)
    assert [rules.price_on(day).fen_per_point for day in (date(2026, 12, 31), date(2027, 1, 1))] == [Fraction(19, 20), Fraction(1, 2)]
    shares = [rules.estimate_on(day, Month(2026, 11)).redeemed_share for day in (date(2026, 12, 31), date(2027, 1, 31))]
    assert shares == [Fraction(19, 20), Fraction(23, 25)]


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("price", {"fen_per_point": "0"}, "above 0"),
        ("price", {"untaxed_share": "113/100"}, "at most 1"),
        ("price", {"untaxed_share": "1/0"}, "price"),
        ("price", {"fen_per_point": "cheap"}, "price"),
        ("estimate", {"least_of_outstanding": "-1/20"}, "0 to 1"),
        ("estimate", {"by_age": []}, "ages"),
        ("estimate", {"by_age": [{"months": 1, "redeemed": "1"}]}, "ages"),
        ("estimate", {"by_age": [{"months": 0, "redeemed": "21/20"}]}, "0 to 1"),
        ("estimate", {"cohort": [{"month": "2026-13", "redeemed": "1"}]}, "no month"),
    ],
)
def test_rules_that_are_no_rules(table: str, change: dict[str, Any], said: str) -> None:
    tree = copy.deepcopy(rule_file())
    tree[table][0].update(change)
    with pytest.raises(ValueError, match=said):
        LiabilityRules(tree)


@pytest.mark.parametrize("table", ["price", "estimate"])
def test_tables_are_in_the_order_of_their_days(table: str) -> None:
    tree = rule_file()
    tree[table].append(dict(tree[table][0]))
    with pytest.raises(ValueError, match="later day"):
        LiabilityRules(tree)


def test_the_rules_say_nothing_about_days_before_them() -> None:
    with pytest.raises(ValueError, match="says nothing about 2019-12-31"):
        load_liability_rules().price_on(date(2019, 12, 31))
