"""Birthdays, age bands and 29 February."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.birthday import AgeBand, age_band, age_on, anniversary, parse_birthday
from server_stub.domain.reasons import Reason

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("2026-02-29", Reason.BIRTHDAY_NOT_A_DATE),
        ("2026-2-9", Reason.BIRTHDAY_NOT_A_DATE),
        ("20260209", Reason.BIRTHDAY_NOT_A_DATE),
        ("2026-13-01", Reason.BIRTHDAY_NOT_A_DATE),
        ("0000-01-01", Reason.BIRTHDAY_NOT_A_DATE),
        ("１９９０-01-01", Reason.BIRTHDAY_NOT_A_DATE),
        ("yesterday", Reason.BIRTHDAY_NOT_A_DATE),
        ("2026-11-24", Reason.BIRTHDAY_IMPOSSIBLE),
        ("1905-11-23", Reason.BIRTHDAY_IMPOSSIBLE),
    ],
)
def test_what_is_no_birthday_says_why(typed: str, reason: Reason) -> None:
    assert parse_birthday(typed, TODAY) is reason


def test_the_oldest_and_the_youngest_are_taken() -> None:
    assert parse_birthday("1905-11-24", TODAY) == date(1905, 11, 24)
    assert parse_birthday("2026-11-23", TODAY) == TODAY


@pytest.mark.parametrize(
    ("birthday", "band"),
    [
        (date(2012, 11, 24), AgeBand.UNDER_14),
        (date(2012, 11, 23), AgeBand.FROM_14_TO_17),
        (date(2008, 11, 24), AgeBand.FROM_14_TO_17),
        (date(2008, 11, 23), AgeBand.ADULT),
    ],
)
def test_bands_change_on_the_birthday(birthday: date, band: AgeBand) -> None:
    assert age_band(birthday, TODAY) is band


def test_29_february_falls_on_the_28th_in_common_years() -> None:
    born = date(2008, 2, 29)
    assert anniversary(born, 2026) == date(2026, 2, 28)
    assert anniversary(born, 2028) == date(2028, 2, 29)
    assert (age_on(born, date(2026, 2, 27)), age_on(born, date(2026, 2, 28))) == (17, 18)
    assert (age_on(born, date(2028, 2, 28)), age_on(born, date(2028, 2, 29))) == (19, 20)


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.dates(date(1900, 1, 1), date(2030, 1, 1)))
def test_age_grows_by_one_on_each_anniversary(birthday: date, day: date) -> None:
    turned = anniversary(birthday, day.year)
    assert age_on(birthday, turned) == day.year - birthday.year
