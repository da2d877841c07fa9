"""Splitting letters: what cannot be read, ambiguous splits, unfinished ends, separators, ü."""

from __future__ import annotations

import time

import pytest

from kiosk.pinyin.lexicon import Lexicon
from kiosk.pinyin.syllables import SPLITS_KEPT, Syllables, spaced


@pytest.fixture(scope="module")
def syllables() -> Syllables:
    return Syllables(Lexicon.load().characters)


def ways(syllables: Syllables, letters: str) -> list[str]:
    return [spaced(split, letters) for split in syllables.splits(letters)]


@pytest.mark.parametrize("letters", ["", "v", "i", "u", "vv"])
def test_letters_that_begin_no_syllable_have_no_split(syllables: Syllables, letters: str) -> None:
    assert syllables.splits(letters) == []


def test_what_can_be_read_before_a_slip_of_the_finger_is_read(syllables: Syllables) -> None:
    (split,) = syllables.splits("zhangvv")
    assert [(segment.text, segment.end) for segment in split] == [("zhang", 5)]


@pytest.mark.parametrize(
    ("letters", "best"),
    [
        ("ouyang", "ou yang"),
        ("zhangsan", "zhang san"),
        ("lvxiaoming", "lü xiao ming"),
        ("lyuxiaoming", "lyu xiao ming"),
        ("ouyangxiaom", "ou yang xiao m"),
        ("zhgm", "zh g m"),
        ("xi'an", "xi an"),
        ("xi'", "xi"),
    ],
)
def test_letters_are_spaced_by_syllable(syllables: Syllables, letters: str, best: str) -> None:
    assert ways(syllables, letters)[0] == best


@pytest.mark.parametrize(
    ("letters", "both"), [("xian", {"xian", "xi an"}), ("fangan", {"fang an", "fan gan"}), ("liange", {"lian ge", "li ang e"})]
)
def test_every_way_to_split_is_kept(syllables: Syllables, letters: str, both: set[str]) -> None:
    assert both <= set(ways(syllables, letters))


def test_a_separator_leaves_one_way(syllables: Syllables) -> None:
    assert ways(syllables, "fan'gan") == ["fan gan"]


def test_an_unfinished_end_is_no_rival_to_whole_syllables(syllables: Syllables) -> None:
    assert ways(syllables, "shan") == ["shan"]


def test_a_long_ambiguous_row_stays_cheap(syllables: Syllables) -> None:
    start = time.process_time()
    found = syllables.splits("xian" * 15)
    assert time.process_time() - start < 0.1
    assert 0 < len(found) <= SPLITS_KEPT
