"""The goals of the name mode on names that its data was not made from; the whole measurement is tests/bench/bench_pinyin.py."""

from __future__ import annotations

from tests.bench.bench_pinyin import HELD_OUT, measure_names, read_names


def test_the_goals_hold_on_held_out_names() -> None:
    names = read_names(HELD_OUT)
    assert len(names) >= 200
    measured = measure_names(names)
    assert measured.first >= 0.44
    assert measured.in_first_row >= 0.65
    assert measured.selection_taps <= 1.95
    assert measured.unreached == 0
