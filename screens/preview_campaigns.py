"""Made-up campaigns for pictures and for the check of layouts. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kiosk.flows.campaigns.state import (
    AskingReminder,
    CampaignGone,
    CampaignJoined,
    CampaignList,
    CampaignRefused,
    CampaignShown,
    JoiningCampaign,
    LoadingBoard,
    OpeningCampaign,
    ReminderNoted,
    WishingReminder,
)
from kiosk.ports.campaigns import CampaignLook, Condition, Joined, Line, PublicCampaign, Words
from kiosk.ports.perks import CouponState, OwnCoupon, ShownCoupon
from kiosk.ports.values import Language, Reason, Receipt, Visitor

Row = tuple[str, Any, dict[str, Any]]

VISITOR = Visitor("visit", "欧阳**")
UNREACHABLE = Reason("UNREACHABLE")
CODE = "cpn_01999b3e-5c1d-7abc-8def-0123456789ab.mfzwizltoq3tenrvgy3dq5dfon"
RECEIPT = Receipt("K03-0187", "HR1:" + "7KQ2MXRT4" * 38)
_FIRST, _LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2098, 12, 31, 16, tzinfo=UTC)


def _words(zh: tuple[str, str, str, str], hant: tuple[str, str, str, str], en: tuple[str, str, str, str]) -> dict[Language, Words]:
    return {Language.ZH_HANS: Words(*zh), Language.ZH_HANT: Words(*hant), Language.EN: Words(*en)}


BAKING = PublicCampaign(
    "family-baking",
    3,
    _words(
        ("亲子烘焙课", "带孩子一起做小蛋糕", "门店二楼烘焙教室，材料已备好，一位家长可带一名孩子。", "免费参加，请提前十分钟到场。"),
        ("親子烘焙課", "帶孩子一起做小蛋糕", "門市二樓烘焙教室，材料已備好，一位家長可帶一名孩子。", "免費參加，請提前十分鐘到場。"),
        (
            "Family baking",
            "Bake small cakes with your children",
            "On the second floor; everything is there.",
            "Free; please come ten minutes early.",
        ),
    ),
    "campaign-baking",
    _FIRST,
    _LAST,
    _FIRST,
    _LAST,
    is_everywhere=False,
)
COUPON = replace(
    BAKING,
    campaign_id="new-year-coupon",
    words=_words(
        ("迎新年满减券", "会员领券，满 50 元减 10 元", "每位会员可领一张满减券，三十天内在任一门店使用。", "每次购物限用一张。"),
        ("迎新年滿減券", "會員領券，滿 50 元減 10 元", "每位會員可領一張滿減券，三十天內在任一門市使用。", "每次購物限用一張。"),
        (
            "New Year coupon",
            "¥10.00 off from ¥50.00",
            "One coupon for each member, good for 30 days in any store.",
            "One coupon a purchase.",
        ),
    ),
    picture="attract-groceries",
    is_everywhere=True,
    value_fen=1000,
    minimum_spend_fen=5000,
)
# As long as a file may make them.
LONGEST = replace(
    COUPON,
    campaign_id="longest",
    words=_words(
        ("会员专享" * 3, "生鲜粮油日用全部参加" * 2, "生鲜、粮油、日用全部参加，每位会员都来" * 4, "每次购物限用一张不找零呀" * 5),
        ("會員專享" * 3, "生鮮糧油日用全部參加" * 2, "生鮮、糧油、日用全部參加，每位會員都來" * 4, "每次購物限用一張不找零呀" * 5),
        (
            "A very long title of it.",
            "Fresh food, oil, rice and goods of homes",
            "Every member can take part in this. " * 4,
            "One coupon for each purchase. " * 4,
        ),
    ),
    value_fen=0,
    points=1250,
    picture="a-picture-of-a-later-release",
)
# As many as a store is sent.
MANY = tuple(replace(one, campaign_id=f"m{place}") for place, one in enumerate((BAKING, COUPON, LONGEST) * 20))
ALL = (BAKING, COUPON, LONGEST, replace(BAKING, campaign_id="b2"), replace(COUPON, campaign_id="c2"))

_CONDITIONS = (
    Condition(Line("explain.campaign.tier", {"tier": "金卡"}), Line("explain.campaign.tier.is", {"tier": "金卡"}), is_met=True),
    Condition(Line("explain.campaign.adult"), Line("explain.campaign.adult.is"), is_met=True),
    Condition(
        Line("explain.campaign.purchases_here", {"count": "3", "days": "30"}),
        Line("explain.campaign.purchases.short", {"count": "2", "missing": "1"}),
        is_met=False,
    ),
)
_WAY = (
    Line("explain.campaign.how.purchases_here", {"count": "1", "day": "2026-08-20"}),
    Line("explain.campaign.how.till"),
    Line("explain.campaign.how.basis", {"version": "3"}),
)


def campaign_states() -> Iterable[Row]:
    """Return the views of campaigns: label, state and change of what surrounds it."""
    among = CampaignList(VISITOR, ALL)
    no = CampaignLook(BAKING, Reason("CAMPAIGN_NOT_ELIGIBLE"), _CONDITIONS, _WAY, 6, may_wish=True)
    shown = CampaignShown(VISITOR, among, no)
    met = tuple(replace(one, is_met=True) for one in _CONDITIONS[:2])
    yield "campaigns-loading", LoadingBoard(VISITOR), {}
    yield "campaigns", among, {}
    yield "campaigns-two", CampaignList(None, ALL[:2]), {}
    yield "campaigns-many", CampaignList(None, MANY), {}
    yield "campaigns-none", CampaignList(None, ()), {}
    yield "campaign-opening", OpeningCampaign(VISITOR, among, BAKING), {}
    yield "campaign-not-eligible", shown, {}
    yield "campaign-wished", replace(shown, look=replace(no, may_wish=False, has_wished=True)), {}
    yield "campaign-eligible", replace(shown, look=CampaignLook(BAKING, None, met, (), 6)), {}
    yield "campaign-open", replace(shown, look=CampaignLook(COUPON)), {}
    yield "campaign-longest", replace(shown, look=CampaignLook(LONGEST, None, (), (), 12000)), {}
    two = (replace(_CONDITIONS[0], is_met=False), _CONDITIONS[2])
    steps = (Line("explain.campaign.how.tier", {"tier": "Platinum Plus", "amount": "12345.60", "day": "2026-12-31"}), *_WAY[1:])
    yield "campaign-tier", replace(shown, look=replace(no, conditions=two, way=steps, may_wish=False)), {}
    three = (*two, Condition(Line("explain.campaign.consent"), Line("explain.campaign.consent.not"), is_met=False))
    all_steps = (steps[0], Line("explain.campaign.how.within_here", {"count": "10", "days": "365"}), Line("explain.campaign.how.consent"))
    yield "campaign-three-steps", replace(shown, look=replace(no, conditions=three, way=all_steps)), {}
    yield "campaign-two-steps", replace(shown, look=replace(no, conditions=two, way=(*all_steps[:2], _WAY[2]))), {}
    longest = replace(no, campaign=LONGEST, way=steps, left=12000)
    yield "campaign-longest-not-eligible", replace(shown, look=longest), {}
    guest = replace(among, visitor=None)
    asked = tuple(Condition(one.what) for one in _CONDITIONS)
    yield "campaign-guest", CampaignShown(None, guest, CampaignLook(BAKING, None, asked, (), 6)), {}
    yield "campaign-guest-open", CampaignShown(None, guest, CampaignLook(COUPON)), {}
    yield "campaign-full", CampaignShown(None, guest, CampaignLook(BAKING, Reason("CAMPAIGN_QUOTA_GONE"), asked, (), 0)), {}
    claimed = CampaignLook(COUPON, Reason("CAMPAIGN_CLAIMED_ALREADY"), (), (Line("explain.campaign.how.others"), _WAY[2]))
    yield "campaign-claimed", replace(shown, look=claimed), {}
    yield "campaign-memory", CampaignShown(None, guest, CampaignLook(BAKING), is_from_memory=True), {"is_linked": False}
    yield from _taking_part(shown)


def _taking_part(shown: CampaignShown) -> Iterable[Row]:
    coupon = OwnCoupon("c1", "benefit.coupon", 1000, 5000, "2026-08-01", "2027-01-22", CouponState.CLAIMED)
    opened = replace(shown, look=CampaignLook(COUPON))
    joining = JoiningCampaign(VISITOR, opened)
    yield "campaign-joining", joining, {}
    with_coupon = CampaignJoined(VISITOR, opened, Joined("c1", 0, ShownCoupon(CODE, coupon), RECEIPT))
    yield "campaign-joined-coupon", with_coupon, {}
    yield "campaign-joined-coupon-failed", replace(with_coupon, slip="failed"), {"printer_ok": False}
    yield "campaign-joined-coupon-copied", replace(with_coupon, slip="printed", is_copy=True), {}
    yield "campaign-joined-later", CampaignJoined(VISITOR, opened, Joined("c1")), {}
    yield "campaign-joined-points", CampaignJoined(VISITOR, replace(shown, look=CampaignLook(LONGEST)), Joined("", 1250)), {}
    part = CampaignJoined(VISITOR, shown, Joined(receipt=RECEIPT), slip="printed")
    yield "campaign-joined-part", part, {}
    yield "campaign-joined-part-unknown", replace(part, slip="unknown"), {}
    yield "campaign-refused", CampaignRefused(VISITOR, joining, Reason("CAMPAIGN_QUOTA_GONE")), {}
    yield "campaign-lost", CampaignRefused(VISITOR, joining, UNREACHABLE), {"is_linked": False}
    yield "campaign-ask-reminder", AskingReminder(VISITOR, shown), {}
    yield "campaign-wishing", WishingReminder(VISITOR, shown), {}
    yield "campaign-reminded", ReminderNoted(VISITOR, shown), {}
    yield "campaign-gone", CampaignGone(None, Reason("CAMPAIGN_STOPPED")), {}
    yield "campaign-over", CampaignGone(None, Reason("CAMPAIGN_ENDED")), {}
