"""The model of the tills' arithmetic gives what the examples and a pencil give."""

from __future__ import annotations

import json
import re
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.model.comparison import CannotPlay, agrees, by_command, first_difference, shrunk
from tests.model.earning import earned, points, rounded
from tests.model.events import OPS
from tests.model.parameters import Program, program_of
from tests.model.player import Player, play
from tests.model.reasons import Reason
from tests.model.scripts.writer import script

EXAMPLES = sorted(path for path in (Path(__file__).parents[1] / "data" / "till").glob("*.jsonl") if ".expected" not in path.name)
AT = "2026-02-16T10:00:00+08:00"
ONE = Fraction(1)
SCRIPTS = 80


def _lines(*events: dict[str, Any]) -> list[dict[str, Any]]:
    return play("\n".join(json.dumps(event) for event in events))


def _program(rule_set: str = "plain", **params: Any) -> dict[str, Any]:
    return {"op": "program", "at": AT, "rule_set": rule_set, "params": params}


def _member(name: str = "m1", **more: Any) -> dict[str, Any]:
    return {"op": "member", "at": AT, "request_id": f"join-{name}", "member": name} | more


def _sale(name: str = "s1", fen: int = 10_000, **more: Any) -> dict[str, Any]:
    lines = [{"sku": "x", "category": "food", "qty": 1, "unit_price_fen": fen}]
    return {"op": "sale", "at": AT, "request_id": f"q-{name}", "sale_id": name, "member": "m1", "store": "S01", "lines": lines} | more


def _return(name: str, sale: str, **more: Any) -> dict[str, Any]:
    return {"op": "return", "at": AT, "request_id": f"q-{name}", "return_id": name, "sale_id": sale} | more


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 14


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_its_expected_lines(script: Path) -> None:
    expected = [json.loads(line) for line in script.with_suffix(".expected.jsonl").read_text(encoding="utf-8").splitlines()]
    assert play(script.read_text(encoding="utf-8")) == expected


@pytest.mark.parametrize(("where", "value"), [("end", 257), ("base", 256)])
def test_128_yuan_50_twice(where: str, value: int) -> None:
    assert points(Program(round_at=where), 12_850, Fraction(2)) == value


@pytest.mark.parametrize(("stacking", "value"), [("highest", 200), ("multiply", 240)])
def test_spring_festival_paid_by_card(stacking: str, value: int) -> None:
    sale = _sale(tenders=[{"type": "member_card", "fen": 10_000}])
    assert _lines(_program("yonghui-card", stacking=stacking), _member(), sale)[-1]["points"] == value


@pytest.mark.parametrize(("order", "value"), [("before", 99), ("after", 100)])
def test_99_yuan_80_eligible_of_128_yuan_50(order: str, value: int) -> None:
    assert earned(Program(exclusion_order=order), 12_850, 9_980, ONE) == value


@pytest.mark.parametrize(("mode", "values"), [("down", [0, 0, 1, 1]), ("half_up", [0, 1, 1, 2]), ("up", [1, 1, 1, 2])])
def test_the_three_roundings(mode: str, values: list[int]) -> None:
    assert [rounded(Fraction(part, 4), mode) for part in (1, 2, 4, 6)] == values


def test_products_beyond_64_bits_are_exact() -> None:
    assert points(Program(fen_per_point=2**53 - 1), 2**53 - 1, Fraction(1000)) == 1000


def test_three_equal_lines_returned_one_by_one() -> None:
    lines = [{"sku": "x", "category": "food", "qty": 1, "unit_price_fen": 350}] * 3
    returns = [_return(f"r{line}", "s1", lines=[{"line": line, "qty": 1}]) for line in (1, 2, 3)]
    assert [line["taken_back"] for line in _lines(_program(), _member(), _sale(lines=lines), *returns)[-3:]] == [3, 3, 4]


