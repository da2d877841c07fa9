"""Numbers and identifiers: form, check digit, order."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.clock import business_day
from server_stub.domain.numbering import (
    check_digit,
    is_application_number,
    is_membership_number,
    mask_membership_number,
    new_application_number,
    new_membership_number,
    normalise_application_number,
)
from server_stub.domain.uuid7 import Uuid7Source, is_uuid7
from tests.support.central_service import SettableClock


@given(st.integers(0, 10**11 - 1))
def test_made_numbers_have_their_form_and_no_meaning(random: int) -> None:
    membership, application = new_membership_number(lambda _: random), new_application_number(lambda _: random)
    assert is_membership_number(membership)
    assert is_application_number(application)
    assert membership[4:15] == application[1:12] == f"{random:011d}"


@given(st.integers(0, 10**11 - 1), st.integers(4, 15), st.integers(1, 9))
def test_any_single_wrong_digit_shows(random: int, place: int, shift: int) -> None:
    number = new_membership_number(lambda _: random)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not is_membership_number(wrong)


@pytest.mark.parametrize("text", ["", "880", "8800" + "0" * 13, "8801000000000000", "A12345678901", "B123456789012", "Ａ", "A12345678901X"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_membership_number(text)
    assert not is_application_number(text)


def test_check_digit_of_the_standard_example() -> None:
    # ISO/IEC 7812-1 annex B works 7992739871 with the digit 3.
    assert check_digit("7992739871") == "3"


def test_a_number_is_shown_with_its_middle_hidden() -> None:
    assert mask_membership_number("8800123456789012") == "8800 •••• 9012"


def test_typed_application_numbers_are_read_as_people_write_them() -> None:
    assert normalise_application_number(" ａ123-456 789 012") == "A123456789012"


def test_uuids_grow_strictly_even_within_a_millisecond_and_when_the_clock_goes_back() -> None:
    clock = SettableClock()
    source = Uuid7Source(clock)
    made = [source.uuid() for _ in range(5000)]
    clock.moment -= timedelta(hours=1)
    made += [source.uuid() for _ in range(10)]
    assert made == sorted(set(made))
    assert {u.version for u in made} == {7}
    assert {u.variant for u in made} == {uuid.RFC_4122}
    assert source.new("mem").startswith("mem_0")


def test_uuids_are_unique_over_threads() -> None:
    source = Uuid7Source(SettableClock())
    with ThreadPoolExecutor(8) as pool:
        made = [u for part in pool.map(lambda _: [source.uuid() for _ in range(200)], range(20)) for u in part]
    assert len(set(made)) == 4000


def test_uuid7_carries_the_moment() -> None:
    clock = SettableClock(datetime(2026, 11, 23, tzinfo=UTC))
    assert Uuid7Source(clock).uuid().int >> 80 == int(clock.moment.timestamp() * 1000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "66bd80f3-31cc-48c1-8bea-056e405a72a3",
        "018F0000-0000-7000-8000-000000000000",
        "{018f0000-0000-7000-8000-000000000000}",
        "018f000000007000800000000000000a",
    ],
)
def test_other_texts_are_no_uuid7(text: str) -> None:
    assert not is_uuid7(text)


def test_the_business_day_is_that_of_shanghai() -> None:
    assert business_day(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert business_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)
