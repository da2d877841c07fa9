"""How numbers and personal values are drawn: in groups, or masked. Pure."""

from __future__ import annotations

SURNAMES = frozenset(
    [
        *("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "尉迟", "公孙", "慕容", "令狐"),
        *("宇文", "长孙", "皇甫", "端木", "轩辕", "百里", "呼延", "东郭", "南门", "西门", "公羊", "澹台", "公冶", "太叔", "申屠"),
        *("公西", "梁丘", "左丘", "钟离", "闾丘", "濮阳", "单于", "歐陽", "司馬", "諸葛", "東方", "獨孤", "南宮", "聞人", "尉遲"),
        *("公孫", "長孫", "軒轅", "鐘離", "濮陽"),
    ]
)
"""Surnames of two characters."""

STAR = "*"


def grouped(mobile: str) -> str:
    """Return a number as people read it: 138 0013 8000; other lengths in fours from the right."""
    if len(mobile) <= 3:
        return mobile
    rest = mobile[3:]
    return " ".join([mobile[:3], *(rest[start : start + 4] for start in range(0, len(rest), 4))])


def masked_name(name: str) -> str:
    """Return a name as it may be shown: 欧阳**, 王*, J***."""
    keep = 2 if name[:2] in SURNAMES and len(name) > 2 else 1
    return name[:keep] + STAR * min(max(len(name) - keep, 1), 3) if name else ""


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
