"""Rule files: what lint says of each wrong field, that the shipped ones are clean, and that the schema says what the reader says."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date
from typing import Any

import pytest

from server_stub.domain.benefit_change import NoticeRules
from server_stub.domain.program import lint
from server_stub.domain.program.catalogue import HOUSE, RULE_SETS, load_rule_set, rule_set_document, shipped_base
from server_stub.domain.program.flaws import RuleFlaw
from server_stub.domain.program.lint import Examined, examine, examine_together
from server_stub.domain.program.rule_file import as_json, from_json, plain_days
from server_stub.domain.program.schema import SCHEMA_FILE, schema_text
from tests.architecture.tree import ROOT

TODAY = date(2026, 11, 25)


def yonghui(**head: Any) -> dict[str, Any]:
    return {**copy.deepcopy(rule_set_document("yonghui-card")), **head}


def found(document: dict[str, Any], today: date = TODAY) -> set[tuple[str, RuleFlaw]]:
    return {(finding.field, finding.flaw) for finding in examine(document, today, shipped_base).findings}


def with_params(**params: Any) -> dict[str, Any]:
    """A file on the plain rules with these parameters; names stand in for what needs them."""
    names = {
        "tiers": {level["name"]: WORDS for level in params.get("tiers", []) if "name" in level},
        "multipliers": {one["code"]: WORDS for one in params.get("multipliers", [])},
    }
    return {"format": 1, "version": "v1", "names": names, "params": params}


WORDS = {"zh-Hans": "甲", "zh-Hant": "甲", "en": "A"}
HALF = {"code": "M", "pct": 150}


@pytest.mark.parametrize("name", [*RULE_SETS, HOUSE])
def test_the_shipped_rule_sets_are_clean(name: str) -> None:
    assert found(rule_set_document(name)) == set()


def test_the_annotated_example_of_the_page_is_clean() -> None:
    page = (ROOT / "docs/rules.md").read_text("utf-8")
    example = tomllib.loads(page.split("```toml\n")[1].split("```")[0])
    examined = examine(plain_days(example), TODAY, shipped_base)
    assert examined.findings == ()
    assert examined.rules is not None
    assert examined.rules.effective_from is not None
    assert [level.name for level in examined.rules.parameters.tiers] == ["points_card", "silver", "gold"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"no_such": 1}, {("params.no_such", RuleFlaw.UNKNOWN_FIELD)}),
        ({"fen_per_point": 0}, {("params.fen_per_point", RuleFlaw.BAD_FIELD)}),
        ({"round_at": "middle"}, {("params.round_at", RuleFlaw.BAD_FIELD)}),
        ({"hold_minutes": 0}, {("params.hold_minutes", RuleFlaw.ZERO_WINDOW)}),
        ({"expiry": "rolling", "expiry_months": 0}, {("params.expiry_months", RuleFlaw.ZERO_WINDOW)}),
        ({"tiers": [{"name": "a", "min": 5}]}, {("params.tiers.1.min", RuleFlaw.TIERS_GAP)}),
        ({"tiers": [{"name": "a", "min": 0}, {"name": "b", "min": 0}]}, {("params.tiers.2.min", RuleFlaw.TIERS_OVERLAP)}),
        (
            {"tiers": [{"name": "a", "min": 0}, {"name": "b", "min": 9}, {"name": "c", "min": 8}]},
            {("params.tiers.3.min", RuleFlaw.TIERS_OVERLAP)},
        ),
        ({"tiers": [{"name": "a", "min": 0}, {"name": "a", "min": 9}]}, {("params.tiers.2.name", RuleFlaw.TWICE)}),
        ({"multipliers": [{**HALF}]}, {("params.multipliers.M", RuleFlaw.MISSING_FIELD)}),
        ({"multipliers": [{**HALF, "tag": "x", "birthday": True}]}, {("params.multipliers.M", RuleFlaw.BAD_FIELD)}),
        ({"multipliers": [{**HALF, "pct": 100, "birthday": True}]}, {("params.multipliers.M.pct", RuleFlaw.NO_EFFECT)}),
        ({"multipliers": [{**HALF, "dates": []}]}, {("params.multipliers.M.dates", RuleFlaw.NEVER_TRUE)}),
        ({"multipliers": [{**HALF, "dates": [["2026-01-01", "2026-11-24"]]}]}, {("params.multipliers.M.dates", RuleFlaw.DATES_PAST)}),
        ({"multipliers": [{**HALF, "dates": [["2026-01-01", "2099-01-01"]]}]}, {("params.multipliers.M.dates", RuleFlaw.ALWAYS_TRUE)}),
        ({"multipliers": [{**HALF, "tier": "gold"}]}, {("params.multipliers.M.tier", RuleFlaw.NEVER_TRUE)}),
        (
            {"tiers": [{"name": "a", "min": 0}], "multipliers": [{**HALF, "tier": "a"}]},
            {("params.multipliers.M.tier", RuleFlaw.ALWAYS_TRUE)},
        ),
        (
            {"excluded_sale_tags": ["x"], "multipliers": [{**HALF, "tag": "x"}]},
            {("params.multipliers.M.tag", RuleFlaw.NEVER_TRUE)},
        ),
        (
            {"multipliers": [{"code": "A", "pct": 200, "tag": "x"}, {"code": "B", "pct": 150, "tag": "x"}]},
            {("params.multipliers.B", RuleFlaw.NEVER_TRUE)},
        ),
        ({"expiry": "year_review"}, {("params.void_below", RuleFlaw.NEVER_TRUE)}),
        ({"void_below": 5}, {("params.void_below", RuleFlaw.NO_EFFECT)}),
        ({"expiry_months": 6}, {("params.expiry_months", RuleFlaw.NO_EFFECT)}),
        ({"redeem_months": []}, {("params.redeem_months", RuleFlaw.NEVER_TRUE)}),
        ({"redeem_months": [4, 4]}, {("params.redeem_months", RuleFlaw.TWICE)}),
        ({"redeem_rewards_only": True}, {("params.redeem_rewards_only", RuleFlaw.NEVER_TRUE)}),
        ({"rewards": {"r": {"points": 0}}}, {("params.rewards.r.points", RuleFlaw.BAD_FIELD)}),
        ({"rewards": {"r": {"points": 1, "min_tier": "gold"}}}, {("params.rewards.r.min_tier", RuleFlaw.NEVER_TRUE)}),
        ({"rewards": {"r": {"points": 1, "until": "2026-11-24"}}}, {("params.rewards.r.until", RuleFlaw.DATES_PAST)}),
        (
            {"rewards": {"r": {"points": 0, "from": "2027-02-02", "until": "2027-01-01"}}},
            {("params.rewards.r.until", RuleFlaw.ZERO_WINDOW), ("params.rewards.r.points", RuleFlaw.BAD_FIELD)},
        ),
        (
            {"rewards": {"r": {"points": 1, "from": "2027-02-02", "until": "2027-01-01"}}},
            {("params.rewards.r.until", RuleFlaw.ZERO_WINDOW)},
        ),
        (
            {"redeem_stores": ["S01"], "rewards": {"r": {"points": 1, "stores": ["S02"]}}},
            {("params.rewards.r.stores", RuleFlaw.NEVER_TRUE)},
        ),
    ],
)
def test_each_wrong_parameter_is_named_with_its_reason(params: dict[str, Any], expected: set[tuple[str, RuleFlaw]]) -> None:
    assert found(with_params(**params)) == expected


@pytest.mark.parametrize(
    ("params", "field", "attribute"),
    [
        ({"sex": "F"}, "params.sex", "sex"),
        ({"age_band": "18-25"}, "params.age_band", "age_band"),
        ({"multipliers": [{**HALF, "district": "330102"}]}, "params.multipliers.M.district", "district"),
        ({"multipliers": [{**HALF, "tag": "price_sensitivity:low"}]}, "params.multipliers.M.tag", "price_sensitivity"),
        ({"excluded_sale_tags": ["sex:female"]}, "params.excluded_sale_tags.1", "sex"),
        ({"tiers": [{"name": "base", "min": 0}, {"name": "seniors", "min": 1}]}, "params.tiers.2.name", "age_band"),
        ({"rewards": {"mug": {"points": 1, "min_age": 60}}}, "params.rewards.mug.min_age", "age_band"),
        ({"multipliers": [{**HALF, "tag": "性别"}]}, "params.multipliers.M.tag", "sex"),
        ({"multipliers": [{**HALF, "tag": "老人"}]}, "params.multipliers.M.tag", "age_band"),
    ],
)
def test_a_forbidden_attribute_is_refused_by_name(params: dict[str, Any], field: str, attribute: str) -> None:
    examined = examine(with_params(**params), TODAY, shipped_base)
    assert [(one.field, one.about) for one in examined.findings if one.flaw is RuleFlaw.FORBIDDEN_ATTRIBUTE] == [(field, attribute)]


def test_goods_stores_and_what_the_law_asks_are_no_attributes_of_a_person() -> None:
    rewards = {"women_scarf": {"points": 5, "adult_only": True}}
    assert found(with_params(excluded_categories=["women_shoes"], rewards=rewards, redeem_stores=["city_mall"])) == set()
    assert found(with_params(multipliers=[{**HALF, "tag": "storage_sale"}])) == set()


def test_every_flaw_is_named_at_once_and_not_only_the_first() -> None:
    document = yonghui(foo=1, format=2)
    document["params"] |= {"hold_minutes": 0, "round_at": "x", "sex": "F"}
    document["params"]["multipliers"][1]["pct"] = 7
    assert found(document) == {
        ("foo", RuleFlaw.UNKNOWN_FIELD),
        ("format", RuleFlaw.BAD_FIELD),
        ("params.hold_minutes", RuleFlaw.ZERO_WINDOW),
        ("params.round_at", RuleFlaw.BAD_FIELD),
        ("params.sex", RuleFlaw.FORBIDDEN_ATTRIBUTE),
        ("params.multipliers.BIRTHDAY.pct", RuleFlaw.BAD_FIELD),
    }


def test_a_wrong_shape_hides_nothing_that_is_meant_wrong_elsewhere() -> None:
    document = yonghui(effective_from="2026-01-01", notice_days=5, foo=1)
    del document["names"]["multipliers"]["HOLIDAY"]["en"]
    document["params"] |= {"hold_minutes": 0, "redeem_months": [], "excluded_categories": [1, "a", 2], "void_below": 7}
    document["params"]["multipliers"][1]["pct"] = 7
    document["params"]["multipliers"].append({**HALF, "code": "MOON", "dates": [["2026-03-01", "2026-02-01"]]})
    document["params"]["rewards"] |= {"cup": {"points": 0, "stock": -1}, "pan": {"points": 5, "per_member": 0}}
    assert found(document) == {
        ("foo", RuleFlaw.UNKNOWN_FIELD),
        ("effective_from", RuleFlaw.EFFECTIVE_PAST),
        ("notice_days", RuleFlaw.NOTICE_TOO_SHORT),
        ("names.multipliers.HOLIDAY.en", RuleFlaw.NAME_MISSING),
        ("params.hold_minutes", RuleFlaw.ZERO_WINDOW),
        ("params.redeem_months", RuleFlaw.NEVER_TRUE),
        ("params.excluded_categories.1", RuleFlaw.BAD_FIELD),
        ("params.excluded_categories.3", RuleFlaw.BAD_FIELD),
        ("params.void_below", RuleFlaw.NO_EFFECT),
        ("params.multipliers.BIRTHDAY.pct", RuleFlaw.BAD_FIELD),
        ("params.multipliers.MOON.dates", RuleFlaw.ZERO_WINDOW),
        ("params.rewards.cup.points", RuleFlaw.BAD_FIELD),
        ("params.rewards.cup.stock", RuleFlaw.BAD_FIELD),
        ("params.rewards.pan.per_member", RuleFlaw.NEVER_TRUE),
    } | {(f"names.multipliers.MOON.{language}", RuleFlaw.NAME_MISSING) for language in WORDS}


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        # Each second parameter would be wrong only if what stands in for the first were what is meant.
        ({"tiers": "x", "multipliers": [{**HALF, "tier": "gold"}]}, "params.tiers"),
        ({"tiers": "x", "rewards": {"r": {"points": 1, "min_tier": "gold"}}}, "params.tiers"),
        ({"expiry": "x", "void_below": 5}, "params.expiry"),
        ({"expiry": "x", "expiry_months": 5}, "params.expiry"),
        ({"rewards": 5, "redeem_rewards_only": True}, "params.rewards"),
    ],
)
def test_nothing_is_made_up_of_what_could_not_be_read(params: dict[str, Any], expected: str) -> None:
    assert found(with_params(**params) | {"names": {"multipliers": {"M": WORDS}} if "multipliers" in params else {}}) == {
        (expected, RuleFlaw.BAD_FIELD)
    }


def test_of_a_file_whose_base_nobody_knows_only_what_it_says_itself_is_examined() -> None:
    document = yonghui(based_on="none-such", notice_days=3)
    document["params"] = {"redeem_months": [4, 4], "void_below": 5, "multipliers": [{**HALF, "tier": "gold"}]}
    assert found(document) == {
        ("based_on", RuleFlaw.BASE_UNKNOWN),
        ("notice_days", RuleFlaw.NOTICE_TOO_SHORT),
        ("params.redeem_months", RuleFlaw.TWICE),
    }


def test_the_notice_period_stands_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "load_notice_rules", lambda: NoticeRules("other", 45, 30))
    assert found(yonghui(notice_days=44)) == {("notice_days", RuleFlaw.NOTICE_TOO_SHORT)}
    assert found(yonghui(notice_days=45)) == set()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ({"based_on": "none-such"}, ("based_on", RuleFlaw.BASE_UNKNOWN)),
        ({"effective_from": "2026-11-25"}, ("effective_from", RuleFlaw.EFFECTIVE_PAST)),
        ({"effective_from": "2026-02-30"}, ("effective_from", RuleFlaw.BAD_FIELD)),
        ({"notice_days": 29}, ("notice_days", RuleFlaw.NOTICE_TOO_SHORT)),
        ({"version": "a b"}, ("version", RuleFlaw.BAD_FIELD)),
    ],
)
def test_each_wrong_line_of_the_head_is_named(head: dict[str, Any], expected: tuple[str, RuleFlaw]) -> None:
    assert found(yonghui(**head)) == {expected}
    assert found(yonghui(effective_from="2026-11-26")) == set()


def test_names_are_needed_in_three_languages_and_for_nothing_that_is_not_there() -> None:
    document = yonghui()
    del document["names"]["multipliers"]["BIRTHDAY"]["zh-Hant"]
    document["names"]["multipliers"]["MOON"] = WORDS
    assert found(document) == {
        ("names.multipliers.BIRTHDAY.zh-Hant", RuleFlaw.NAME_MISSING),
        ("names.multipliers.MOON", RuleFlaw.UNKNOWN_FIELD),
    }


DRAWN, LONG, LANGUAGE = RuleFlaw.CANNOT_BE_DRAWN, RuleFlaw.NAME_TOO_LONG, RuleFlaw.WRONG_LANGUAGE


@pytest.mark.parametrize(
    ("language", "name", "flaws"),
    [
        ("en", "gold \U0001f451", {DRAWN}),
        ("zh-Hans", "金卡\U0001f451", {DRAWN}),
        ("en", "x" * 200, {LONG}),
        ("en", "Grand Platinum!", {LONG}),
        ("zh-Hans", "至尊铂金钻石卡", {LONG}),
        ("zh-Hant", "至尊鉑金鑽石卡", {LONG}),
        ("en", "Go\nld", {DRAWN}),
        ("en", "\u202egold", {DRAWN}),
        ("en", "\u200b", {DRAWN}),
        ("zh-Hans", "金\u00ad卡", {DRAWN}),
        ("zh-Hans", "金\u3000卡", {DRAWN}),
        ("en", " Gold", {RuleFlaw.BAD_FIELD}),
        ("en", "金卡 Gold", {LANGUAGE}),
        ("zh-Hans", "金卡会员", {RuleFlaw.NAME_SAYS_MEMBER}),
        ("zh-Hans", "金卡會員", {RuleFlaw.NAME_SAYS_MEMBER}),
        ("zh-Hant", "金卡會員", {RuleFlaw.NAME_SAYS_MEMBER}),
        ("zh-Hant", "会员", {RuleFlaw.NAME_SAYS_MEMBER}),
        ("zh-Hans", "VIP", set()),
        ("zh-Hans", "至尊铂金钻石", set()),
        ("zh-Hant", "會員之星", set()),
        ("en", "Grand Platinum", set()),
        ("en", "Élite member", set()),
    ],
)
def test_a_name_of_a_tier_is_such_that_every_page_can_show_it(language: str, name: str, flaws: set[RuleFlaw]) -> None:
    document = with_params(tiers=[{"name": "a", "min": 0}])
    document["names"]["tiers"] = {"a": {**WORDS, language: name}}
    assert found(document) == {(f"names.tiers.a.{language}", flaw) for flaw in flaws}


@pytest.mark.parametrize(
    ("language", "name", "flaws"),
    [
        ("en", "Double\u200bpoints", {DRAWN}),
        ("en", "x" * 41, {LONG}),
        ("zh-Hans", "会" * 21, {LONG}),
        ("en", "生日", {LANGUAGE}),
        ("en", "Double points for the whole of your week", set()),
        ("zh-Hans", "新会员", set()),
    ],
)
def test_a_name_of_a_multiplier_has_a_line_of_its_own(language: str, name: str, flaws: set[RuleFlaw]) -> None:
    document = with_params(multipliers=[{**HALF, "birthday": True}])
    document["names"]["multipliers"] = {"M": {**WORDS, language: name}}
    assert found(document) == {(f"names.multipliers.M.{language}", flaw) for flaw in flaws}


def test_a_finding_names_what_nobody_sees_by_its_number() -> None:
    document = with_params(tiers=[{"name": "a", "min": 0}])
    document["names"]["tiers"] = {"a": {**WORDS, "en": "\u202eGold\u200b"}}
    assert [one.about for one in examine(document, TODAY, shipped_base).findings] == ["U+200B U+202E"]


def test_what_a_file_does_not_say_comes_from_its_base_names_included() -> None:
    document = {"format": 1, "version": "v2", "based_on": "yonghui-card", "params": {"pending_days": 7}}
    rules = examine(document, TODAY, shipped_base).rules
    assert rules is not None
    assert (rules.parameters.pending_days, rules.parameters.redeem_months) == (7, load_rule_set("yonghui-card").redeem_months)
    assert rules.names.multipliers["BIRTHDAY"]["en"] == "birthday"
    # Without its multipliers the base's names are of nothing and go too.
    assert found({**document, "params": {"multipliers": []}}) == set()


def test_two_files_cannot_begin_on_one_day_or_be_one_version() -> None:
    first = examine(yonghui(version="a", effective_from="2027-01-01"), TODAY, shipped_base)
    second = examine(yonghui(version="b", effective_from="2027-01-01"), TODAY, shipped_base)
    third = examine(yonghui(version="b", effective_from="2027-02-01"), TODAY, shipped_base)
    together = examine_together({"1": first, "2": second, "3": third, "4": Examined(None, ())})
    assert {name: [one.flaw for one in findings] for name, findings in together.items()} == {
        "1": [],
        "2": [RuleFlaw.EFFECTIVE_TAKEN],
        "3": [RuleFlaw.VERSION_TAKEN],
        "4": [],
    }


@pytest.mark.parametrize("name", [*RULE_SETS, HOUSE])
def test_a_kept_file_is_read_again_as_it_was(name: str) -> None:
    rules = examine(rule_set_document(name), TODAY, shipped_base).rules
    assert rules is not None
    assert from_json(json.loads(json.dumps(as_json(rules)))) == rules


def test_the_schema_file_is_what_the_dataclasses_make() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "python -m server_stub.domain.program.schema"


def test_every_flaw_has_its_words_in_three_languages() -> None:
    words = tomllib.loads((ROOT / "server_stub/cli/rule_flaws.toml").read_text("utf-8"))
    assert set(words) == {flaw.value for flaw in RuleFlaw}
    assert all(set(texts) == {"zh-Hans", "zh-Hant", "en"} and all(texts.values()) for texts in words.values())
