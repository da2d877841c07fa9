"""The notice names whatever is recorded about a person, what for and for how long, in its six texts (PIPL 17).

Each column and each field of the contract that is marked as personal, each purpose and each period of a mark leads here to the words that
name it: a new one fails until the notice says it, and the words fail once a text lacks them. What only members of staff are
asked for is not in the notice of members.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from server_stub.domain.birthday import AgeBand
from server_stub.domain.language import Language
from server_stub.domain.notices import load_notices
from server_stub.storage.marks import PERSON_LINK, PiiKind, PiiMark
from tests.support.contract import fields
from tests.support.personal_data_page import MARK, marks


class Words(NamedTuple):
    """Words in zh-Hans, zh-Hant and en; empty where a notice has nothing to name."""

    adult: tuple[str, ...]
    child: tuple[str, ...]


def in_both(*words: str) -> Words:
    """Returns words that both notices have."""
    return Words(words, words)


def of_adults(*words: str) -> Words:
    """Returns words of what is not recorded about a child."""
    return Words(words, ())


def of_children(*words: str) -> Words:
    """Returns words of what is recorded about children and their guardians alone."""
    return Words((), words)


RECORDED = {
    "name": in_both("姓名", "姓名", "name"),
    "phone": Words(
        ("手机号、年龄段", "手機號碼、年齡層", "your mobile number and"), ("就是您的手机号", "就是您的手機號碼", "is your mobile number")
    ),
    "phone code": of_adults("由手机号计算出的带密钥的代码", "由手機號碼計算出的帶金鑰的代碼", "a keyed code computed from it"),
    "age band": in_both("年龄段（未满 14 岁", "年齡層（未滿 14 歲", "age group (under 14"),
    "birthday": in_both("生日", "生日", "irthday"),
    "birthday code": in_both("对生日的月和日计算代码", "對生日的月和日計算代碼", "for day and month of the birthday"),
    "ID number": of_adults("带密钥的代码和最后四位", "帶金鑰的代碼和最後四位", "a keyed code and its last four characters"),
    "address": of_adults("邮寄地址", "郵寄地址", "postal address"),
    "e-mail": of_adults("电子邮箱", "電子郵件", "e-mail address"),
    "match codes": in_both("的组合计算", "的組合計算", "combinations of name"),
    "application": in_both("审核的经过和结果", "審核的經過和結果", "application was checked and decided"),
    "choices": in_both("对每一项用途的选择", "對每一項用途的選擇", "your choice about each purpose"),
    "guardian": of_children("您与孩子的监护关联", "您與孩子的監護關聯", "the link between you and the child"),
    "one-time codes": in_both("验证码", "驗證碼", "One-time codes"),
    "abuse": of_adults("本超市自己的违规记录里", "本超市自己的違規記錄裡", "into our own records of abuse"),
    "membership": in_both("会员号", "會員號", "embership number"),
    "card": in_both("会员卡和挂失", "會員卡和掛失", "card and its loss"),
    "member code": in_both("挂失、会员码", "掛失、會員碼", "member code"),
    "sign-ins": in_both("每次登录", "每次登入", "each sign-in"),
    "receipts": in_both("凭条", "憑條", "receipts"),
    "messages": in_both("发过哪些通知", "發過哪些通知", "which messages we sent"),
    "purchases": in_both(
        "购物和退货：门店、时间、每件商品的数量和价格、付款方式",
        "購物和退貨：門市、時間、每件商品的數量和價格、付款方式",
        "each item with quantity and price",
    ),
    "points": in_both(
        "积分、等级、优惠券、兑换，以及更正和合并",
        "積分、等級、優惠券、兌換，以及更正和合併",
        "Points, tiers, coupons, redemptions, and how",
    ),
    "campaigns": in_both("参加的活动", "參加的活動", "Campaigns"),
    "reminders": of_adults("您要求的提醒", "您要求的提醒", "reminders you ask for"),
    "feedback": in_both("意见和我们的答复", "意見和我們的答覆", "Feedback and our replies"),
    "referral code": in_both("推荐码、谁推荐了", "推薦碼、誰推薦了", "referral code, who referred"),
    "referral code as typed": of_adults("电子邮箱、推荐码", "電子郵件、推薦碼", "e-mail address, referral code"),
    "log": in_both("操作记录", "操作記錄", "Logs of what was done"),
    "requests": in_both("办理请求的编号", "辦理請求的編號", "ids of requests"),
}

USED = {
    "membership": in_both("开立会员并制发会员卡", "開立會員並製發會員卡", "membership and make"),
    "points": in_both(
        "计算、说明和更正积分、等级和优惠券，并记账",
        "計算、說明和更正積分、等級和優惠券，並記帳",
        "to work out, explain and correct points",
    ),
    "birthday": in_both("在生日送出礼券", "在生日送出禮券", "to give a birthday coupon"),
    "eligibility": in_both("判断能否兑换或参加活动", "判斷能否兌換或參加活動", "can redeem or take part in a campaign"),
    "feedback": in_both("答复意见", "答覆意見", "to answer feedback"),
    "proof of the phone": Words(
        ("验证手机号", "驗證手機號碼", "to prove your mobile number"), ("确认是您本人", "確認是您本人", "shows that it is you")
    ),
    "security": in_both("办理登录、开具凭条、保护积分", "辦理登入、開具憑條、保護積分", "in, give receipts and protect"),
    "doubles": in_both("查找、合并重复的会员", "查找、合併重複的會員", "looking for double memberships, joining them"),
    "guardian": of_children("核对监护关系", "核對監護關係", "checking who the guardian is"),
    "abuse": in_both("本超市自己", "本超市自己", "our own records of abuse"),
    "messages": in_both("用短信或邮件", "用簡訊或郵件", "by text message or mail"),
    "reminders": of_adults("以及您要求的提醒", "以及您要求的提醒", "asked to be reminded of"),
    "post": of_adults("用于邮寄会员卡和资料、查重", "用於郵寄會員卡和資料、查重", "To mail a card or papers, find doubles"),
    "referral": in_both("为防止自己推荐自己，比较双方的", "為防止自己推薦自己，比較雙方的", "so that nobody refers themselves, we compare"),
    "proof of consent": in_both("您同意或不同意的记录", "您同意或不同意的記錄", "Records of what you agreed to or not"),
    "once": in_both("以免同一请求办理两次", "以免同一請求辦理兩次", "none is carried out twice"),
    "log": in_both("操作记录", "操作記錄", "Logs of what was done"),
}

# What was recorded in a table with a person, and what for.
TABLES = {
    "adjustment": ("points", "points"),
    "adjustment_request": ("points", "points"),
    "allowance": ("points", "points"),
    "application": ("application", "membership"),
    "audit_event": ("log", "log"),
    "benefit_change": ("messages", "messages"),
    "benefit_notice": ("messages", "messages"),
    "birthday_record": ("birthday code", "birthday"),
    "campaign_claim": ("campaigns", "eligibility"),
    "campaign_reminder": ("reminders", "reminders"),
    "card": ("card", "membership"),
    "card_report": ("card", "security"),
    "consent": ("choices", "proof of consent"),
    "coupon": ("points", "points"),
    "coupon_move": ("points", "doubles"),
    "decision": ("application", "doubles"),
    "feedback_case": ("feedback", "feedback"),
    "guardian_link": ("guardian", "guardian"),
    "issue_grant": ("card", "membership"),
    "member": ("membership", "membership"),
    "member_alias": ("member code", "security"),
    "member_merge": ("points", "doubles"),
    "outbox_message": ("messages", "messages"),
    "person": ("name", "membership"),
    "person_match_key": ("match codes", "doubles"),
    "points_account": ("points", "points"),
    "points_entry": ("points", "points"),
    "points_lot": ("points", "points"),
    "points_year": ("points", "points"),
    "program_join": ("membership", "membership"),
    "receipt": ("receipts", "security"),
    "redemption": ("points", "eligibility"),
    "referral": ("referral code", "referral"),
    "referral_code": ("referral code", "referral"),
    "request_log": ("requests", "once"),
    "review_task": ("application", "doubles"),
    "sale": ("purchases", "points"),
    "sale_return": ("purchases", "points"),
    "tier_assignment": ("points", "points"),
    "used_member_code": ("member code", "security"),
    "visit": ("sign-ins", "security"),
}

# Columns that tell something themselves, not only whose row it is.
COLUMNS = {
    "application.open_mobile_token": "phone code",
    "birthday_record.day_token": "birthday code",
    "blocklist_entry.reason": "abuse",
    "blocklist_entry.token": "abuse",
    "feedback_case.content": "feedback",
    "feedback_reply.text": "feedback",
    "member.mobile_token": "phone code",
    "member.number": "membership",
    "outbox_message.payload": "messages",
    "ownership_code.code_mac": "one-time codes",
    "ownership_code.mobile_token": "one-time codes",
    "ownership_code.sent": "one-time codes",
    "person.address": "address",
    "person.age_band": "age band",
    "person.birthday": "birthday",
    "person.birthday_proof": "birthday",
    "person.email": "e-mail",
    "person.id_last4": "ID number",
    "person.id_token": "ID number",
    "person.mobile": "phone",
    "person.mobile_token": "phone code",
    "person.name": "name",
    "person_match_key.match_key": "match codes",
    "receipt.code": "receipts",
    "redemption.pickup_code": "points",
}

# What the marks of those columns say that they are for.
PURPOSES = {
    "birthday benefits": "birthday",
    "earlier abuse": "abuse",
    "hands a reward over to whoever brings it": "eligibility",
    "names the membership": "membership",
    "one active member for a phone": "doubles",
    "one open application for a phone": "doubles",
    "proof that a phone is the applicant's": "proof of the phone",
    "rules for minors": "eligibility",
    "says how the birthday is proved": "birthday",
    "to address the member": "messages",
    "to deliver the message": "messages",
    "to find a second membership": "doubles",
    "to find the member by phone": "security",
    "to find whose birthday it is": "birthday",
    "to handle the case": "feedback",
    "to mail a card": "post",
    "to reach the member": "messages",
    "to tell documents apart at the desk": "doubles",
    "what the member was told": "security",
}

_UNNAMED = in_both("去除身份信息保存 10 年", "去除身分資訊保存 10 年", "10 years after")
KEPT = {
    "membership, then 30 days; applications that fail: 30 days": Words(
        ("退会后 30 日内删除", "退會後 30 日內刪除", "deleted within 30 days after you leave"),
        ("撤回同意后立即删除", "撤回同意後立即刪除", "deleted at once when you withdraw"),
    ),
    "10 years, de-identified after closure": _UNNAMED,
    "10 years": _UNNAMED,
    "24 hours": in_both("24 小时", "24 小時", "24 hours"),
    "until handed over or given up": in_both("送出或放弃后立即删除", "送出或放棄後立即刪除", "deleted once sent or given up"),
    "3 years after the case is closed": in_both("结案后 3 年", "結案後 3 年", "3 years after the case is closed"),
    "until its expiry": of_adults("到期删除，最长 3 年", "到期刪除，最長 3 年", "until their last day, at most 3 years"),
}

# Messages of the contract, or single fields where a message holds several things.
MESSAGES = {
    "Application.address": "address",
    "Application.birthday": "birthday",
    "Application.email": "e-mail",
    "Application.id_number": "ID number",
    "Application.mobile": "phone",
    "Application.name": "name",
    "CampaignCondition": "campaigns",
    "CaseReply": "feedback",
    "CompleteVisitRequest": "card",
    "CouponUse": "points",
    "GetCampaignResponse": "campaigns",
    "OwnRedemption": "points",
    "PostalAddress": "address",
    "QuoteResponse": "points",
    "Redemption": "points",
    "RewardView": "points",
    "Sale": "purchases",
    "SendOwnershipCodeRequest": "phone",
    "SpendPointsRequest": "points",
    "SubmitApplicationRequest": "referral code as typed",
    "SubmitApplicationResponse": "membership",
    "SubmitChangeRequestRequest.email": "e-mail",
    "SubmitChangeRequestRequest.mobile": "phone",
    "SubmitChangeRequestRequest.remove_email": "e-mail",
    "SubmitFeedbackRequest": "feedback",
}


def of_members() -> dict[str, PiiMark]:
    """Returns the columns that tell about members and applicants; those about staff alone are left out."""
    staff = (PiiKind.STAFF, PiiKind.CREDENTIAL)
    return {name: mark for name, mark in marks() if isinstance(mark, PiiMark) and mark.kind not in staff and not name.startswith("staff.")}


def test_every_personal_table_and_column_leads_to_words_of_the_notice() -> None:
    links = {name.partition(".")[0] for name, mark in of_members().items() if mark == PERSON_LINK}
    assert links == set(TABLES)
    assert {name for name, mark in of_members().items() if mark != PERSON_LINK} == set(COLUMNS)


def test_every_purpose_and_every_period_leads_to_words_of_the_notice() -> None:
    told = of_members().values()
    assert {mark.purpose for mark in told if mark != PERSON_LINK} == set(PURPOSES)
    assert {mark.retention for mark in told} == set(KEPT)


def test_every_personal_message_leads_to_words_of_the_notice() -> None:
    personal = [field.name for field in fields() if (mark := MARK.search(field.comment)) and mark[1] == "personal"]
    assert personal
    assert {name if name in MESSAGES else name.partition(".")[0] for name in personal} == set(MESSAGES)


def test_every_line_of_these_tables_leads_somewhere_and_none_leads_nowhere() -> None:
    recorded, used = zip(*TABLES.values(), strict=True)
    assert {*recorded, *COLUMNS.values(), *MESSAGES.values()} == set(RECORDED)
    assert {*used, *PURPOSES.values()} == set(USED)


@pytest.mark.parametrize("language", list(Language))
def test_the_notices_have_all_these_words(language: Language) -> None:
    place = list(Language).index(language)
    missing = []
    for band in (AgeBand.ADULT, AgeBand.FROM_14_TO_17, AgeBand.UNDER_14):
        text = load_notices().get(language, band).full_text
        for words in (*RECORDED.values(), *USED.values(), *KEPT.values()):
            told = words.child if band is AgeBand.UNDER_14 else words.adult
            missing += [f"{band}: {told[place]}" for _ in told[:1] if told[place] not in text]
    assert not missing
