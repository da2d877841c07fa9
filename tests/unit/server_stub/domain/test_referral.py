"""The life of a referral and its code: which flaw weighs most, the edges of its days, and that looking twice changes nothing."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.reasons import Reason
from server_stub.domain.referral import Kinship, ReferralState, Standing, load_referral_rules, new_code, read_code, read_rules

RULES = load_referral_rules()
DAY = date(2026, 11, 23)
ENOUGH = RULES.minimum_fen


def after(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("kinship", "flaw"),
    [
        (Kinship(True, True, 9, True), Reason.REFERRAL_SECOND_CODE),
        (Kinship(True, True, 9, False), Reason.REFERRAL_SELF),
        (Kinship(False, True, 9, False), Reason.REFERRAL_SAME_ADDRESS),
        (Kinship(False, False, 3, False), Reason.REFERRAL_SAME_DEVICE),
        (Kinship(False, False, 2, False), None),
    ],
)
def test_the_gravest_flaw_is_named(kinship: Kinship, flaw: Reason | None) -> None:
    assert RULES.flaw(kinship) is flaw


@pytest.mark.parametrize(
    ("state", "qualified_on", "kept", "next_sale", "today", "then"),
    [
        ("PENDING", None, 0, None, after(89), ("PENDING", None)),
        ("PENDING", None, 0, None, after(90), ("VOID", Reason.REFERRAL_LAPSED)),
        ("PENDING", None, 0, after(89), after(200), ("QUALIFIED", None)),
        ("PENDING", None, 0, after(90), after(90), ("VOID", Reason.REFERRAL_LAPSED)),
        ("QUALIFIED", DAY, ENOUGH, None, after(14), ("QUALIFIED", None)),
        ("QUALIFIED", DAY, ENOUGH, None, after(15), ("REWARDED", None)),
        ("QUALIFIED", DAY, ENOUGH - 1, None, after(15), ("PENDING", None)),
        ("REWARDED", DAY, ENOUGH, None, after(15), ("REWARDED", None)),
        ("REWARDED", DAY, ENOUGH - 1, None, after(180), ("VOID", Reason.REFERRAL_SALE_RETURNED)),
        ("REWARDED", DAY, ENOUGH - 1, None, after(181), ("REWARDED", None)),
        ("VOID", None, 0, DAY, after(1), ("VOID", None)),
    ],
)
def test_what_follows_on_a_day(
    state: str, qualified_on: date | None, kept: int, next_sale: date | None, today: date, then: tuple[str, Reason | None]
) -> None:
    standing = Standing(ReferralState(state), DAY, qualified_on, kept, next_sale)
    assert RULES.next_state(standing, today) == (ReferralState(then[0]), then[1])


def test_a_code_is_easy_to_say_and_to_mistype() -> None:
    places = iter([1, 0, 31, 18, 20, 9, 2, 3])
    code = new_code(lambda _: next(places))
    assert code == "R10ZJM923"
    assert read_code(" rIo-zjm 923 ") == code


@given(st.lists(st.integers(0, 31), min_size=8, max_size=8))
def test_every_code_is_read_as_itself(places: list[int]) -> None:
    rest = iter(places)
    code = new_code(lambda _: next(rest))
    assert read_code(code) == read_code(code.lower()) == code
    assert not code.isdigit()


@pytest.mark.parametrize("change", [{"minimum_fen": 0}, {"device_limit": 0}, {"reversal_days": 14}])
def test_rules_that_make_no_sense_are_no_rules(change: dict[str, int]) -> None:
    rules = tomllib.loads(files("server_stub.domain.rules").joinpath("referral-2026-11.toml").read_text("utf-8"))
    with pytest.raises(ValueError, match="referral-2026-11"):
        read_rules({**rules, **change})
