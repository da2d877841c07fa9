"""ID numbers: every vector of china.md 4.1, and the arithmetic by properties. The numbers are made here; they are nobody's."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server_stub.domain.id_number import IdDocument, IdNumber, check_character, parse_id_number
from server_stub.domain.reasons import Reason
from server_stub.domain.regions.table import load_regions

TODAY = date(2026, 11, 23)


def made(first17: str) -> str:
    return first17 + check_character(first17)


def parse(text: str) -> IdNumber | Reason:
    return parse_id_number(text, TODAY, load_regions())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (made("11010520990101002"), Reason.ID_DATE),
        (made("11010517990101002"), Reason.ID_DATE),
        (made("11010520230230002"), Reason.ID_DATE),
        (made("11010520261124002"), Reason.ID_DATE),
        (made("11010519051231002"), Reason.ID_DATE),
        ("110105194912310021", Reason.ID_CHECK_DIGIT),
        ("110105491231002", Reason.ID_OLD_15),
        ("000000", Reason.ID_LENGTH),
        (made("00000019491231002"), Reason.ID_CHARACTERS),
        ("11010519491231002", Reason.ID_LENGTH),
        ("11010519491231002XX", Reason.ID_LENGTH),
        ("1101051949123100X2", Reason.ID_CHARACTERS),
        ("11010519491231002Y", Reason.ID_CHARACTERS),
        ("CHN110105491231", Reason.ID_OTHER_DOCUMENT),
        ("E12345678", Reason.ID_OTHER_DOCUMENT),
        ("军字第1234567号", Reason.ID_OTHER_DOCUMENT),
        ("", Reason.ID_LENGTH),
        ("身份证", Reason.ID_LENGTH),
    ],
)
def test_refused_numbers_say_which_check_failed(text: str, reason: Reason) -> None:
    assert parse(text) is reason


@pytest.mark.parametrize(
    ("text", "document", "is_plausible"),
    [
        ("11010519491231002X", IdDocument.RESIDENT, True),
        ("11010519491231002x", IdDocument.RESIDENT, True),
        (made("81000019900307001"), IdDocument.RESIDENCE_PERMIT, True),
        (made("82000019900307001"), IdDocument.RESIDENCE_PERMIT, True),
        (made("83000019900307001"), IdDocument.RESIDENCE_PERMIT, True),
        (made("91115619900307001"), IdDocument.FOREIGN_PERMANENT_RESIDENT, True),
        (made("11010319850307001"), IdDocument.RESIDENT, True),
        (made("11010320150307001"), IdDocument.RESIDENT, False),
        (made("51021319800307001"), IdDocument.RESIDENT, True),
        (made("46010119800307001"), IdDocument.RESIDENT, True),
        (made("71000019900307001"), IdDocument.RESIDENT, False),
        (made("99999919900307001"), IdDocument.FOREIGN_PERMANENT_RESIDENT, True),
        (made("12345619900307001"), IdDocument.RESIDENT, False),
        ("１１０１０５１９４９１２３１００２Ｘ", IdDocument.RESIDENT, True),
        (" 110105 19491231 002X ", IdDocument.RESIDENT, True),
        ("110105-19491231-002X", IdDocument.RESIDENT, True),
        ("1101051949123100②X", IdDocument.RESIDENT, True),
        (made("11010519061123002"), IdDocument.RESIDENT, True),
    ],
)
def test_taken_numbers_have_a_type_and_unknown_regions_are_for_people(text: str, document: IdDocument, *, is_plausible: bool) -> None:
    found = parse(text)
    assert isinstance(found, IdNumber)
    assert (found.document, found.region_is_plausible) == (document, is_plausible)


def test_only_the_last_four_characters_are_offered_and_nothing_is_printed() -> None:
    found = parse("11010519491231002X")
    assert found.last4 == "002X"
    assert "1949" not in repr(found)


@given(st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_shows(first17: str, place: int, shift: int) -> None:
    wrong = first17[:place] + str((int(first17[place]) + shift) % 10) + first17[place + 1 :]
    assert check_character(first17) != check_character(wrong)


@given(st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 15))
def test_any_swap_of_neighbours_shows(first17: str, place: int) -> None:
    assume(first17[place] != first17[place + 1])
    swapped = first17[:place] + first17[place + 1] + first17[place] + first17[place + 2 :]
    assert check_character(first17) != check_character(swapped)


@given(st.dates(date(1907, 1, 1), TODAY), st.integers(0, 999), st.sampled_from(["110105", "330102", "810000"]))
def test_every_number_made_right_is_taken_with_its_birthday(birthday: date, sequence: int, region: str) -> None:
    found = parse(made(f"{region}{birthday:%Y%m%d}{sequence:03d}"))
    assert isinstance(found, IdNumber)
    assert found.birthday == birthday


@given(st.text(max_size=40))
def test_no_text_breaks_the_check(text: str) -> None:
    assert isinstance(parse(text), (IdNumber, Reason))
