"""Shapes of events: every field of every op, missing, unknown and wrong, and the order in which that is said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server_stub.till.events import _STEPS, read_event, shape_of
from server_stub.till.reader import NotWhole
from server_stub.till.reasons import LineRefused, ScriptReason

AT = "2026-06-01T10:00:00+08:00"
LINE = {"sku": "a", "category": "food", "qty": 1, "unit_price_fen": 100, "discount_fen": 5}
REQUEST = {"at": AT, "request_id": "q1"}

# Every op and step with every field that it has.
FULL: dict[str, dict[str, Any]] = {
    "comment": {"op": "comment", "text": ""},
    "program": {"op": "program", "at": AT, "rule_set": "plain", "params": {}},
    "member": {
        "op": "member",
        **REQUEST,
        "member": "m1",
        "joined_on": "2026-01-01",
        "birthday": "2000-02-29",
        "minor": False,
        "guardian": "m2",
        "id_token": "身份",
        "tier_points": {"2025": 2300},
    },
    "sale": {
        "op": "sale",
        **REQUEST,
        "sale_id": "s1",
        "member": "m1",
        "store": "S01",
        "lines": [LINE],
        "tenders": [{"type": "cash", "fen": 95}],
        "tags": ["t"],
        "currency": "CNY",
        "occurred_at": "2026-06-01T02:00:00Z",
    },
    "return": {"op": "return", **REQUEST, "return_id": "r1", "sale_id": "s1", "lines": [{"line": 1, "qty": 1}]},
    "now": {
        "op": "redeem",
        **REQUEST,
        "redemption_id": "d1",
        "step": "now",
        "member": "m1",
        "reward": "towel",
        "qty": 2,
        "store": "S01",
        "device": "k1",
        "sale_id": "s1",
    },
    "hold": {"op": "redeem", **REQUEST, "redemption_id": "d1", "step": "hold", "member": "m1", "points": 5, "store": "S", "device": "k"},
    "commit": {"op": "redeem", **REQUEST, "redemption_id": "d1", "step": "commit", "points": 5, "device": "k1"},
    "cancel": {"op": "redeem", **REQUEST, "redemption_id": "d1", "step": "cancel"},
    "reverse": {"op": "redeem", **REQUEST, "redemption_id": "d1", "step": "reverse"},
    "adjust": {
        "op": "adjust",
        **REQUEST,
        "member": "m1",
        "points": -5,
        "reason": "r",
        "by": "a",
        "approved_by": "b",
        "case": "C",
        "expires_on": "2027-01-01",
    },
    "issue": {
        "op": "coupon",
        **REQUEST,
        "coupon_id": "c1",
        "step": "issue",
        "member": "m1",
        "off_fen": 500,
        "valid_from": "2026-06-01",
        "valid_to": "2026-06-01",
        "min_spend_fen": 0,
        "stores": ["S01"],
        "weekdays": [1, 7],
    },
    "claim": {"op": "coupon", **REQUEST, "coupon_id": "c1", "step": "claim", "member": "m1"},
    "redeem coupon": {
        "op": "coupon",
        **REQUEST,
        "coupon_id": "c1",
        "step": "redeem",
        "member": "m1",
        "sale_id": "s1",
        "store": "S01",
        "basket_fen": 0,
    },
    "roll_back": {"op": "coupon", **REQUEST, "coupon_id": "c1", "step": "roll_back"},
    "void": {"op": "coupon", **REQUEST, "coupon_id": "c1", "step": "void"},
    "expire": {"op": "expire", "at": AT},
    "merge": {"op": "merge", **REQUEST, "merge_id": "g1", "from": "m1", "into": "m2", "by": "a", "approved_by": "b"},
    "unmerge": {"op": "unmerge", **REQUEST, "merge_id": "g1", "by": "a", "approved_by": "b"},
    "balance": {"op": "balance", "at": AT, "member": "m1"},
    "replay": {"op": "replay", "at": AT, "of": "q1", "change": {"store": "S02", "new": None}},
}
IDS = ("request_id", "sale_id", "return_id", "redemption_id", "coupon_id", "merge_id", "member", "guardian", "from", "into", "of", "reward")
TEXTS = ("store", "device", "id_token", "currency", "reason", "by", "approved_by", "case")
DAYS = ("joined_on", "birthday", "valid_from", "valid_to", "expires_on")
BIG = 2**53
NUMBERS = (1.0, NotWhole(), True, "1", None, [], BIG, -BIG)

WRONG: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(IDS, ("", "a b", "x" * 65, "é", "a\n", 1, None, [])),
    **dict.fromkeys(TEXTS, ("", "x" * 201, "\ud800", "\0", 1, None, [])),
    **dict.fromkeys(DAYS, ("", "2026-02-29", "2026-2-3", "1899-12-31", "3000-01-01", "2026-02-03T00:00:00Z", "٢٠٢٦-01-01", 20260101, None)),
    **dict.fromkeys(
        ("at", "occurred_at"),
        (
            "2026-06-01T10:00:00",
            "2026-06-01T10:00:00-01:00",
            "2026-06-01 10:00:00Z",
            "2026-06-01T10:00Z",
            "2026-06-01T10:00:00.5Z",
            "2026-06-01T10:00:60Z",
            "2026-06-01T24:00:00Z",
            "2026-06-01T10:00:00z",
            "2026-06-01T10:00:00+0800",
            "2026-06-01T10:00:00+24:00",
            "2026-06-01T10:00:00+08:60",
            "1899-06-01T10:00:00Z",
            "3000-06-01T10:00:00Z",
            "2026-06-31T10:00:00Z",
            1,
            None,
        ),
    ),
    "op": (),
    "text": (1, None, []),
    "rule_set": ("", "Plain", None, 1),
    "params": ([], None, {"fen_per_point": 0}),
    "minor": (0, 1, "true", None),
    "tier_points": (
        [],
        None,
        {"25": 1},
        {"1899": 1},
        {"2027": 1},
        {"x": 1},
        *({"2025": number} for number in NUMBERS),
        {"2025": -1},
    ),
    "lines": (None, {}, [[]], [None]),
    "tenders": (None, {}, [1], [{"type": "", "fen": 1}], [{"type": "cash", "fen": -1}], *([{"type": "cash", "fen": n}] for n in NUMBERS)),
    "tags": (None, "t", [""], [1], [None]),
    "step": ("", "NOW", None, 1, "later"),
    "points": NUMBERS,
    "qty": (*NUMBERS, 0),
    "off_fen": (*NUMBERS, 0),
    "min_spend_fen": (*NUMBERS, -1),
    "basket_fen": (*NUMBERS, -1),
    "stores": (None, "S01", [1], [""]),
    "weekdays": (None, 1, [], [0], [8], [True], ["1"]),
    "change": (None, [], {"points": NotWhole()}, {"lines": [{"qty": NotWhole()}]}),
}


def reason_of(document: dict[str, Any]) -> ScriptReason:
    with pytest.raises(LineRefused) as error:
        read_event(document)
    assert isinstance(error.value.reason, ScriptReason)
    return error.value.reason


def each_field() -> list[tuple[str, str]]:
    return [(name, field) for name, document in FULL.items() for field in document if field != "op"]


@pytest.mark.parametrize("name", FULL)
def test_an_event_with_all_its_fields_is_read(name: str) -> None:
    assert read_event(FULL[name]).keys() == FULL[name].keys()


@pytest.mark.parametrize("name", FULL)
def test_the_samples_hold_every_field_that_the_format_has(name: str) -> None:
    shape = shape_of(FULL[name])
    # points, or a reward and pieces of it
    assert (shape.required.keys() | shape.optional.keys()) - FULL[name].keys() <= {"points", "reward", "qty"}


def test_the_samples_hold_every_step() -> None:
    assert {(document["op"], document["step"]) for document in FULL.values() if "step" in document} == set(_STEPS)


@pytest.mark.parametrize(("name", "field"), each_field())
def test_a_wrong_value_is_refused(name: str, field: str) -> None:
    tried = 0
    for value in WRONG[field]:
        if field == "lines" and name not in {"sale", "return"}:
            continue
        assert reason_of({**FULL[name], field: value}) is ScriptReason.BAD_FIELD, value
        tried += 1
    assert tried


@pytest.mark.parametrize(("name", "field"), each_field())
def test_a_field_is_either_optional_or_missed(name: str, field: str) -> None:
    document = {key: value for key, value in FULL[name].items() if key != field}
    is_required = field in shape_of(FULL[name]).required or (name == "now" and field == "reward") or (name == "hold" and field == "points")
    if is_required:
        assert reason_of(document) is ScriptReason.MISSING_FIELD
    else:
        assert field not in read_event(document)


@pytest.mark.parametrize("name", FULL)
def test_an_unknown_field_is_said_before_anything_else(name: str) -> None:
    assert reason_of({**FULL[name], "more": 1}) is ScriptReason.UNKNOWN_FIELD
    assert reason_of({"op": FULL[name]["op"], "step": FULL[name].get("step", ""), "more": 1}) is ScriptReason.UNKNOWN_FIELD


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, ScriptReason.UNKNOWN_OP),
        ({"op": None, "more": 1}, ScriptReason.UNKNOWN_OP),
        ({"op": ["sale"]}, ScriptReason.UNKNOWN_OP),
        ({"op": "Sale"}, ScriptReason.UNKNOWN_OP),
        ({"op": "comment", "text": "x", "at": AT}, ScriptReason.UNKNOWN_FIELD),
        ({"op": "expire", **REQUEST}, ScriptReason.UNKNOWN_FIELD),
        ({**FULL["balance"], "request_id": "q"}, ScriptReason.UNKNOWN_FIELD),
        ({**FULL["hold"], "sale_id": "s1"}, ScriptReason.UNKNOWN_FIELD),
        ({**FULL["cancel"], "device": "k1"}, ScriptReason.UNKNOWN_FIELD),
        ({**FULL["void"], "member": "m1"}, ScriptReason.UNKNOWN_FIELD),
        ({**FULL["cancel"], "step": "later", "points": 1}, ScriptReason.BAD_FIELD),
        ({**FULL["hold"], "reward": "towel"}, ScriptReason.BAD_FIELD),
        ({**FULL["hold"], "qty": 1}, ScriptReason.BAD_FIELD),
        ({**FULL["hold"], "points": 0}, ScriptReason.BAD_FIELD),
        ({**FULL["commit"], "points": 0}, ScriptReason.BAD_FIELD),
        ({**FULL["issue"], "valid_to": "2026-05-31"}, ScriptReason.BAD_FIELD),
        ({**FULL["program"], "params": {"tier": []}}, ScriptReason.UNKNOWN_FIELD),
        ({**FULL["program"], "params": {"tiers": [{"name": "a"}]}}, ScriptReason.MISSING_FIELD),
        ({**FULL["program"], "params": {"tiers": [{"name": "a", "min": 1}]}}, ScriptReason.BAD_FIELD),
        ({**FULL["return"], "lines": [{"line": 1, "qty": 1}, {"line": 1, "qty": 2}]}, ScriptReason.BAD_FIELD),
        ({**FULL["sale"], "lines": []}, ScriptReason.BAD_FIELD),
        ({**FULL["sale"], "lines": [LINE] * 501}, ScriptReason.BAD_FIELD),
        ({**FULL["sale"], "lines": [{**LINE, "vat": 1}], "at": 1}, ScriptReason.UNKNOWN_FIELD),
        ({**FULL["sale"], "lines": [{**LINE, "qty": "1"}, {"sku": "b"}]}, ScriptReason.MISSING_FIELD),
        *(({**FULL["sale"], "lines": [{**LINE, "qty": number}]}, ScriptReason.BAD_FIELD) for number in NUMBERS),
        *(({**FULL["sale"], "lines": [{**LINE, "unit_price_fen": number}]}, ScriptReason.BAD_FIELD) for number in (*NUMBERS, -1)),
        *(({**FULL["sale"], "lines": [{**LINE, "discount_fen": number}]}, ScriptReason.BAD_FIELD) for number in (*NUMBERS, -1)),
        *(({**FULL["return"], "lines": [{"line": number, "qty": 1}]}, ScriptReason.BAD_FIELD) for number in NUMBERS),
        *(({**FULL["return"], "lines": [{"line": 1, "qty": number}]}, ScriptReason.BAD_FIELD) for number in NUMBERS),
    ],
)
def test_flaws_are_told_apart(document: dict[str, Any], reason: ScriptReason) -> None:
    assert reason_of(document) is reason


def test_values_that_only_the_service_can_judge_pass() -> None:
    assert read_event({**FULL["sale"], "lines": [{**LINE, "qty": -(BIG - 1)}] * 500})["lines"][0]["qty"] == -(BIG - 1)
    assert read_event({**FULL["return"], "lines": [{"line": 0, "qty": 0}]})["lines"] == ({"line": 0, "qty": 0},)
    assert read_event({**FULL["adjust"], "points": 0})["points"] == 0


def test_values_are_read_as_what_they_are() -> None:
    assert read_event(FULL["member"])["tier_points"] == {2025: 2300}
    assert read_event(FULL["issue"])["valid_from"] == date(2026, 6, 1)
    assert read_event(FULL["sale"])["occurred_at"] == datetime(2026, 6, 1, 2, tzinfo=UTC) == read_event(FULL["sale"])["at"]