def test_a_rule_set_is_what_its_parameters_override() -> None:
    assert program_of("wanjia-plaza", {"pooling": True}).expiry_months == 6
    assert program_of("wanjia-plaza", {"pooling": True}).pooling


def test_a_return_that_would_need_debt_is_refused_and_leaves_nothing_behind() -> None:
    spent = {"op": "redeem", "at": AT, "request_id": "d", "redemption_id": "d", "step": "now", "member": "m1", "points": 60}
    asked = {"op": "balance", "at": AT, "member": "m1"}
    *_, refused, balance = _lines(_program(shortfall="refuse"), _member(), _sale(), spent, _return("r1", "s1"), asked)
    assert refused["reason"] == "POINTS_SHORT"
    assert (balance["balance"]["available"], balance["balance"]["year_points"]) == (40, 100)


def test_points_spent_on_a_returned_sale_come_back_before_earned_ones_are_taken() -> None:
    """60 of 100 were spent on the sale itself: all 60 come back, then all 100 are taken: nothing is left and nothing is owed."""
    spent = {
        "op": "redeem",
        "at": AT,
        "request_id": "d",
        "redemption_id": "d",
        "step": "now",
        "member": "m1",
        "points": 60,
        "sale_id": "s1",
    }
    result = _lines(_program(shortfall="refuse"), _member(), _sale(), spent, _return("r1", "s1"))[-1]
    assert [(one["kind"], one["points"]) for one in result["entries"]] == [("REDEMPTION_REVERSAL", 60), ("ACCRUAL_REVERSAL", -100)]
    assert (result["given_back"], result["after"]["available"], result["after"]["debt"]) == (60, 0, 0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[]", "BAD_JSON"),
        ("NaN", "BAD_JSON"),
        ('{"op":7}', "UNKNOWN_OP"),
        ('{"op":"comment","text":"","at":"2026-01-01T00:00:00Z"}', "UNKNOWN_FIELD"),
        ('{"op":"balance","member":true,"x":1}', "UNKNOWN_FIELD"),
        ('{"op":"balance","member":true}', "MISSING_FIELD"),
        ('{"op":"balance","at":"2026-01-01T00:00:00Z","member":"m\\n"}', "BAD_FIELD"),
        ('{"op":"balance","at":"2026-02-29T00:00:00Z","member":"m"}', "BAD_FIELD"),
        ('{"op":"balance","at":"2026-01-01T00:00:00-05:00","member":"m"}', "BAD_FIELD"),
        ('{"op":"balance","at":"2026-01-01T00:00:00Z","member":"m"}', "PROGRAM_MISSING"),
    ],
)
def test_what_is_no_event_is_refused(line: str, reason: str) -> None:
    assert play(line)[0]["reason"] == reason


@pytest.mark.parametrize("number", ["1.0", "1e3", "true", '"1"', "9007199254740992", "1" + "0" * 5000, "null"])
def test_what_is_no_integer_literal_is_a_bad_field(number: str) -> None:
    line = json.dumps(_sale(fen=4711)).replace("4711", number)
    assert play(line)[0]["reason"] == "BAD_FIELD"


def test_the_largest_integer_is_none() -> None:
    line = json.dumps(_sale(fen=2**53 - 1, member="nobody"))
    assert play(line)[0]["reason"] == "PROGRAM_MISSING"


def test_blank_lines_count_and_a_line_separator_in_a_string_ends_no_line() -> None:
    assert [line["n"] for line in play('\n{"op":"comment","text":"\u2028"}\n \r\n{"op":"comment","text":""}')] == [2, 4]


def test_the_model_knows_nothing_of_the_product() -> None:
    sources = (Path(__file__).parents[1] / "model").glob("*.py")
    assert not [
        path.name for path in sources if re.search(r"^(?:from|import) (?:server_stub|kiosk|proto)", path.read_text("utf-8"), re.MULTILINE)
    ]


