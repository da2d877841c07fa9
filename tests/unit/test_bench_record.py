"""Benchmarks are written down so that a goal that fails cannot look as if it held."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.measurement import Measurement, bench
from tests.bench.record import as_row, merge, page


@pytest.mark.parametrize(
    ("value", "better", "holds"),
    [(50.0, "lower", True), (50.1, "lower", False), (50.0, "higher", True), (49.9, "higher", False)],
)
def test_a_goal_holds_up_to_its_figure(value: float, better: str, *, holds: bool) -> None:
    assert Measurement("x", value, "ms", goal=50.0, better=better).holds is holds  # type: ignore[arg-type]


def test_the_ratio_is_value_by_baseline() -> None:
    assert Measurement("x", 30.0, "ms", baseline=60.0).ratio == 0.5
    assert Measurement("x", 30.0, "ms").ratio is None


def test_rows_have_the_agreed_keys() -> None:
    row = as_row(Measurement("x", 30.0, "ms", goal=20.0))
    assert {"name", "value", "unit", "baseline", "ratio", "goal", "holds"} <= set(row)
    assert row["holds"] is False


def test_one_benchmark_leaves_the_others_rows(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    merge([as_row(Measurement("a", 1, "ms")), as_row(Measurement("b", 1, "ms"))], file)
    merge([as_row(Measurement("b", 2, "ms"))], file)
    assert [(row["name"], row["value"]) for row in json.loads(file.read_text(encoding="utf-8"))] == [("a", 1), ("b", 2)]


def test_the_page_names_a_missed_goal() -> None:
    text = page([as_row(Measurement("frame", 70.0, "ms", goal=50.0)), as_row(Measurement("idle", 1.5, "%", goal=2.0))])
    assert "| `frame` | 70 ms | ≤ 50 | **no** |" in text
    assert "| `idle` | 1.5 % | ≤ 2 | yes |" in text
    assert "- `frame`: not looked into yet." in text
    assert "- `idle`" not in text


def test_the_page_says_why_a_goal_is_missed() -> None:
    text = page([as_row(Measurement("identify.of_pgbench_prepared", 0.1, "x", goal=0.3, better="higher"))])
    assert "- `identify.of_pgbench_prepared`: gRPC itself: of the 400 us" in text


def test_a_marked_function_is_named_without_its_prefix() -> None:
    @bench(seconds=3)
    def bench_cold_start() -> list[Measurement]:
        return [Measurement("start", 1, "s")]

    assert (bench_cold_start.name, bench_cold_start.seconds) == ("cold_start", 3)
    assert [measured.name for measured in bench_cold_start.run()] == ["start"]
