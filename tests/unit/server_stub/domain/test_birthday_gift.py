"""Every answer that china.md 4.6 defines about birthday gifts, on both sides of its edge."""

from __future__ import annotations

import tomllib
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.birthday import ProofLevel, anniversary
from server_stub.domain.birthday_gift import BirthdayFacts, BirthdayGift, BirthdayRules, load_birthday_rules
from server_stub.domain.reasons import Reason

RULES = load_birthday_rules()
MAY_5 = BirthdayFacts(date(1990, 5, 5), ProofLevel.STATED, known_since=date(2020, 1, 1))


def year_of(facts: BirthdayFacts, today: date) -> int | Reason:
    judged = RULES.judge(facts, today)
    return judged.year if isinstance(judged, BirthdayGift) else judged


def test_without_a_birthday_or_a_proof_there_is_no_gift() -> None:
    assert year_of(replace(MAY_5, birthday=None), date(2026, 5, 5)) is Reason.BIRTHDAY_MISSING
    assert year_of(replace(MAY_5, proof=ProofLevel.UNSPECIFIED), date(2026, 5, 5)) is Reason.BIRTHDAY_MISSING


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 5, 4), Reason.BIRTHDAY_NOT_NOW),
        (date(2026, 5, 5), 2026),
        (date(2026, 5, 18), 2026),
        (date(2026, 5, 19), Reason.BIRTHDAY_NOT_NOW),
    ],
)
def test_from_the_birthday_on_for_two_weeks(today: date, expected: int | Reason) -> None:
    assert year_of(MAY_5, today) == expected


def test_over_new_year_the_gift_is_that_of_the_old_year() -> None:
    facts = replace(MAY_5, birthday=date(1990, 12, 30))
    assert [year_of(facts, date(2026, 12, 30)), year_of(facts, date(2027, 1, 12))] == [2026, 2026]
    assert year_of(facts, date(2027, 1, 13)) is Reason.BIRTHDAY_NOT_NOW


@pytest.mark.parametrize(
    ("known_since", "expected"),
    [
        (date(2026, 4, 28), 2026),
        (date(2026, 4, 29), Reason.BIRTHDAY_TOO_NEW),
        (date(2026, 5, 5), Reason.BIRTHDAY_TOO_NEW),
        (date(2026, 5, 6), Reason.BIRTHDAY_TOO_NEW),
    ],
)
def test_joined_less_than_seven_days_before_or_after_waits_for_next_year(known_since: date, expected: int | Reason) -> None:
    facts = replace(MAY_5, known_since=known_since)
    assert year_of(facts, date(2026, 5, 7)) == expected
    assert year_of(facts, date(2027, 5, 5)) == 2027


@pytest.mark.parametrize("changed_on", [date(2026, 1, 1), date(2026, 5, 5), date(2026, 5, 7)])
def test_a_birthday_that_was_changed_this_year_has_its_gift_next_year(changed_on: date) -> None:
    facts = replace(MAY_5, changed_on=changed_on)
    assert year_of(facts, date(2026, 5, 7)) is Reason.BIRTHDAY_CHANGED_THIS_YEAR
    assert year_of(facts, date(2027, 5, 5)) == 2027
    assert year_of(replace(MAY_5, changed_on=date(2025, 12, 31)), date(2026, 5, 5)) == 2026


def test_a_change_after_new_year_opens_no_gift_of_the_old_year() -> None:
    facts = replace(MAY_5, birthday=date(1990, 12, 31), changed_on=date(2027, 1, 2))
    assert year_of(facts, date(2027, 1, 3)) is Reason.BIRTHDAY_CHANGED_THIS_YEAR


def test_29_february_is_the_28th_in_common_years_and_itself_in_leap_years() -> None:
    facts = replace(MAY_5, birthday=date(2000, 2, 29))
    assert year_of(facts, date(2027, 2, 27)) is Reason.BIRTHDAY_NOT_NOW
    assert year_of(facts, date(2027, 2, 28)) == 2027
    assert year_of(facts, date(2028, 2, 28)) is Reason.BIRTHDAY_NOT_NOW
    assert year_of(facts, date(2028, 2, 29)) == 2028


def test_nobody_gets_a_gift_for_being_born() -> None:
    facts = BirthdayFacts(date(2026, 5, 5), ProofLevel.STATED, known_since=date(2026, 1, 1))
    assert year_of(facts, date(2026, 5, 5)) is Reason.BIRTHDAY_NOT_NOW


def gift(proof: ProofLevel, born: int) -> BirthdayGift:
    judged = RULES.judge(replace(MAY_5, birthday=date(born, 5, 5), proof=proof), date(2026, 5, 6))
    assert isinstance(judged, BirthdayGift)
    return judged


def test_the_better_the_proof_the_more_it_is_worth() -> None:
    values = [gift(proof, 1990).terms.value_fen for proof in (ProofLevel.STATED, ProofLevel.DOCUMENT, ProofLevel.DESK)]
    assert values == [500, 2000, 2000]


def test_minors_get_no_wine_until_the_day_they_are_eighteen() -> None:
    assert gift(ProofLevel.DOCUMENT, 2008).definition == "birthday_wine_20"
    assert gift(ProofLevel.DOCUMENT, 2009).definition == "birthday_cake_20"
    assert gift(ProofLevel.DESK, 2011).definition == "birthday_cake_20"


def test_the_coupon_counts_from_the_day_it_is_given() -> None:
    terms = gift(ProofLevel.STATED, 1990).terms
    assert (terms.valid_from, terms.valid_until) == (date(2026, 5, 6), date(2026, 6, 4))
    assert gift(ProofLevel.STATED, 1990).cause == "birthday:2026"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("open_days",), 0),
        (("known_days",), -1),
        (("gifts", "STATED", "value_fen"), 0),
        (("gifts", "DOCUMENT", "for_minors", "valid_days"), 0),
        (("gifts", "DOCUMENT", "for_minors", "adults_only"), True),
        (("gifts", "DESK", "for_minors"), None),
    ],
)
def test_rules_that_make_no_sense_are_no_rules(path: tuple[str, ...], value: Any) -> None:
    rules = deepcopy(tomllib.loads(files("server_stub.domain.rules").joinpath("birthday-2026-11.toml").read_text("utf-8")))
    inner = rules
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    if value is None:
        del inner[path[-1]]
    with pytest.raises(ValueError, match="birthday-2026-11"):
        BirthdayRules(rules)


@given(st.dates(date(1950, 1, 1), date(2015, 12, 31)), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_the_days_to_look_for_are_those_whose_gift_is_open(birthday: date, today: date) -> None:
    facts = BirthdayFacts(birthday, ProofLevel.STATED, known_since=date(2020, 1, 1))
    is_open = isinstance(RULES.judge(facts, today), BirthdayGift)
    days = RULES.open_on(today)
    assert is_open == any(birthday.strftime("%m-%d") in names for names in days.values())
    if is_open:
        year = year_of(facts, today)
        assert isinstance(year, int)
        assert birthday.strftime("%m-%d") in days[year]


@given(st.dates(date(1950, 1, 1), date(2015, 12, 31)))
def test_every_year_has_exactly_one_gift_of_two_weeks(birthday: date) -> None:
    facts = BirthdayFacts(birthday, ProofLevel.STATED, known_since=date(2020, 1, 1))
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1))
    given_for = Counter(year for day in days if isinstance(year := year_of(facts, day), int))
    assert {year: given_for[year] for year in (2026, 2027)} == {2026: RULES.open_days, 2027: RULES.open_days}
    assert year_of(facts, anniversary(birthday, 2028)) == 2028
