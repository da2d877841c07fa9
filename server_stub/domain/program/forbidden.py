"""What no rule may ask about a person: sex, age band, district, price sensitivity. Knows words, no rule.

Source: row 51 of the capabilities; PIPL art. 24 (no unreasonable differential treatment in automated decisions). ``adult_only`` of a
reward is no age band: it is what the law asks of alcohol and tobacco. Kinds of goods and names of stores and rewards are not about persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

_WORDS = {
    "sex": "sex gender male female men women 性别 性別 男性 女性",
    "age_band": "age ages ageband agegroup senior seniors youth elderly 年龄 年齡 年龄段 年齡段"
    " 老人 老年 老年人 长者 長者 青年 青年人 年轻人 年輕人",
    "district": "district province city postcode address hometown 地区 地區 区县 籍贯 籍貫",
    "price_sensitivity": "sensitivity sensitive willingness elasticity 价格敏感 價格敏感 价格敏感度 價格敏感度",
}
_ATTRIBUTE_OF = {word: attribute for attribute, words in _WORDS.items() for word in words.split()}
ATTRIBUTES = tuple(_WORDS)
_PARTS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
# Texts that say which sales or members are meant; under other names stand goods, stores and numbers.
_SELECTING = frozenset({"tag", "tier", "name", "min_tier", "excluded_sale_tags", "code"})


def forbidden_in(text: str) -> str | None:
    """Returns the forbidden attribute that a name speaks of, or None; ``store_usage`` speaks of none."""
    parts = [part for part in _PARTS.split(text.lower()) if part]
    pairs = [first + second for first, second in pairwise(parts)]
    return next((_ATTRIBUTE_OF[part] for part in (*parts, *pairs) if part in _ATTRIBUTE_OF), None)


def forbidden_names(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields places and attributes of whatever in parameters speaks of a forbidden one: names of fields, tags, tiers."""
    for name, value in params.items():
        yield from _in_field(name, f"params.{name}", value)


def _in_field(name: str, where: str, value: Any) -> Iterator[tuple[str, str]]:
    attribute = forbidden_in(name)
    if attribute is not None:
        yield where, attribute
        return
    match value:
        case Mapping() if name == "rewards":
            for reward, terms in value.items():
                yield from _in_table(f"{where}.{reward}", terms)
        case Mapping():
            yield from _in_table(where, value)
        case list():
            for place, part in enumerate(value, 1):
                shown = part.get("code", place) if isinstance(part, Mapping) else place
                yield from _in_field(name, f"{where}.{shown}", part) if isinstance(part, str) else _in_table(f"{where}.{shown}", part)
        case str() if name in _SELECTING and (attribute := forbidden_in(value)) is not None:
            yield where, attribute
        case _:
            return


def _in_table(where: str, table: Any) -> Iterator[tuple[str, str]]:
    if isinstance(table, Mapping):
        for name, value in table.items():
            yield from _in_field(name, f"{where}.{name}", value)
