"""How numbers and personal values are drawn: in groups, or masked. Pure."""

from __future__ import annotations

SURNAMES = frozenset(
    [
        *("欧阳", "歐陽", "太史", "端木", "上官", "司马", "司馬", "东方", "東方", "独孤", "獨孤", "南宫", "南宮", "万俟"),
        *("萬俟", "闻人", "聞人", "夏侯", "诸葛", "諸葛", "尉迟", "尉遲", "公羊", "赫连", "赫連", "澹台", "澹臺", "皇甫"),
        *("宗政", "濮阳", "濮陽", "公冶", "太叔", "申屠", "公孙", "公孫", "慕容", "仲孙", "仲孫", "钟离", "鍾離", "长孙"),
        *("長孫", "宇文", "司徒", "鲜于", "鮮于", "司空", "闾丘", "閭丘", "子车", "子車", "亓官", "司寇", "巫马", "巫馬"),
        *("公西", "颛孙", "顓孫", "壤驷", "壤駟", "公良", "漆雕", "乐正", "樂正", "宰父", "谷梁", "穀梁", "拓跋", "夹谷"),
        *("夾谷", "轩辕", "軒轅", "令狐", "段干", "百里", "呼延", "东郭", "東郭", "南门", "南門", "羊舌", "微生", "梁丘"),
        *("左丘", "东门", "東門", "西门", "西門", "第五", "公仪", "公儀", "完颜", "完顏", "纳兰", "納蘭", "叶赫", "葉赫"),
        *("那拉", "爱新", "愛新", "司城", "淳于", "单于", "單于", "哥舒", "谯笪", "譙笪", "阳佟", "陽佟"),
    ]
)
"""Surnames of two characters, those of the centre."""

MIDDLE_DOT = "·"
STAR = "*"


def grouped(mobile: str) -> str:
    """Return a number as people read it: 138 0013 8000; other lengths in fours from the right."""
    if len(mobile) <= 3:
        return mobile
    rest = mobile[3:]
    return " ".join([mobile[:3], *(rest[start : start + 4] for start in range(0, len(rest), 4))])


def masked_name(name: str) -> str:
    """Return a name as it may be shown, by the rule of the centre: 欧阳**, 王**, 买买提·***, Mary ***, A***."""
    parts = name.replace(MIDDLE_DOT, " ").split()
    if not parts:
        return ""
    if len(parts) > 1:
        return f"{parts[0]}{MIDDLE_DOT if MIDDLE_DOT in name else ' '}{STAR * 3}"
    if name[0].isascii():
        return name[0] + STAR * 3
    return (name[:2] if len(name) > 2 and name[:2] in SURNAMES else name[0]) + STAR * 2


def masked_id(number: str) -> str:
    """Return an ID number of which the last four characters are shown."""
    return STAR * 4 + number[-4:] if len(number) > 4 else STAR * len(number)


def masked_email(address: str) -> str:
    """Return an address of which the first letter and the domain are shown."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}{STAR * 3}{at}{domain}" if address else ""


def masked_detail(detail: str) -> str:
    """Return the beginning of a street address."""
    return detail[:2] + STAR * 4 if detail else ""


def grouped_id(number: str) -> str:
    """Return an ID number in groups that can be compared with the card: region, date, rest."""
    return " ".join(part for part in (number[:6], number[6:14], number[14:]) if part)
