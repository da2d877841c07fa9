"""Provinces, cities and districts by GB/T 2260 code, as the cascade picker walks them.

Names are data and are always shown in Simplified Chinese. Whether a code on an identity document is right is not decided here:
old codes stay valid there for life, and this table holds the current ones only. Thread: any, it never changes once loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Self

DATA = "gbt2260.tsv"

_MUNICIPALITY_PARTS = frozenset({"市辖区", "县"})
"""Second-level entries of the four municipalities: brackets, not places."""

_DIRECT = "直辖县级行政区划"
"""How the second-level bracket of counties under a province ends (济源, 仙桃, 石河子 ...)."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place: `code` of six digits, `name` in Simplified Chinese."""

    code: str
    name: str


class Regions:
    """The whole table: 34 provinces, about 340 cities, about 2,850 districts and counties."""

    def __init__(self, names: dict[str, str]) -> None:
        """Index the places.

        Args:
            names: name by six-digit code, in the order of the codes; every level that exists has its own entry.
        """
        self._names = names
        self._below: dict[str, tuple[Region, ...]] = {}
        for code, name in names.items():
            if parent := _parent(code):
                self._below[parent] = (*self._below.get(parent, ()), Region(code, name))

    @classmethod
    def load(cls) -> Self:
        """Read the table that is part of the package; 10 ms."""
        text = (resources.files(__package__) / DATA).read_text(encoding="utf-8")
        rows = ((line[:6], line[7:]) for line in text.splitlines() if line and not line.startswith("#"))
        return cls(dict(rows))

    def provinces(self) -> tuple[Region, ...]:
        """All provinces, autonomous regions, municipalities and special administrative regions, in the order of their codes."""
        return tuple(Region(code, name) for code, name in self._names.items() if not _parent(code))

    def cities(self, province_code: str) -> tuple[Region, ...]:
        """Second level of a province. A municipality gives itself, once; Hong Kong, Macao and Taiwan give nothing.

        Raises:
            KeyError: no province has this code.
        """
        province = self._names[province_code]
        if _parent(province_code):
            raise KeyError(province_code)
        below = self._below.get(province_code, ())
        if below and below[0].name in _MUNICIPALITY_PARTS:
            return (Region(below[0].code, province),)
        return below

    def districts(self, city_code: str) -> tuple[Region, ...]:
        """Third level of a city, a municipality's counties included; nothing for a city without districts (东莞, 中山, 儋州, 嘉峪关).

        Raises:
            KeyError: no city has this code.
        """
        name = self._names[city_code]
        parent = _parent(city_code)
        if not parent or not city_code.endswith("00"):
            raise KeyError(city_code)
        if name not in _MUNICIPALITY_PARTS:
            return self._below.get(city_code, ())
        brackets = self._below[parent]
        return tuple(district for bracket in brackets for district in self._below[bracket.code])

    def names(self, code: str) -> tuple[str, ...]:
        """The place as an address says it, largest first: ("浙江省", "杭州市", "西湖区"), ("重庆市", "渝北区"), ("湖北省", "仙桃市").

        Raises:
            KeyError: the code is unknown.
        """
        chain = [self._names[code]]
        while code := _parent(code):
            chain.append(self._names[code])
        return tuple(name for name in reversed(chain) if name not in _MUNICIPALITY_PARTS and not name.endswith(_DIRECT))


def _parent(code: str) -> str:
    """Code one level up; "" for a province."""
    if code.endswith("0000"):
        return ""
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"
