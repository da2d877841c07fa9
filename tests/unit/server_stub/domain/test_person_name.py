"""Names: what is refused, how they are kept and shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.person_name import mask_name, parse_name
from server_stub.domain.reasons import Reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Reason.FIELD_REQUIRED),
        (" \t ", Reason.FIELD_REQUIRED),
        ("王" * 51, Reason.FIELD_TOO_LONG),
        ("王3", Reason.NAME_DIGITS),
        ("王３", Reason.NAME_DIGITS),
        ("王٣", Reason.NAME_DIGITS),
        ("王①", Reason.NAME_DIGITS),
        ("王😀", Reason.FIELD_CHARACTERS),
        ("王\u200b五", Reason.FIELD_CHARACTERS),
        ("王\x07", Reason.FIELD_CHARACTERS),
        ("王\t小明", Reason.FIELD_CHARACTERS),
        ("王\n小明", Reason.FIELD_CHARACTERS),
        ("王小明\x1f", Reason.FIELD_CHARACTERS),
        ("\u3164", Reason.FIELD_CHARACTERS),
        ("\u115f\u1160", Reason.FIELD_CHARACTERS),
        ("王" + "\u0301" * 4, Reason.FIELD_CHARACTERS),
        ("<b>王</b>", Reason.FIELD_CHARACTERS),
        ("王;五", Reason.FIELD_CHARACTERS),
        ("·", Reason.FIELD_CHARACTERS),
        ("-'", Reason.FIELD_CHARACTERS),
        ("\u0301王", Reason.FIELD_CHARACTERS),
        ("王\ue000", Reason.FIELD_CHARACTERS),
    ],
)
def test_what_is_no_name_says_why(typed: str, reason: Reason) -> None:
    assert parse_name(typed) is reason


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  欧阳  建国 ", "欧阳 建国"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("Zoe\u0308", "Zoë"),
        ("𠮷田", "𠮷田"),
        ("〇一", "〇一"),
        ("O'Neil-Smith", "O'Neil-Smith"),
        ("王" * 50, "王" * 50),
    ],
)
def test_names_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert parse_name(typed) == kept


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("欧阳建国", "欧阳**"),
        ("歐陽建國", "歐陽**"),
        ("欧阳", "欧**"),
        ("王五", "王**"),
        ("王", "王**"),
        ("𠮷田一郎", "𠮷**"),
        ("买买提·吐尔逊", "买买提·***"),
        ("Mary Ann Smith", "Mary ***"),
        ("Cher", "C***"),
        ("", ""),
    ],
)
def test_names_are_shown_without_what_identifies(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@given(st.text(max_size=60))
def test_a_kept_name_is_stable_and_its_mask_is_shorter_than_a_long_name(text: str) -> None:
    kept = parse_name(text)
    if isinstance(kept, Reason):
        return
    assert parse_name(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert mask_name(kept) != kept or kept.endswith("*")
