"""Mobile numbers: what is refused and why, how they are kept and shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.mobile import Mobile, mask_mobile, parse_mobile
from server_stub.domain.reasons import Reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Reason.PHONE_INVALID),
        ("1" * 41, Reason.PHONE_INVALID),
        ("13800138000 ext 5", Reason.PHONE_INVALID),
        ("l3800138000", Reason.PHONE_INVALID),
        ("138*00138000", Reason.PHONE_INVALID),
        ("13800138000?", Reason.PHONE_INVALID),
        ("~13800138000", Reason.PHONE_INVALID),
        ("+8613800138000+", Reason.PHONE_INVALID),
        ("138\n00138000", Reason.PHONE_INVALID),
        ("138OO138000", Reason.PHONE_INVALID),
        ("1380013800", Reason.PHONE_INVALID),
        ("138001380000", Reason.PHONE_INVALID),
        ("14000138000", Reason.PHONE_INVALID),
        ("14100138000", Reason.PHONE_INVALID),
        ("15400138000", Reason.PHONE_INVALID),
        ("11012345678", Reason.PHONE_INVALID),
        ("17212345678", Reason.PHONE_NOT_MOBILE),
        ("02012345678", Reason.PHONE_NOT_MOBILE),
        ("010 6552 9988", Reason.PHONE_NOT_MOBILE),
        ("10648123456", Reason.PHONE_NOT_MOBILE),
        ("95588", Reason.PHONE_NOT_MOBILE),
        ("110", Reason.PHONE_NOT_MOBILE),
        ("400 820 8820", Reason.PHONE_NOT_MOBILE),
        ("+852 9123 4567", Reason.PHONE_REGION),
        ("+886 912 345 678", Reason.PHONE_REGION),
        ("+1 415 555 2671", Reason.PHONE_REGION),
    ],
)
def test_numbers_that_get_no_messages_say_why(typed: str, reason: Reason) -> None:
    assert parse_mobile(typed) is reason


@pytest.mark.parametrize(
    "typed",
    [
        "138 0013 8000",
        "138-0013-8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "8613800138000",
        "0086 138 0013 8000",
        "013800138000",
        "１３８００１３８０００",
    ],
)
def test_every_way_to_write_a_number_is_one_number(typed: str) -> None:
    assert parse_mobile(typed) == Mobile("+8613800138000", "CN")


def test_other_regions_are_taken_where_the_chain_serves_them() -> None:
    found = parse_mobile("+852 9123 4567", frozenset({"CN", "HK"}))
    assert found == Mobile("+85291234567", "HK")
    assert found.masked == "+852 ****4567"


def test_a_number_is_shown_masked_and_never_printed() -> None:
    assert mask_mobile("+8613800138000") == "138****8000"
    assert "0013" not in repr(parse_mobile("13800138000"))


@given(st.text(max_size=50))
def test_no_text_breaks_the_check(text: str) -> None:
    assert isinstance(parse_mobile(text), (Mobile, Reason))
