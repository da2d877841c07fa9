"""Slips as PDF: what stands on them, in which faces, and that no value is ever more than a text."""

from __future__ import annotations

import sys
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from kiosk.paper import ApplicationSlip, Line, MembershipSlip, ReturnedSlip, SlipNotLaidOut
from kiosk.paper.blocks import PAPER_DOTS
from kiosk.texts import LANGUAGES
from proto.member.receipts import ReceiptInvalid
from tests.support.receipts import code
from tests.support.slips import SHOP, membership_paper, renderer, slips

if TYPE_CHECKING:
    from kiosk.paper import SlipPaper

HOSTILE = ['<img src="file:///etc/passwd"/>', "</para><b>x", "&lt;&amp;", '<a href="javascript:x">', "%s {name} \\n", "\x07欧\u202e阳"]


def page_text(paper: SlipPaper) -> str:
    """Returns the text of the only page, without line breaks and spaces."""
    reader = PdfReader(BytesIO(paper.pdf))
    assert len(reader.pages) == 1
    return "".join(reader.pages[0].extract_text().split())


# --- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "HR1:", "HR1:" + "0" * 1000, "https://example.org"])
def test_what_is_no_receipt_is_not_printed(text: str) -> None:
    with pytest.raises(SlipNotLaidOut) as caught:
        renderer().render(ApplicationSlip(SHOP, text), "zh-Hans")
    assert isinstance(caught.value.__cause__, ReceiptInvalid)


def test_an_unknown_language_is_not_printed() -> None:
    with pytest.raises(SlipNotLaidOut):
        renderer().render(slips()["application"], "fr")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_a_text_and_opens_nothing(value: str) -> None:
    opened: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching[0] and event in {"open", "socket.connect", "subprocess.Popen"}:
            opened.append(str(arguments[0]))

    membership_paper()  # whatever is loaded late is loaded now
    sys.addaudithook(watch)
    slip = ReturnedSlip(SHOP, code(), (Line(value, value),))
    try:
        paper = renderer().render(slip, "zh-Hans")
    finally:
        watching[0] = False
    assert opened == []
    assert "".join(value.split()).replace("\x07", "").replace("\u202e", "") in page_text(paper).replace("\x07", "").replace("\u202e", "")


# --- what stands on a slip ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["application", "membership", "returned"])
def test_every_slip_states_what_its_receipt_signs(kind: str, language: str) -> None:
    text = page_text(renderer().render(slips()[kind], language))
    for fact in ("2026-08-0614:26:41", "K03/0187", "K03/0186", "湖滨店", "400-000-0000"):
        assert fact in text
    assert ("8800••••9012" if kind == "membership" else "A26-0806-000417") in text


def test_a_membership_slip_says_what_was_agreed_and_what_is_given() -> None:
    text = page_text(membership_paper())
    for fact in (
        "开立会员并提供服务同意",
        "告知书版本2026-08",
        "普通会员",
        "现有积分200分",
        "优惠券10元2026-12-31前",
        "欢迎短信已发往您的手机",
    ):
        assert fact in text
    assert "analytics同意" in text  # a purpose newer than this kiosk
    assert "短信告知优惠" not in text


@pytest.mark.parametrize(("channel", "words"), [("mail", "欢迎信"), ("sms", "欢迎短信"), ("", "")])
def test_the_welcome_message_is_named_by_its_channel(channel: str, words: str) -> None:
    slip = slips()["membership"]
    assert isinstance(slip, MembershipSlip)
    text = page_text(renderer().render(replace(slip, welcome_channel=channel), "zh-Hans"))
    assert words in text
    assert text.count("欢迎") == (1 if channel else 0)


def test_a_returned_slip_says_field_by_field_what_to_mend() -> None:
    text = page_text(renderer().render(slips()["returned"], "zh-Hans"))
    assert text.index("手机号") < text.index("这个手机号已经是会员了。") < text.index("身份证号") < text.index("最后一位校验码不对")


@pytest.mark.parametrize(
    ("language", "undoing", "going_on"),
    [("zh-Hans", "手机号登录", "15分钟内"), ("zh-Hant", "手機號碼登入", "15分鐘內"), ("en", "signinwithyourphone", "Within15minutes")],
)
def test_a_redemption_slip_says_how_it_is_undone_and_what_its_code_is_good_for(language: str, undoing: str, going_on: str) -> None:
    text = page_text(renderer().render(slips()["redemption"], language))
    assert text.index(undoing) < text.index(going_on)


def test_the_first_receipt_of_a_device_names_none_before_it() -> None:
    text = page_text(renderer().render(ApplicationSlip(SHOP, code(sequence=1, previous=b"")), "zh-Hans"))
    assert "上一张回执本机首张" in text


def test_only_a_reprint_is_stamped_copy() -> None:
    for language in LANGUAGES:
        assert "COPY" not in page_text(membership_paper(language))
        assert page_text(membership_paper(language, is_copy=True)).count("COPY") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_a_language_are_that_languages(language: str) -> None:
    text = page_text(membership_paper(language))
    title = {"zh-Hans": "入会回执", "zh-Hant": "入會收據", "en": "Membershipreceipt"}
    assert [name for name, words in title.items() if words in text] == [language]


# --- the document ------------------------------------------------------------------------------------------------------


def test_the_page_is_80_mm_wide_and_as_long_as_said() -> None:
    paper = membership_paper()
    box = PdfReader(BytesIO(paper.pdf)).pages[0].mediabox
    assert float(box.width) / 72 * 203.2 == pytest.approx(PAPER_DOTS, abs=0.05)
    assert float(box.height) / 72 * 25.4 == pytest.approx(paper.height_mm, abs=0.02)
    assert paper.width_mm == 80


def test_the_same_slip_is_the_same_bytes() -> None:
    assert membership_paper().pdf == membership_paper().pdf


def test_a_document_names_its_receipt_and_nobody() -> None:
    paper = membership_paper()
    assert paper.name == "K03-0187"
    information = PdfReader(BytesIO(paper.pdf)).metadata
    assert information is not None
    assert information.title == "K03-0187"
    assert information.author in {None, "anonymous", "(anonymous)"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_face_is_embedded(language: str) -> None:
    fonts = PdfReader(BytesIO(membership_paper(language).pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    drawn = [font.get_object() for name, font in fonts.items() if name != "/F1"]
    assert drawn
    for font in drawn:
        assert "NotoSans" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"]


def test_a_slip_is_small_enough_to_print_at_once() -> None:
    assert max(len(renderer().render(slip, language).pdf) for slip in slips().values() for language in LANGUAGES) < 150_000
