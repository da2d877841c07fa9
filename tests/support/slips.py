"""Slips of each kind and what renders them, for tests of paper and printers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from google.protobuf.timestamp_pb2 import Timestamp

from kiosk.paper import (
    ApplicationSlip,
    DeedSlip,
    Line,
    MembershipSlip,
    RedemptionSlip,
    ReturnedSlip,
    Shop,
    Slip,
    SlipPaper,
    SlipRenderer,
    load_faces,
)
from kiosk.texts import load_catalogue
from proto.member.v1.receipt_pb2 import (
    RECEIPT_KIND_APPLICATION,
    RECEIPT_KIND_CAMPAIGN,
    RECEIPT_KIND_CONSENT_WITHDRAWN,
    RECEIPT_KIND_FOUND,
    RECEIPT_KIND_LOST,
    RECEIPT_KIND_REDEMPTION,
    RECEIPT_KIND_RETURNED,
    RECEIPT_KIND_UNDONE,
    Bought,
    TakenPart,
)
from tests.conftest import ROOT
from tests.support.receipts import code

if TYPE_CHECKING:
    from kiosk.paper import Faces

FONTS = ROOT / "screens" / "assets" / "fonts"
SHOP = Shop("湖滨店", "400-000-0000", "8:00–21:30")


@cache
def faces() -> Faces:
    """Returns the product's faces, loaded once."""
    return load_faces(FONTS)


@cache
def renderer() -> SlipRenderer:
    """Returns a renderer with the product's faces and texts."""
    return SlipRenderer(faces(), load_catalogue().in_language)


TOLD = {"lost": RECEIPT_KIND_LOST, "found": RECEIPT_KIND_FOUND, "consent_withdrawn": RECEIPT_KIND_CONSENT_WITHDRAWN}

KINDS = ("application", "membership", "returned", "redemption", "campaign", "undone", *TOLD)
"""Kinds of receipts that are printed."""


def slips() -> dict[str, Slip]:
    """Returns a slip of each kind."""
    return {
        "application": ApplicationSlip(SHOP, code(kind=RECEIPT_KIND_APPLICATION, membership_number_masked="", points=0)),
        "membership": MembershipSlip(
            SHOP,
            code(),
            tier="普通会员",
            benefits=(Line("迎新积分 200 分", "2027-08-31 前"), Line("优惠券 10 元", "2026-12-31 前")),
            welcome_channel="sms",
        ),
        "returned": ReturnedSlip(
            SHOP,
            code(kind=RECEIPT_KIND_RETURNED, membership_number_masked="", points=0),
            findings=(Line("手机号", "这个手机号已经是会员了。"), Line("身份证号", "最后一位校验码不对，请对照证件重新输入一次。")),
        ),
        "redemption": RedemptionSlip(SHOP, redemption_code(), "2026年12月7日"),
        "undone": DeedSlip(SHOP, undone_code(), "", "欧阳**"),
        "campaign": DeedSlip(SHOP, campaign_code(), "", "欧阳**"),
        **{kind: DeedSlip(SHOP, told_code(kind), "", "欧阳**") for kind in TOLD},
    }


def redemption_code() -> str:
    """Returns the receipt of a reward that waits until the end of 7 December 2026 in Shanghai."""
    until = Timestamp(seconds=1_796_659_200)
    bought = Bought(
        reward_id="rice", reward_name="东北大米 5 公斤", qty=2, points_spent=2_400, pickup_code="7KQ-2MX-RT4", pickup_until=until
    )
    return code(kind=RECEIPT_KIND_REDEMPTION, application_number="", notice_version="", consents=[], points=9_280, bought=bought)


def undone_code() -> str:
    """Returns the receipt of a reward that was given back."""
    undone = Bought(reward_id="rice", reward_name="东北大米 5 公斤", qty=2, points_spent=2_400)
    return code(kind=RECEIPT_KIND_UNDONE, application_number="", notice_version="", consents=[], points=11_680, bought=undone)


def told_code(kind: str) -> str:
    """Returns the receipt of a deed that a headline and a line tell."""
    points = 0 if kind == "consent_withdrawn" else 11_680
    return code(kind=TOLD[kind], application_number="", notice_version="", consents=[], points=points)


def campaign_code(points: int = 0, coupon_fen: int = 0) -> str:
    """Returns the receipt of who took part in a campaign that gives nothing else."""
    part = TakenPart(campaign_id="family-baking", title="亲子烘焙课", points=points, coupon_fen=coupon_fen)
    return code(kind=RECEIPT_KIND_CAMPAIGN, application_number="", notice_version="", consents=[], points=0, taken_part=part)


def membership_paper(language: str = "zh-Hans", *, is_copy: bool = False) -> SlipPaper:
    """Returns a membership slip, ready to print."""
    return renderer().render(slips()["membership"], language, is_copy=is_copy)