@cache
def _random_results() -> list[dict[str, Any]]:
    """Result lines of many random scripts."""
    return [line for seed in range(SCRIPTS) for line in play(script(seed, 100))]


def test_random_scripts_reach_every_op_and_every_reason() -> None:
    assert {line["op"] for line in _random_results() if line["ok"]} == OPS
    assert set(Reason) - {line["reason"] for line in _random_results() if not line["ok"]} == set()


def test_a_seed_gives_the_same_script_again() -> None:
    assert script(7, 60) == script(7, 60)
    assert script(7, 60) != script(8, 60)


def _mistaken(text: str) -> list[dict[str, Any]]:
    """A player that earns one point too many where a sale gave exactly 100."""
    return [line | {"points": 101} if line.get("points") == 100 else line for line in play(text)]


def test_a_player_like_the_model_does_not_differ() -> None:
    text = script(3)
    assert first_difference(text, lambda same: [line | {"more": 1} for line in play(same)]) is None


def test_a_mistake_is_found_and_the_script_cut_down_to_it() -> None:
    comments = [{"op": "comment", "text": str(number)} for number in range(10)]
    text = "\n".join(map(json.dumps, [*comments, _program(), _member(), *comments, _sale(), *comments, _sale("s2")]))
    found = first_difference(text, _mistaken)
    assert found is not None
    assert found.number == 23
    shortest = shrunk(found, _mistaken)
    assert [json.loads(line)["op"] for line in shortest.script.split("\n")] == ["program", "member", "sale"]
    assert "101" in str(shortest)


@pytest.mark.parametrize(("expected", "got"), [(1, True), ([1, 2], [2, 1]), ({"a": None}, {}), ([1], [1, 1]), ("1", 1)])
def test_what_does_not_agree(expected: Any, got: Any) -> None:
    assert not agrees(expected, got)


def test_a_command_is_asked_like_a_function(tmp_path: Path) -> None:
    broken = by_command([sys.executable, "-c", "print('no line')"])
    with pytest.raises(CannotPlay):
        first_difference("", broken)
    assert first_difference(script(5, 40), by_command([sys.executable, "-m", "tests.model", "FILE"])) is None


def _answers(line: dict[str, Any]) -> dict[str, Any]:
    """What a replay must give as it was given first."""
    return {name: value for name, value in line.items() if name not in {"n", "op", "after", "replayed"}}


@pytest.mark.parametrize("seed", range(200, 220))
def test_a_whole_log_sent_again_changes_nothing(seed: int) -> None:
    player = Player()
    text = script(seed, 80)
    first = {line["n"]: line for line in player.play(text)}
    assert player.clock is not None
    at = player.clock.isoformat()
    events = {number: json.loads(line) for number, line in enumerate(text.split("\n"), 1) if first.get(number, {}).get("ok")}
    requests = {number: event for number, event in events.items() if "request_id" in event and "replayed" not in first[number]}
    asked = [{"op": "balance", "at": at, "member": name} for name in ("m1", "m2", "m3")]
    again = [event | {"at": at} for event in requests.values()]
    before, *rest = (player.line(9000, json.dumps({"op": "expire", "at": at})), *(player.line(9000, json.dumps(one)) for one in asked))
    replayed = [player.line(9000, json.dumps(event)) for event in again]
    assert before["ok"]
    assert all(line["replayed"] for line in replayed)
    assert [_answers(line) for line in replayed] == [_answers(first[number]) for number in requests]
    assert [player.line(9000, json.dumps(one)) for one in asked] == rest
    assert player.line(9000, json.dumps({"op": "expire", "at": at}))["expired"] == 0


def test_no_merge_makes_or_loses_points() -> None:
    merges = [line for line in _random_results() if line["op"] in {"merge", "unmerge"} and line["ok"]]
    assert {line["op"] for line in merges} == {"merge", "unmerge"}
    assert {line["points"] for line in merges} == {0}
