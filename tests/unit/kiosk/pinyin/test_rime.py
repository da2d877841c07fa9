"""General input by the real librime: what is missing is said, editing, paging, traditional characters, the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.pinyin.api import MAX_LETTERS, NO_CANDIDATES, PinyinUnavailable
from kiosk.pinyin.engines import open_engines
from kiosk.pinyin.rime import RimeEngine, RimeLibrary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def library(cache: Path) -> Iterator[RimeLibrary]:
    library = RimeLibrary.start(cache)
    yield library
    library.close()


@pytest.fixture
def engine(library: RimeLibrary) -> Iterator[RimeEngine]:
    engine = library.engine()
    yield engine
    engine.close()


def typed(engine: RimeEngine, letters: str) -> tuple[str, ...]:
    for letter in letters:
        engine.type(letter)
    return engine.candidates(0).items


def test_a_missing_library_is_named_with_its_package(tmp_path: Path) -> None:
    with pytest.raises(PinyinUnavailable, match=r"libnothing\.so\.9 .*librime1"):
        RimeLibrary.start(tmp_path, library="libnothing.so.9")


def test_a_library_that_is_not_librime_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PinyinUnavailable, match="not librime"):
        RimeLibrary.start(tmp_path, library="libm.so.6")


def test_missing_data_is_named_with_its_package(tmp_path: Path) -> None:
    with pytest.raises(PinyinUnavailable, match=r"luna_pinyin.*rime-data-luna-pinyin"):
        RimeLibrary.start(tmp_path, shared_data=tmp_path)


def test_without_librime_both_fields_get_the_name_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(_cache: Path) -> RimeLibrary:
        raise PinyinUnavailable("librime is not here")

    monkeypatch.setattr(RimeLibrary, "start", unavailable)
    engines = open_engines(tmp_path)
    assert engines.missing == "librime is not here"
    for letter in "wang":
        engines.general.type(letter)
    assert engines.general.candidates(0).items[0] == "王"
    assert engines.names.composition == ""
    engines.close()


@pytest.mark.parametrize("letter", ["", "A", "ab", "1", " ", "中"])
def test_what_no_pinyin_key_gives_is_refused(engine: RimeEngine, letter: str) -> None:
    with pytest.raises(ValueError, match="pinyin key"):
        engine.type(letter)


@pytest.mark.parametrize("index", [-1, 100_000])
def test_a_candidate_that_is_not_there_cannot_be_picked(engine: RimeEngine, index: int) -> None:
    typed(engine, "xihu")
    with pytest.raises(IndexError):
        engine.pick(index)
    assert engine.composition == "xi hu"


def test_idle_there_is_nothing(engine: RimeEngine) -> None:
    engine.backspace()
    engine.type("'")
    assert engine.composition == ""
    assert engine.candidates(0) == NO_CANDIDATES


def test_letters_beyond_the_limit_change_nothing(engine: RimeEngine) -> None:
    typed(engine, "lu" * (MAX_LETTERS // 2))
    before = engine.composition
    engine.type("l")
    assert engine.composition == before


@pytest.mark.parametrize(
    ("letters", "text"), [("xihuqu", "西湖区"), ("jiefanglu", "解放路"), ("zhejiangshenghangzhoushi", "浙江省杭州市"), ("huayuan", "花园")]
)
def test_words_of_addresses_are_in_the_first_row(engine: RimeEngine, letters: str, text: str) -> None:
    assert text in typed(engine, letters)


def test_a_part_can_be_picked_and_the_rest_stays(engine: RimeEngine) -> None:
    row = typed(engine, "wensanlu")
    page = 0
    while "文" not in row:
        page += 1
        row = engine.candidates(page).items
    assert engine.pick(page * 8 + row.index("文")) is None
    assert engine.composition == "文san lu"
    engine.backspace()
    assert engine.composition == "wen san lu"
    assert engine.candidates(page).items == row


def test_picking_the_whole_gives_it_and_ends_the_composition(engine: RimeEngine) -> None:
    row = typed(engine, "xihuqu")
    assert engine.pick(row.index("西湖区")) == "西湖区"
    assert engine.composition == ""
    assert engine.candidates(0) == NO_CANDIDATES


def test_pages_continue_each_other(engine: RimeEngine) -> None:
    typed(engine, "lu")
    wide = engine.candidates(0, 16)
    first, second = engine.candidates(0, 8), engine.candidates(1, 8)
    assert first.items + second.items == wide.items
    assert (first.has_previous, first.has_next) == (False, True)
    assert second.has_previous


def test_two_engines_do_not_mix(library: RimeLibrary, engine: RimeEngine) -> None:
    other = library.engine()
    typed(engine, "xihu")
    assert other.composition == ""
    other.close()
    assert engine.composition == "xi hu"


def test_traditional_characters_come_from_the_same_keys(library: RimeLibrary) -> None:
    engine = library.engine(traditional=True)
    assert "龍華" in typed(engine, "longhua")
    engine.clear()
    assert "龍華" in typed(engine, "longhua")
    engine.close()


def test_nothing_is_learnt_from_what_is_picked_again_and_again(engine: RimeEngine) -> None:
    before = typed(engine, "cuiyuan")
    for _ in range(5):
        engine.clear()
        typed(engine, "cuiyuan")
        engine.pick(len(before) - 1)
    engine.clear()
    assert typed(engine, "cuiyuan") == before
