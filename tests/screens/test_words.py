"""Pure words of the screens: lines, pages, groups, masks, dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ports.campaigns import Line
from kiosk.ports.perks import ExplanationLine
from kiosk.texts import load_catalogue
from kiosk.texts.days import is_soon, say_moment, say_near_day
from screens.campaigns.words import say_line
from screens.frame.benefit_rows import say_until
from screens.frame.explanation import say_explanation
from screens.register.form_fields import say_birthday
from screens.register.grouping import SURNAMES, grouped, grouped_id, masked_detail, masked_email, masked_id, masked_name
from screens.register.paging import pages_of
from screens.theme.line_breaking import NOT_FIRST, NOT_LAST, break_lines, break_own, join_lines, pieces
from server_stub.domain.person_name import mask_name

WORDS = st.text(alphabet="会员卡积分，。；（）“”abc 12.5%\n", max_size=60)


def wide(text: str) -> float:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


@given(WORDS)
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(WORDS, st.integers(8, 30))
def test_broken_lines_hold_every_word_in_order(text: str, width: int) -> None:
    assert "".join(break_lines(text, width, wide).split()) == "".join(text.split())


@pytest.mark.parametrize("width", range(10, 60, 2))
def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(width: int) -> None:
    text = "申请可能已经收到。再试一次不会重复提交；满 14 岁（含）的人“都可以”，办 2 张卡，每张 3.5 元。"
    lines = break_lines(text, width, wide).split("\n")
    assert not [line for line in lines if line[0] in NOT_FIRST or line[-1] in NOT_LAST]
    assert all(wide(line) <= width for line in lines)
    assert not [line for line in lines if line.startswith("5 ") or line.endswith("3.")]


def test_the_last_line_is_not_one_or_two_characters() -> None:
    assert [len(line) for line in break_lines("一二三四五六七八九十一", 20, wide).split("\n")][-1] > 2


def test_a_last_line_that_was_too_short_begins_with_a_clause_where_there_is_one() -> None:
    assert break_lines("您的卡丢了，还是捡到卡？", 18, wide) == "您的卡丢了，\n还是捡到卡？"


def test_the_last_line_is_not_one_english_word() -> None:
    assert break_lines("Membership, points, telling you results", 33, wide) == "Membership, points, telling\nyou results"
    assert break_lines("This kiosk needs repair", 18, wide) == "This kiosk\nneeds repair"


@pytest.mark.parametrize(
    ("text", "narrow"),
    [
        ("一二三四五，\n六七八九。", "一二三四\n五，六七\n八九。"),
        ("一二三四五\n满 14 岁", "一二三\n四五\n满 14 岁"),
        ("One two three,\nfour five six", "One two\nthree, four\nfive six"),
    ],
)
def test_breaks_set_by_hand_hold_where_each_line_fits_and_else_the_text_is_set_as_one(text: str, narrow: str) -> None:
    assert break_own(text, 14, wide) == text
    assert break_own(text, 11 if text.isascii() else 8, wide) == narrow


@pytest.mark.parametrize(("text", "joined"), [("8月1日 至\n8月31日", "8月1日 至 8月31日"), ("点\n“叫店员”", "点“叫店员”")])
def test_lines_are_joined_as_the_language_spaces_its_words(text: str, joined: str) -> None:
    assert join_lines(text) == joined


def test_english_breaks_at_words() -> None:
    assert break_lines("Touch here to start now", 12, wide) == "Touch here\nto start now"


@given(st.text(alphabet="会员。 a\n", max_size=300), st.integers(3, 40))
def test_pages_hold_every_character_and_fit(text: str, room: int) -> None:
    pages = pages_of(text, lambda page: len(page) <= room)
    assert "".join("".join(pages).split()) == "".join(text.split())
    assert all(len(page) <= room for page in pages if len(page) > 1)


def test_a_short_text_is_one_page() -> None:
    assert pages_of("一。\n\n二。", lambda page: len(page) < 20) == ["一。\n\n二。"]


def test_the_number_of_a_paragraph_does_not_stand_alone_at_the_end_of_a_page() -> None:
    assert pages_of("1. One.\n\n3. Two.", lambda page: len(page) < 13) == ["1. One.", "3. Two."]


@pytest.mark.parametrize(
    ("number", "shown"),
    [("", ""), ("138", "138"), ("1380013", "138 0013"), ("13800138000", "138 0013 8000"), ("85261234567", "852 6123 4567")],
)
def test_numbers_are_grouped(number: str, shown: str) -> None:
    assert grouped(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("", ""), ("王小满", "王**"), ("欧阳小满", "欧阳**"), ("欧阳", "欧**"), ("歐陽修", "歐陽**"), ("Anne Miller", "Anne ***")],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@given(st.text(alphabet="王小满欧阳歐陽修单于 ·.-Annex", max_size=8).map(str.strip))
def test_the_review_shows_the_name_that_the_greeting_will_show(name: str) -> None:
    assert masked_name(name) == mask_name(name)


def test_the_kiosk_knows_the_surnames_of_the_centre() -> None:
    lines = Path("server_stub/domain/compound_surnames.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert frozenset(lines) == SURNAMES


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "1988年5月6日"), ("zh-Hant", "1988年5月6日"), ("en", "6 May 1988")])
def test_a_birthday_is_said_in_words(language: str, said: str) -> None:
    assert say_birthday(load_catalogue().in_language(language), "1988-05-06") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-Hans", "有效期至 2026年12月25日"), ("zh-Hant", "有效期至 2026年12月25日"), ("en", "Valid through 25 Dec 2026")],
)
def test_the_last_day_is_said_as_one_that_counts(language: str, said: str) -> None:
    assert say_until(load_catalogue().in_language(language), "2026-12-25") == said


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "2026年12月25日 14:26"), ("en", "25 Dec 2026 14:26")])
def test_a_moment_is_said_in_words_and_a_day_alone_has_no_time(language: str, said: str) -> None:
    words = load_catalogue().in_language(language)
    assert say_moment(words, "2026-12-25 14:26") == said
    assert say_moment(words, "2026-12-25") == said.removesuffix(" 14:26")


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-Hans", "满 1,030 元可用"), ("zh-Hant", "滿 1,030 元可用"), ("en", "On purchases of ¥1,030.00 or more")],
)
def test_an_amount_in_an_answer_of_the_centre_is_written_as_on_other_pages(language: str, said: str) -> None:
    tr = load_catalogue().in_language(language)
    assert say_explanation(tr, [ExplanationLine("explain.coupon.minimum", (("amount", "1030.00"),))]) == [said]
    values = {"tier": "X", "day": "2026-12-31"}
    way = say_line(tr, Line("explain.campaign.how.tier", {**values, "amount": "5505.00"}))
    assert ("5,505.00" if language == "en" else " 5,505 元") in way
    assert say_line(tr, Line("explain.campaign.how.tier", {**values, "amount": "12.30"})).count("12.30") == 1


def test_two_remarks_on_a_coupon_are_two_sentences_in_english() -> None:
    assert load_catalogue().say("en", "member.coupon.unusable", rest="Spend ¥50.00") == "Not yet. Spend ¥50.00"


@pytest.mark.parametrize(("language", "word"), [("zh-Hans", "保存"), ("zh-Hant", "儲存")])
def test_no_word_is_broken_in_what_to_do_with_the_code_of_a_receipt(language: str, word: str) -> None:
    assert f"\n{word}" in load_catalogue().say(language, "issued.qr.title")


def test_the_rest_is_masked() -> None:
    assert masked_id("11010519491231002X") == "****002X"
    assert masked_id("110") == "***"
    assert masked_email("ouyang@example.com") == "o***@example.com"
    assert masked_email("") == ""
    assert masked_detail("文一西路 99 号") == "文一****"
    assert grouped_id("11010519491231002X") == "110105 19491231 002X"


@pytest.mark.parametrize(
    ("today", "said"), [(date(2026, 11, 27), "2027年11月26日"), (date(2027, 1, 1), "11月26日"), (date(2027, 11, 26), "11月26日")]
)
def test_a_day_that_comes_in_another_year_is_said_with_it(today: date, said: str) -> None:
    """Without it, a day that is a year less a day away reads as yesterday."""
    assert say_near_day(load_catalogue().in_language("zh-Hans"), "2027-11-26", today) == said


@pytest.mark.parametrize(("last_day", "soon"), [("", False), ("2027-01-26", True), ("2027-01-27", False), ("2026-11-26", True)])
def test_what_ends_within_sixty_days_ends_soon(last_day: str, soon: bool) -> None:
    assert is_soon(last_day, date(2026, 11, 27)) is soon
