"""What people show to the camera: ours is told apart and kept, money and everything else is wiped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.codes.kinds import CodeKind, KnownCode, told_apart
from kiosk.codes.view import View, meaning

MEMBER = b"HM1:" + b"A" * 129
OTHER_MEMBER = b"HM1:" + b"B" * 129
RECEIPT = b"HR1:6BFOXN*TS0BI$ZD4N9:9S6"
CASE = b"FB1:1234567890123456"
WECHAT = b"134567890123456789"
ALIPAY = (b"2512345678901234", b"281234567890123456", b"301234567890123456789012")
UNIONPAY = (b"6212345678901234567", b"hQVDUFYwMWETTwegAAADMwEBUAhVbmlvblBheQ==")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (MEMBER, CodeKind.MEMBER),
        (RECEIPT, CodeKind.RECEIPT),
        (CASE, CodeKind.CASE),
        (WECHAT, CodeKind.PAYMENT),
        *((code, CodeKind.PAYMENT) for code in (*ALIPAY, *UNIONPAY)),
        (b"6901234567892", CodeKind.PRODUCT),
        (b"96385074", CodeKind.PRODUCT),
        (b"https://id.gs1.org/01/06901234567892/10/ABC?17=271231", CodeKind.PRODUCT),
        (b"6901234567893", CodeKind.FOREIGN),  # check digit
        (b"https://id.gs1.org/01/06901234567893", CodeKind.FOREIGN),
        (b"164567890123456789", CodeKind.FOREIGN),  # 18 digits, no prefix of WeChat's
        (b"241234567890123456", CodeKind.FOREIGN),
        (b"3112345678901234", CodeKind.FOREIGN),
        (b"62123456789012345678", CodeKind.FOREIGN),
        (b"FB1:123456789012345", CodeKind.FOREIGN),
        (b"HM1:", CodeKind.FOREIGN),
        (MEMBER.lower(), CodeKind.FOREIGN),
        (MEMBER + b"\n", CodeKind.FOREIGN),
        (b"HM2:" + b"A" * 129, CodeKind.FOREIGN),
        (b"", CodeKind.FOREIGN),
        (b"https://example.org/01/", CodeKind.FOREIGN),
        (b"weixin://wxpay/bizpayurl?pr=1", CodeKind.FOREIGN),
        (b"WIFI:S:shop;T:WPA;P:secret;;", CodeKind.FOREIGN),
        (b"tel:+8613800138000", CodeKind.FOREIGN),
        (b"'; DROP TABLE member; --", CodeKind.FOREIGN),
        (b"[ref=x][b]free[/b][/ref]", CodeKind.FOREIGN),
        ("\u202e会员码".encode(), CodeKind.FOREIGN),
        ("会员".encode("gb18030"), CodeKind.FOREIGN),
        (b"\xff\xfe\x00", CodeKind.FOREIGN),
        ("１３４５６７８９０１２３４５６７８９".encode(), CodeKind.FOREIGN),  # digits that are none in ASCII
        (b"HR1:" + b"A" * 508, CodeKind.FOREIGN),  # the cap
        (b"7" * 7089, CodeKind.FOREIGN),
        # Of the forms without a length of their own.
        (b"hQVDUFYwM" + b"A" * 503, CodeKind.FOREIGN),
        (b"https://id.gs1.org/01/06901234567892?" + b"a" * 475, CodeKind.FOREIGN),
    ],
)
def test_what_a_code_is(content: bytes, kind: CodeKind) -> None:
    known = told_apart(content)
    assert known.kind is kind
    kept = kind in {CodeKind.MEMBER, CodeKind.RECEIPT, CodeKind.CASE}
    assert known.text == (content.decode() if kept else "")
    assert not kept or known.text not in repr(known)


@given(st.binary(max_size=600))
def test_any_bytes_are_told_apart_and_kept_only_in_our_forms(content: bytes) -> None:
    known = told_apart(content)
    assert not known.text or re.fullmatch(r"(HM1|HR1|FB1):[0-9A-Z $%*+\-./:]+", known.text)


@given(st.from_regex(rb"[0-9]{14,24}", fullmatch=True))
def test_a_row_of_digits_is_never_kept(content: bytes) -> None:
    assert told_apart(content).text == ""


@given(st.from_regex(rb"1[0-5][0-9]{16}|(2[5-9]|30)[0-9]{14,22}|62[0-9]{17}", fullmatch=True))
def test_money_is_always_recognised(content: bytes) -> None:
    assert told_apart(content) == KnownCode(CodeKind.PAYMENT)


@pytest.mark.parametrize(
    ("contents", "name"),
    [
        ([], None),
        ([MEMBER], "member"),
        ([MEMBER, MEMBER], "member"),
        ([MEMBER, OTHER_MEMBER], "several"),
        ([MEMBER, RECEIPT], "several"),
        ([b"https://example.org", MEMBER], "member"),
        ([WECHAT, b"https://example.org"], "payment"),
        ([b"https://example.org", b"6901234567892"], "product"),
        ([b"https://example.org"], "foreign"),
    ],
)
def test_all_codes_in_view_mean_one_thing(contents: list[bytes], name: str | None) -> None:
    seen = meaning(contents)
    assert (seen.name if seen else None) == name


def test_a_code_that_is_held_still_is_told_of_once_and_again_when_it_comes_back() -> None:
    view = View()
    assert view.news([MEMBER], 10.0) is not None
    assert view.news([MEMBER], 10.1) is None
    assert view.news([], 10.2) is None
    assert view.news([MEMBER], 10.3) is None, "a hand that trembles"
    assert view.news([], 12.0) is None
    assert view.news([MEMBER], 12.1) is not None
    assert view.news([OTHER_MEMBER], 12.2) is not None, "swapped for another"


def test_a_refused_code_that_is_still_held_is_not_asked_about_again() -> None:
    view = View()
    assert view.news([MEMBER], 10.0) is not None
    view.resumed(1.0, 14.0)
    assert view.news([MEMBER], 14.1) is None, "the centre was asked for a second, the camera was off"
    assert view.news([OTHER_MEMBER], 14.2) is not None
    view.resumed(60.0, 80.0)
    assert view.news([OTHER_MEMBER], 80.1) is not None, "the next visit"


def test_of_two_codes_one_that_is_missed_for_a_frame_is_no_news() -> None:
    view = View()
    assert view.news([MEMBER, OTHER_MEMBER], 1.0).name == "several"
    assert view.news([MEMBER], 1.1) is None
    assert view.news([MEMBER, OTHER_MEMBER], 1.2) is None
