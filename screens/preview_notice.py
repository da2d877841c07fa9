"""A made-up notice for previews, in three languages. The real one comes from the central service."""

from __future__ import annotations

from kiosk.ports.values import Language, Notice, Purpose

_SUMMARY = {
    Language.ZH_HANS: (
        ("谁在处理", "悦邻超市（湖滨店）会员中心"),
        ("需要什么", "姓名、手机号、年龄段，其余都可以不填"),
        ("用来做什么", "开立会员、记积分、发权益、答复意见"),
        ("保存多久", "会员期间，退会后 30 日内删除"),
        ("提供给谁", "不出售。仅寄卡时给邮政投递"),
        ("您的权利", "查看、复制、更正、撤回、注销"),
    ),
    Language.ZH_HANT: (
        ("誰在處理", "悅鄰超市（湖濱店）會員中心"),
        ("需要什麼", "姓名、手機號碼、年齡段，其餘都可以不填"),
        ("用來做什麼", "開立會員、記積分、發權益、答覆意見"),
        ("保存多久", "會員期間，退會後 30 日內刪除"),
        ("提供給誰", "不出售。僅寄卡時給郵政投遞"),
        ("您的權利", "查看、複製、更正、撤回、註銷"),
    ),
    Language.EN: (
        ("Who", "Neighbour Market, member centre"),
        ("What", "Name, mobile number, age group"),
        ("What for", "Membership, points, benefits"),
        ("How long", "While a member, then 30 days"),
        ("To whom", "Not sold; the post for mailings"),
        ("Your rights", "See, copy, correct, withdraw"),
    ),
}
_PURPOSES = {
    Language.ZH_HANS: (
        ("membership", "开立会员并提供服务", "没有这一项就不能入会"),
        ("id_number", "填写证件号码", "挂失补卡时核对身份"),
        ("mail", "邮寄纸质资料", "需要填写地址"),
        ("marketing", "短信告知优惠", "每月不超过 4 条，回复 T 即停"),
    ),
    Language.ZH_HANT: (
        ("membership", "開立會員並提供服務", "沒有這一項就不能入會"),
        ("id_number", "填寫證件號碼", "掛失補卡時核對身分"),
        ("mail", "郵寄紙本資料", "需要填寫地址"),
        ("marketing", "簡訊告知優惠", "每月不超過 4 則，回覆 T 即停"),
    ),
    Language.EN: (
        ("membership", "Membership", "Needed to join"),
        ("id_number", "ID number", "To prove it is you"),
        ("mail", "Letters by post", "Needs your address"),
        ("marketing", "Offers by text", "At most 4 a month"),
    ),
}
_MINOR = {Language.ZH_HANS: "未成年人不发推广信息", Language.ZH_HANT: "未成年人不發推廣訊息", Language.EN: "Not for minors"}
_TEXT = {
    Language.ZH_HANS: "一、我们是谁。悦邻超市会员中心处理您的个人信息。\n\n" + "\n\n".join(f"第 {number} 段。" + "这里写明处理什么、为什么、保存多久、提供给谁。" * 6 for number in range(2, 9)),
    Language.ZH_HANT: "一、我們是誰。悅鄰超市會員中心處理您的個人資料。\n\n" + "\n\n".join(f"第 {number} 段。" + "這裡寫明處理什麼、為什麼、保存多久、提供給誰。" * 6 for number in range(2, 9)),
    Language.EN: "1. Who we are. The member centre of Neighbour Market.\n\n" + "\n\n".join(f"{number}. " + "This says what is processed, why, how long and for whom. " * 6 for number in range(2, 9)),
}


def notice(language: Language, *, is_minor: bool = False) -> Notice:
    """Return a made-up notice."""
    purposes = tuple(
        Purpose(id_, title, _MINOR[language] if is_minor and id_ == "marketing" else note, id_ == "membership", not (is_minor and id_ == "marketing"))
        for id_, title, note in _PURPOSES[language]
    )
    return Notice("2026-11", language, "0" * 64, _SUMMARY[language], _TEXT[language], purposes)
