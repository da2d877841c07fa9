"""The name mode: refusals, the editing of a composition, who comes first, and that every character can be reached."""

from __future__ import annotations

import pytest

from kiosk.pinyin.api import MAX_LETTERS, NO_CANDIDATES
from kiosk.pinyin.lexicon import Lexicon
from kiosk.pinyin.name_search import NameSearch
from kiosk.pinyin.names import NameEngine


@pytest.fixture(scope="module")
def search() -> NameSearch:
    return NameSearch(Lexicon.load())


@pytest.fixture
def engine(search: NameSearch) -> NameEngine:
    return NameEngine(search)


def typed(engine: NameEngine, letters: str) -> tuple[str, ...]:
    for letter in letters:
        engine.type(letter)
    return engine.candidates(0).items


def everything(engine: NameEngine) -> list[str]:
    found: list[str] = []
    page = engine.candidates(0, 50)
    while page.items:
        found += page.items
        page = engine.candidates(len(found) // 50, 50) if page.has_next else NO_CANDIDATES
    return found


@pytest.mark.parametrize("letter", ["", "A", "ab", "1", " ", "中", "é", "\n"])
def test_what_no_pinyin_key_gives_is_refused_without_being_repeated(engine: NameEngine, letter: str) -> None:
    with pytest.raises(ValueError, match="pinyin key") as refusal:
        engine.type(letter)
    assert letter.strip() == "" or letter not in str(refusal.value).replace("a-z", "").split()
    assert engine.composition == ""


@pytest.mark.parametrize("index", [-1, 10_000])
def test_a_candidate_that_is_not_there_cannot_be_picked(engine: NameEngine, index: int) -> None:
    typed(engine, "zhang")
    with pytest.raises(IndexError):
        engine.pick(index)
    assert engine.composition == "zhang"


def test_idle_there_is_nothing_to_pick_to_undo_or_to_show(engine: NameEngine) -> None:
    engine.backspace()
    engine.type("'")
    assert engine.composition == ""
    assert engine.candidates(0) == NO_CANDIDATES
    with pytest.raises(IndexError):
        engine.pick(0)


def test_letters_beyond_the_limit_change_nothing(engine: NameEngine) -> None:
    typed(engine, "wang" * (MAX_LETTERS // 4))
    before = engine.composition
    engine.type("w")
    assert engine.composition == before


def test_letters_that_begin_no_name_show_as_they_are(engine: NameEngine) -> None:
    assert typed(engine, "i") == ()
    assert engine.composition == "i"


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("ouyang", "欧阳"),
        ("shan", "单"),
        ("qiu", "邱"),
        ("xie", "谢"),
        ("zha", "查"),
        ("zeng", "曾"),
        ("lv", "吕"),
        ("lyu", "吕"),
        ("zhangwei", "张伟"),
        ("shangguanwanqing", "上官"),
        ("zhangsunwuji", "长孙"),
    ],
)
def test_surnames_come_first_in_their_own_reading(engine: NameEngine, letters: str, first: str) -> None:
    assert typed(engine, letters)[0].startswith(first)


@pytest.mark.parametrize(
    ("letters", "surname"),
    [
        ("qiu", "仇"),
        ("xie", "解"),
        ("ren", "任"),
        ("ge", "盖"),
        ("ou", "区"),
        ("piao", "朴"),
        ("qin", "覃"),
        ("tan", "覃"),
        ("zhai", "翟"),
        ("hua", "华"),
    ],
)
def test_a_surname_with_a_reading_of_its_own_is_in_the_first_row(engine: NameEngine, letters: str, surname: str) -> None:
    assert surname in typed(engine, letters)


def test_a_rare_surname_of_two_characters_is_in_the_first_row(engine: NameEngine) -> None:
    assert "尉迟" in typed(engine, "yuchigong")


def test_the_last_place_of_the_first_row_is_the_surname_alone(engine: NameEngine) -> None:
    row = typed(engine, "zhangjianhua")
    assert row[0] == "张建华"
    assert row[7] == "张"


def test_picking_the_surname_leaves_the_rest_and_offers_given_names_only(engine: NameEngine) -> None:
    row = typed(engine, "zhangyue")
    assert engine.pick(row.index("张")) is None
    assert engine.composition == "张yue"
    assert engine.candidates(0).items[0] in {"月", "悦", "越", "玥"}
    assert "岳" not in engine.candidates(0).items[:1]
    picked = engine.candidates(0).items.index("悦")
    assert engine.pick(picked) == "张悦"
    assert engine.composition == ""
    assert engine.candidates(0) == NO_CANDIDATES


def test_backspace_undoes_a_pick_first_and_then_removes_letters(engine: NameEngine) -> None:
    row = typed(engine, "zhangyue")
    engine.pick(row.index("张"))
    engine.backspace()
    assert engine.composition == "zhang yue"
    assert engine.candidates(0).items == row
    engine.backspace()
    assert engine.composition == "zhang yu"


def test_an_undone_pick_keeps_its_separator(engine: NameEngine) -> None:
    row = typed(engine, "xi'an")
    engine.pick(row.index("席"))
    assert engine.composition == "席an"
    engine.backspace()
    assert engine.composition == "xi an"


def test_letters_typed_after_a_pick_are_removed_before_the_pick_is_undone(engine: NameEngine) -> None:
    row = typed(engine, "zhangyu")
    engine.pick(row.index("张"))
    engine.type("e")
    engine.backspace()
    assert engine.composition == "张yu"
    engine.backspace()
    assert engine.composition == "张y"
    engine.backspace()
    assert engine.composition == "zhang"
    assert engine.candidates(0).items[0] == "张"


def test_after_a_surname_in_the_field_given_names_are_offered(engine: NameEngine) -> None:
    assert typed(engine, "wei")[0] in {"魏", "韦", "卫"}
    engine.clear()
    engine.preceding("张")
    assert typed(engine, "wei")[0] == "伟"


def test_clear_forgets_what_stood_before_the_cursor(engine: NameEngine) -> None:
    engine.preceding("张")
    typed(engine, "wei")
    engine.clear()
    assert typed(engine, "wei")[0] == "魏"


def test_pages_join_to_one_list_without_gap_or_repeat(engine: NameEngine) -> None:
    typed(engine, "zhangwei")
    whole = everything(engine)
    assert len(set(whole)) == len(whole)
    for per_page in (3, 8):
        joined: list[str] = []
        for number in range(-(-len(whole) // per_page)):
            page = engine.candidates(number, per_page)
            joined += page.items
            assert page.has_previous is (number > 0)
            assert page.has_next is (len(joined) < len(whole))
        assert joined == whole
    assert engine.candidates(len(whole), 8) == NO_CANDIDATES


def test_every_character_of_gb2312_is_reached_by_typing_a_reading_of_it(search: NameSearch) -> None:
    lexicon = Lexicon.load()
    reached: set[str] = set()
    for syllable, characters in lexicon.characters.items():
        offered = {found.text for found in search.read(syllable, "").found}
        assert {entry.text for entry in characters} <= offered, syllable
        reached |= offered
    everyday = {bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)} - {""}
    missing = everyday - reached
    assert missing <= {"嗯", "呒", "嘸", "哼", "欸", "噷", "唔", "呣"}, "only interjections without a vowel"
    assert {"玥", "璟", "祎", "珺", "喆", "堃", "翀", "镕"} <= reached, "usual in names, not in GB 2312"


def test_a_surname_unknown_to_the_list_still_gives_whole_names(engine: NameEngine) -> None:
    assert typed(engine, "nvwa")
    assert len(engine.candidates(0).items[0]) == 2
