"""Faces of the slips: every text of the catalogue can be drawn, and lines break where a reader expects it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.paper.faces import Weight
from kiosk.texts import LANGUAGES, load_catalogue
from tests.conftest import ROOT
from tests.support.slips import faces

TEXTS = tomllib.loads((ROOT / "kiosk/texts/catalogue/paper.toml").read_text(encoding="utf-8"))
SIZE, WIDTH = 26, 576


@pytest.mark.parametrize("weight", list(Weight))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_slips_can_be_drawn(language: str, weight: Weight) -> None:
    lacking = {
        key: found for key, table in TEXTS.items() if (found := faces().lacking(table[language].replace("\n", ""), weight, language))
    }
    assert not lacking


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_members_characters_are_drawn_in_any_language(language: str) -> None:
    for text in ("欧阳**", "张刘陈欧", "迎新积分 200 分", "8800 •••• 9012", "湖滨店"):
        assert not faces().lacking(text, Weight.BOLD, language)


def test_what_the_traditional_face_lacks_is_drawn_whole_in_the_simplified_one() -> None:
    assert faces().name("會員", Weight.MEDIUM, "zh-Hant") == "NotoSansTC-500"
    assert faces().name("會員张", Weight.MEDIUM, "zh-Hant") == "NotoSansSC-500"
    assert faces().name("会员", Weight.MEDIUM, "zh-Hans") == "NotoSansSC-500"


def _lines(text: str, width: float = WIDTH, language: str = "zh-Hans") -> list[str]:
    return faces().lines(text, Weight.MEDIUM, language, SIZE, width)


def test_a_short_text_stays_on_one_line() -> None:
    assert _lines("时间") == ["时间"]
    assert _lines("") == []


def test_a_line_ends_with_a_clause_where_that_costs_no_line() -> None:
    assert _lines("未领取前可在任何一台自助机撤销，请用手机号登录") == ["未领取前可在任何一台自助机撤销，", "请用手机号登录"]
    assert _lines("积分不是钱，不能兑现。有疑问请找店员或拨打客服电话。") == ["积分不是钱，不能兑现。", "有疑问请找店员或拨打客服电话。"]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_what_tells_how_to_go_on_breaks_no_word(language: str) -> None:
    text = load_catalogue().say(language, "paper.redemption.resume")
    assert _lines(text, language=language) == text.split("\n")


def test_lines_are_of_about_one_length() -> None:
    lines = _lines("最后一位校验码不对，请对照证件重新输入一次，谢谢。好")
    assert len(lines) == 2
    assert min(len(line) for line in lines) > 8


def test_english_breaks_between_words() -> None:
    text = "Check its progress at any kiosk with this number and a code sent to your phone"
    lines = _lines(text, language="en")
    assert " ".join(lines) == text


def test_punctuation_never_begins_a_line() -> None:
    for width in range(80, 576, 13):
        assert not [line for line in _lines("最后一位，校验码，不对；请对照，证件。重新，输入。", width) if line[0] in "，；。"]


def test_a_text_breaks_where_it_says_so() -> None:
    assert _lines("凭编号，\n查询进度") == ["凭编号，", "查询进度"]


@given(st.text(alphabet="中文字，。 abc 123-", max_size=80), st.integers(60, 576))
def test_breaking_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join("".join(_lines(text, width)).split()) == "".join(text.split())


@given(st.text(alphabet="中文字国 ab 12", max_size=60))
def test_lines_fit_wherever_a_break_is_possible(text: str) -> None:
    words = max((len(word) for word in text.split()), default=0)
    if words <= 20:
        assert all(faces().width(line, Weight.MEDIUM, "zh-Hans", SIZE) <= WIDTH for line in _lines(text))
