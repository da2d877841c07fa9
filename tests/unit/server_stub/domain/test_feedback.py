"""Feedback without storage: what of a text is kept, which phrases fit, by when an answer is due, which steps a case may take."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.feedback.case import CaseState, Category, Move, Verdict, after_classifying, after_verdict, require_move
from server_stub.domain.feedback.numbers import is_case_number, new_case_number, read_case_number, secret_of
from server_stub.domain.feedback.phrases import ABOUT, OF_FACE, Phrase, fitting, suggested
from server_stub.domain.feedback.rules import load_feedback_rules, read_rules, working_days_after
from server_stub.domain.feedback.wording import keep, mask_numbers
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("请打 13800138000 给我", "请打 *********00 给我"),
        ("+86 138-0013-8000。", "+** ***-****-**00。"),
        ("１３８００１３８０００", "*********００"),
        ("一三八零零一三八零零零", "*********零零"),
        ("幺三八〇〇幺三八〇〇〇", "*********〇〇"),
        ("我的证号11010519491231002X。", "我的证号****************2X。"),
        ("110105 19491231 002x", "****** ******** **2x"),
        ("旧证 110105491231002", "旧证 *************02"),
        ("座机 0571-87654321", "座机 ****-******21"),
        ("+852 6123 4567", "+*** **** **67"),
        ("卡 6222 0212 3456 7890", "卡 **** **** **** **90"),
        ("138 0013 8000 和 139 0013 9000", "*** **** **00 和 *** **** **00"),
    ],
)
def test_numbers_of_people_are_masked_however_they_are_written(typed: str, kept: str) -> None:
    assert mask_numbers(typed) == kept


@pytest.mark.parametrize(
    "typed", ["5 点以后 12.50 元", "2026-11-23 18:30", "三楼四号收银台", "小票 20261123-0187", "一九八八年", "买了 1000000 件"]
)
def test_other_numbers_stay(typed: str) -> None:
    assert mask_numbers(typed) == typed


@given(st.text(alphabet="0123456789-. xX一三幺０９元a+\n", max_size=60))
def test_masking_keeps_the_length_and_masks_once_and_for_all(text: str) -> None:
    once = mask_numbers(text)
    assert len(once) == len(text)
    assert mask_numbers(once) == once


@given(st.text(alphabet=st.characters(), max_size=300), st.integers(1, 100))
def test_whatever_is_typed_something_short_and_visible_is_kept(text: str, longest: int) -> None:
    kept = keep(text, longest)
    assert len(kept.text) <= longest
    assert not any(ord(c) < 32 and c != "\n" for c in kept.text)


def test_a_number_that_is_cut_in_two_is_masked_before_the_cut() -> None:
    kept = keep("啊" * 5 + "13800138000", 10)
    assert (kept.text, kept.is_trimmed, kept.is_masked) == ("啊" * 5 + "*" * 5, True, True)


def test_invisible_characters_do_not_hide_a_number_from_the_mask() -> None:
    assert keep("138\u200b0013\u200d8000", 50).text == "*********00"


def test_ten_kilobytes_are_cut_to_the_limit() -> None:
    kept = keep("好" * 10_000, load_feedback_rules().longest_text)
    assert len(kept.text) == 500
    assert kept.is_trimmed


def test_lines_stay_and_white_space_is_put_in_order() -> None:
    kept = keep("  一 \t 行\r\n\r\n\r\n\r\n二行  \n", 50)
    assert (kept.text, kept.is_trimmed, kept.is_masked) == ("一 行\n\n二行", False, False)


def test_every_face_has_six_phrases_and_none_that_contradicts_it() -> None:
    assert set(OF_FACE) == {1, 2, 3, 4, 5}
    assert all(len(set(phrases)) == 6 for phrases in OF_FACE.values())
    assert set(ABOUT) == set(Phrase)
    assert not set(OF_FACE[1]) & set(OF_FACE[5])
    assert {phrase for phrases in OF_FACE.values() for phrase in phrases} == set(Phrase)
    assert fitting(0) == fitting(6) == ()


def test_phrases_suggest_a_category_only_where_they_agree() -> None:
    assert suggested((Phrase.FRESH_BAD, Phrase.GOODS_NOT_FOUND)) is Category.GOODS
    assert suggested((Phrase.FRESH_BAD, Phrase.STAFF_RUDE)) is None
    assert suggested(()) is None


def test_case_numbers_have_a_check_digit_and_no_zero_in_front() -> None:
    steps = count()
    number = new_case_number(lambda below: next(steps) * 7 % below)
    assert len(number) == 10
    assert number[0] != "0"
    assert is_case_number(number)
    assert not is_case_number(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert not is_case_number("0" + number[1:])
    assert read_case_number("１２３ 4-5") == "12345"
    assert secret_of(b"\x00" * 8) == "000000"


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (datetime(2026, 11, 23, 2, tzinfo=UTC), 1, datetime(2026, 11, 24, 10, tzinfo=UTC)),
        (datetime(2026, 11, 27, 2, tzinfo=UTC), 1, datetime(2026, 11, 30, 10, tzinfo=UTC)),
        (datetime(2026, 11, 28, 2, tzinfo=UTC), 2, datetime(2026, 12, 1, 10, tzinfo=UTC)),
        # 23:00 UTC on Thursday is Friday morning in the store.
        (datetime(2026, 11, 26, 23, tzinfo=UTC), 1, datetime(2026, 11, 30, 10, tzinfo=UTC)),
    ],
)
def test_due_dates_are_ends_of_working_days(received: datetime, days: int, due: datetime) -> None:
    assert working_days_after(received, days) == due


@pytest.mark.parametrize("wrong", [{"device_hour": 0}, {"classify_days": 3}])
def test_rules_that_make_no_sense_are_not_read(wrong: dict[str, int]) -> None:
    rules = load_feedback_rules()
    limits = {name: getattr(rules, name) for name in type(rules).__slots__}
    with pytest.raises(ValueError, match="feedback-2026-11"):
        read_rules({**limits, **wrong})


def refused(state: CaseState, move: Move) -> Reason | None:
    try:
        require_move(state, move)
    except Refusal as refusal:
        return refusal.reason
    return None


def test_steps_that_a_case_may_not_take() -> None:
    assert {move: refused(CaseState.CLOSED, move) for move in Move} == {**dict.fromkeys(Move, Reason.WRONG_STATE), Move.JUDGE: None}
    assert {refused(state, Move.JUDGE) for state in CaseState} == {Reason.WRONG_STATE, None}
    assert refused(CaseState.ASSIGNED, Move.JUDGE) is Reason.WRONG_STATE


def test_whoever_goes_ahead_of_the_order_hears_which_step_comes_first() -> None:
    assert refused(CaseState.RECEIVED, Move.ASSIGN) is Reason.CASE_NOT_CLASSIFIED
    assert refused(CaseState.RECEIVED, Move.REPLY) is Reason.CASE_NOT_CLASSIFIED
    assert refused(CaseState.CLASSIFIED, Move.REPLY) is Reason.CASE_NOT_ASSIGNED
    assert refused(CaseState.REOPENED, Move.REPLY) is Reason.CASE_NOT_ASSIGNED


def test_where_steps_lead() -> None:
    assert after_classifying(CaseState.RECEIVED) is CaseState.CLASSIFIED
    assert after_classifying(CaseState.ASSIGNED) is CaseState.ASSIGNED
    assert after_verdict(Verdict.HELPED) is CaseState.CLOSED
    assert after_verdict(Verdict.NOT_HELPED) is CaseState.REOPENED
