"""Rule sets as data: what is wrong is named, and the four rule sets hold what the specification says."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from server_stub.domain.program.catalogue import PLAIN, RULE_SETS, load_rule_set
from server_stub.domain.program.choices import Expiry, ReturnRule, RoundAt, Shortfall
from server_stub.domain.program.limits import MOST
from server_stub.domain.program.parameters import Parameters, RewardTerms, TierLevel
from server_stub.domain.program.parsing import _READERS, BadParameter, parse, with_params
from server_stub.domain.program.values import Flaw

MULTIPLIER = {"code": "X", "pct": 150, "birthday": True}

BAD: list[tuple[str, Any]] = [
    *(("fen_per_point", value) for value in (0, -1, MOST + 1, 1.0, True, "100", None, [])),
    *(
        (name, value)
        for name in ("round_at", "rounding_mode", "stacking", "expiry", "spend_order", "shortfall", "feb29")
        for value in ("", "DOWN", None, 1)
    ),
    *((name, value) for name in ("excluded_categories", "excluded_sale_tags") for value in ("food", None, [1], [""], ["x" * 201], {})),
    ("excluded_categories", ["\ud800"]),
    ("multipliers", {}),
    ("multipliers", ["X"]),
    ("multipliers", [{**MULTIPLIER, "tag": "t"}]),
    ("multipliers", [{**MULTIPLIER, "birthday": False}]),
    ("multipliers", [{**MULTIPLIER, "pct": 99}]),
    ("multipliers", [{**MULTIPLIER, "pct": 100_001}]),
    ("multipliers", [{**MULTIPLIER, "code": ""}]),
    ("multipliers", [{"code": "X", "pct": 150, "dates": [["2026-02-30", "2026-03-01"]]}]),
    ("multipliers", [{"code": "X", "pct": 150, "dates": [["2026-03-02"]]}]),
    ("multipliers", [{"code": "X", "pct": 150, "dates": [["1899-12-31", "2026-03-01"]]}]),
    ("multipliers", [{"code": "X", "pct": 150, "dates": [["2026-3-2", "2026-03-03"]]}]),
    ("pending_days", -1),
    ("pending_days", 3651),
    ("expiry_months", 0),
    ("expiry_months", 1201),
    ("void_below", -1),
    *((name, value) for name in ("void_spares_join_year", "redeem_rewards_only", "pooling") for value in (0, 1, "true", None)),
    ("tiers", [{"name": "silver", "min": 1}]),
    ("tiers", [{"name": "a", "min": 0}, {"name": "b", "min": 0}]),
    ("tiers", [{"name": "a", "min": 0}, {"name": "b", "min": 20}, {"name": "c", "min": 10}]),
    ("tiers", [{"name": "a", "min": 0}, {"name": "a", "min": 10}]),
    ("tiers", [{"name": "a", "min": False}]),
    ("redeem_months", [0]),
    ("redeem_months", [13]),
    ("redeem_months", None),
    ("redeem_stores", [None]),
    ("rewards", []),
    ("rewards", {"a b": {"points": 1}}),
    ("rewards", {"a": 1}),
    ("rewards", {"a": {"points": 0}}),
    ("rewards", {"a": {"points": 1, "stock": -1}}),
    ("rewards", {"a": {"points": 1, "per_member": "1"}}),
    ("rewards", {"a": {"points": 1, "stores": None}}),
    ("rewards", {"a": {"points": 1, "adult_only": 1}}),
    ("hold_minutes", 0),
    ("hold_minutes", 1441),
    ("adjust_limit", -1),
    ("max_late_days", 366),
    ("unmerge_days", 3651),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda value: str(value)[:40])
def test_a_wrong_value_is_refused_and_named(name: str, value: Any) -> None:
    with pytest.raises(BadParameter) as error:
        parse({name: value})
    assert (error.value.name.split(".")[0], error.value.flaw) == (name, Flaw.BAD_FIELD)


@pytest.mark.parametrize(
    "document",
    [
        {"fen_per_points": 100},
        {"fen_per_point": 0, "more": 1},
        {"multipliers": [{**MULTIPLIER, "percent": 1}]},
        {"tiers": [{"name": "a", "min": 5}, {"name": "b", "min": 0, "max": 9}]},
        {"rewards": {"a": {"price": 1}}},
    ],
)
def test_an_unknown_name_is_reported_before_anything_else(document: dict[str, Any]) -> None:
    with pytest.raises(BadParameter) as error:
        parse(document)
    assert error.value.flaw is Flaw.UNKNOWN_FIELD


@pytest.mark.parametrize(
    "document",
    [
        {"multipliers": [{"code": "X", "tag": "t"}]},
        {"multipliers": [{"code": "", "pct": 150}]},
        {"tiers": [{"min": 0}]},
        {"rewards": {"a": {"stock": -1}}},
    ],
)
def test_a_missing_name_is_reported_before_a_wrong_value(document: dict[str, Any]) -> None:
    with pytest.raises(BadParameter) as error:
        parse(document)
    assert error.value.flaw is Flaw.MISSING_FIELD


def test_every_parameter_has_its_reader() -> None:
    assert set(_READERS) == {field.name for field in fields(Parameters)}


def test_plain_is_what_is_not_said() -> None:
    assert load_rule_set(PLAIN) == Parameters() == parse({})


def test_an_override_replaces_a_parameter_as_a_whole_and_leaves_the_others() -> None:
    changed = with_params(load_rule_set("yonghui-card"), {"rewards": {"pen": {"points": 5, "from": "2026-01-01"}}, "redeem_stores": None})
    assert changed.rewards == {"pen": RewardTerms(5, from_day=date(2026, 1, 1))}
    assert changed.redeem_stores is None
    assert changed.redeem_months == (4, 10)
    assert load_rule_set("yonghui-card").redeem_stores == ("S01", "S02")


def test_spans_that_end_before_they_begin_hold_on_no_day_and_are_no_error() -> None:
    assert parse({"rewards": {"a": {"points": 1, "from": "2026-02-02", "until": "2026-02-01"}}}).rewards["a"].until_day == date(2026, 2, 1)
    assert parse({"multipliers": [{"code": "X", "pct": 150, "dates": [["2026-03-02", "2026-03-01"]]}]}).multipliers


def test_the_bounds_themselves_are_good() -> None:
    assert parse({"fen_per_point": MOST, "pending_days": 3650, "hold_minutes": 1440, "max_late_days": 0, "tiers": []}).fen_per_point == MOST


def test_the_rule_sets_hold_what_the_specification_says() -> None:
    yonghui, hexing, wanjia = (load_rule_set(name) for name in RULE_SETS[:3])
    assert [(m.code, m.pct) for m in yonghui.multipliers] == [
        ("SPRING_FESTIVAL", 200),
        ("BIRTHDAY", 200),
        ("HOLIDAY", 150),
        ("STORE_OPENING", 150),
        ("MEMBER_CARD", 120),
    ]
    assert yonghui.multipliers[0].dates == ((date(2026, 2, 15), date(2026, 2, 23)), (date(2027, 2, 5), date(2027, 2, 11)))
    assert {name: terms.points for name, terms in yonghui.rewards.items()} == {"towel": 100, "bowl": 500, "rice_cooker": 5000}
    assert (yonghui.expiry, yonghui.redeem_stores, yonghui.redeem_rewards_only) == (Expiry.ANNIVERSARY, ("S01", "S02"), True)
    assert hexing.tiers == (TierLevel("points_card", 0), TierLevel("silver", 2000), TierLevel("gold", 6000))
    assert (hexing.expiry, hexing.void_below, hexing.void_spares_join_year) == (Expiry.YEAR_REVIEW, 500, False)
    assert (wanjia.fen_per_point, wanjia.round_at, wanjia.expiry, wanjia.expiry_months) == (1000, RoundAt.BASE, Expiry.INACTIVITY, 6)
    assert (wanjia.return_rule, wanjia.shortfall, wanjia.pooling) == (ReturnRule.RECOMPUTE, Shortfall.REFUSE, False)
    assert wanjia.excluded_categories == ("tobacco", "alcohol", "gold", "special_price")


def test_a_rule_set_that_is_not_there_is_said() -> None:
    with pytest.raises(KeyError):
        load_rule_set("../plain")
