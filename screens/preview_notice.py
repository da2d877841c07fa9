"""A notice for previews, in three languages; summary and purposes are as long as the real ones, which come from the centre."""

from __future__ import annotations

from kiosk.ports.values import Language, Notice, Purpose

_SUMMARY = {
    Language.ZH_HANS: (
        ("谁在处理", "悦邻超市会员中心"),
        ("需要什么", "姓名、手机号、年龄段，其余都可以不填"),
        ("用来做什么", "开立会员、记购物和积分、发权益、通知"),
        ("保存多久", "会员期间，退会后 30 日内删除身份信息"),
        ("提供给谁", "不出售；短信和邮件由服务商代发"),
        ("您的权利", "查阅、复制、更正、撤回、注销，请到服务台"),
    ),
    Language.ZH_HANT: (
        ("誰在處理", "悅鄰超市會員中心"),
        ("需要什麼", "姓名、手機號碼、年齡層，其餘都可以不填"),
        ("用來做什麼", "開立會員、記購物和積分、發權益、通知"),
        ("保存多久", "會員期間，退會後 30 日內刪除身分資訊"),
        ("提供給誰", "不出售；簡訊和郵件由服務商代發"),
        ("您的權利", "查閱、複製、更正、撤回、註銷，請到服務台"),
    ),
    Language.EN: (
        ("Who", "Neighbour Market, membership centre"),
        ("We need", "Name, mobile, age group; rest optional"),
        ("What for", "Membership, purchases, points, benefits"),
        ("How long", "Identity deleted 30 days after you leave"),
        ("Who gets it", "Not sold; providers send our messages"),
        ("Your rights", "See, copy, correct, withdraw, end: at desk"),
    ),
}
_PURPOSES = {
    Language.ZH_HANS: (
        ("membership", "开立会员并提供服务", "没有这一项就不能入会"),
        ("id_number", "使用身份证件号码", "用于查重和核对生日，只存代码和后四位"),
        ("mail", "保存邮寄地址", "用于邮寄会员卡和资料、查重，需要填写地址"),
        ("marketing", "短信告知优惠", "可随时到服务台撤回"),
    ),
    Language.ZH_HANT: (
        ("membership", "開立會員並提供服務", "沒有這一項就不能入會"),
        ("id_number", "使用身分證件號碼", "用於查重和核對生日，只存代碼和後四位"),
        ("mail", "保存郵寄地址", "用於郵寄會員卡和資料、查重，需要填寫地址"),
        ("marketing", "簡訊告知優惠", "可隨時到服務台撤回"),
    ),
    Language.EN: (
        ("membership", "Open my membership", "Needed to become a member"),
        ("id_number", "Use my ID number", "To find doubles and check my birthday; only a code and 4 characters are kept"),
        ("mail", "Keep my postal address", "To mail a card or papers, find doubles; asks for an address"),
        ("marketing", "Offers by text message", "Withdraw at any service desk at any time"),
    ),
}
_MINOR = {
    Language.ZH_HANS: "未满 18 岁不发送优惠短信",
    Language.ZH_HANT: "未滿 18 歲不發送優惠簡訊",
    Language.EN: "We send no offers to under-18s",
}
_TEXT = {
    Language.ZH_HANS: "一、我们是谁。悦邻超市会员中心处理您的个人信息。\n\n"
    + "\n\n".join(f"第 {number} 段。" + "这里写明处理什么、为什么、保存多久、提供给谁。" * 6 for number in range(2, 9)),
    Language.ZH_HANT: "一、我們是誰。悅鄰超市會員中心處理您的個人資料。\n\n"
    + "\n\n".join(f"第 {number} 段。" + "這裡寫明處理什麼、為什麼、保存多久、提供給誰。" * 6 for number in range(2, 9)),
    Language.EN: "1. Who we are. The member centre of Neighbour Market.\n\n"
    + "\n\n".join(f"{number}. " + "This says what is processed, why, how long and for whom. " * 6 for number in range(2, 9)),
}


def notice(language: Language, *, is_minor: bool = False) -> Notice:
    """Return a made-up notice."""
    purposes = tuple(
        Purpose(
            id_,
            title,
            _MINOR[language] if is_minor and id_ == "marketing" else note,
            id_ == "membership",
            not (is_minor and id_ == "marketing"),
        )
        for id_, title, note in _PURPOSES[language]
    )
    return Notice("2026-11", language, "0" * 64, _SUMMARY[language], _TEXT[language], purposes)


_CHILD_SUMMARY = {
    Language.ZH_HANS: (
        ("谁在处理", "悦邻超市会员中心"),
        ("需要什么", "孩子的姓名；生日可以不填；电话用您的"),
        ("用来做什么", "为孩子开立会员、记购物和积分、发权益"),
        ("由谁决定", "两位工作人员在服务台核对监护关系"),
        ("提供给谁", "不出售；不发优惠；短信由服务商代发"),
        ("您的权利", "随时在自助机撤回，立即删除身份信息"),
    ),
    Language.ZH_HANT: (
        ("誰在處理", "悅鄰超市會員中心"),
        ("需要什麼", "孩子的姓名；生日可以不填；電話用您的"),
        ("用來做什麼", "為孩子開立會員、記購物和積分、發權益"),
        ("由誰決定", "兩位工作人員在服務台核對監護關係"),
        ("提供給誰", "不出售；不發優惠；簡訊由服務商代發"),
        ("您的權利", "隨時在自助機撤回，立即刪除身分資訊"),
    ),
    Language.EN: (
        ("Who", "Neighbour Market, membership centre"),
        ("We need", "Name, your number; birthday optional"),
        ("What for", "Membership, purchases, points, benefits"),
        ("Decision", "Two of our staff check who the guardian is"),
        ("Who gets it", "Not sold; no offers; providers send texts"),
        ("Your rights", "Withdraw at any kiosk; identity deleted"),
    ),
}
_CHILD_MEMBERSHIP = {
    Language.ZH_HANS: ("为孩子开立会员并提供服务", "我是监护人，代孩子同意；没有这一项就不能入会"),
    Language.ZH_HANT: ("為孩子開立會員並提供服務", "我是監護人，代孩子同意；沒有這一項就不能入會"),
    Language.EN: ("Join the child", "I am the guardian and agree for the child; needed to join"),
}


def child_notice(language: Language) -> Notice:
    """Return a made-up notice that a guardian reads."""
    title = next(title for id_, title, _note in _PURPOSES[language] if id_ == "marketing")
    purposes = (
        Purpose("membership", *_CHILD_MEMBERSHIP[language], mandatory=True, allowed=True),
        Purpose("marketing", title, _MINOR[language], mandatory=False, allowed=False),
    )
    return Notice("2026-12", language, "0" * 64, _CHILD_SUMMARY[language], _TEXT[language], purposes)
