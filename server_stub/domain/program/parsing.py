"""Reads parameters from a document of plain values, as JSON and TOML give them; whatever is wrong is named. Knows no file.

Unknown names are reported before missing ones, and these before wrong values, wherever they stand: till-script.md, order of checks.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from server_stub.domain.program.choices import (
    BirthdayScope,
    ExclusionOrder,
    ExpiredTakeback,
    Expiry,
    Feb29,
    ReturnRule,
    RoundAt,
    RoundingMode,
    Shortfall,
    SpendOrder,
    Stacking,
)
from server_stub.domain.program.parameters import Multiplier, Parameters, RewardTerms, TierLevel
from server_stub.domain.program.values import (
    BadField,
    Flaw,
    between,
    day,
    identifier,
    list_of,
    one_of,
    table,
    text,
    truth,
    whole,
)

_PCT = (100, 100_000)


class BadParameter(Exception):
    """A document is no set of parameters.

    Attributes:
        name: Of the parameter, e.g. ``tiers``.
        flaw: What is wrong with it.
    """

    def __init__(self, name: str, flaw: Flaw) -> None:
        super().__init__(f"{name}: {flaw.value}")
        self.name = name
        self.flaw = flaw


def parse(document: Mapping[str, Any]) -> Parameters:
    """Returns the parameters; what the document does not name has its default.

    Raises:
        BadParameter: The first thing that is wrong.
    """
    return with_params(Parameters(), document)


def with_params(base: Parameters, overrides: Mapping[str, Any]) -> Parameters:
    """Returns the base with single parameters overridden, each as a whole.

    Raises:
        BadParameter: The first thing that is wrong.
    """
    for name, flaw in _wrong_names(overrides):
        raise BadParameter(name, flaw)
    found = {}
    for name, value in overrides.items():
        try:
            found[name] = _READERS[name](value)
        except BadField as error:
            raise BadParameter(name, Flaw.BAD_FIELD) from error
    return replace(base, **found)


def _wrong_names(document: Mapping[str, Any]) -> Iterator[tuple[str, Flaw]]:
    """Returns unknown names, then missing ones, in the document and in the objects inside."""
    yield from ((name, Flaw.UNKNOWN_FIELD) for name in document if name not in _READERS)
    inner = [(name, item) for name in _INNER if name in document for item in _objects(document[name])]
    yield from ((name, Flaw.UNKNOWN_FIELD) for name, item in inner if not item.keys() <= _INNER[name][0] | _INNER[name][1])
    yield from ((name, Flaw.MISSING_FIELD) for name, item in inner if not item.keys() >= _INNER[name][0])


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        value = list(value.values())
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _multiplier(value: Any) -> Multiplier:
    fields = table(value)
    conditions = {name: read(fields[name]) for name, read in _CONDITIONS.items() if name in fields}
    if len(conditions) != 1:
        raise BadField
    return Multiplier(text(fields["code"]), whole(fields["pct"], *_PCT), **conditions)


def _span(value: Any) -> tuple[date, date]:
    days = list_of(day)(value)
    if len(days) != 2 or days[0] > days[1]:
        raise BadField
    return days[0], days[1]


def _holds(value: Any) -> bool:
    if not truth(value):
        raise BadField
    return True


def _tiers(value: Any) -> tuple[TierLevel, ...]:
    levels = list_of(_tier)(value)
    floors = [level.min for level in levels]
    is_rising = all(low < high for low, high in itertools.pairwise(floors))
    if (levels and floors[0] != 0) or not is_rising or len({level.name for level in levels}) < len(levels):
        raise BadField
    return levels


def _tier(value: Any) -> TierLevel:
    fields = table(value)
    return TierLevel(text(fields["name"]), whole(fields["min"], 0))


def _rewards(value: Any) -> dict[str, RewardTerms]:
    return {identifier(reward_id): _reward(terms) for reward_id, terms in table(value).items()}


def _reward(value: Any) -> RewardTerms:
    fields = table(value)
    terms = RewardTerms(**{attribute: read(fields[name]) for name, (attribute, read) in _REWARD.items() if name in fields})
    if terms.from_day and terms.until_day and terms.from_day > terms.until_day:
        raise BadField
    return terms


def _stores(value: Any) -> tuple[str, ...] | None:
    return None if value is None else list_of(text)(value)


_CONDITIONS: dict[str, Callable[[Any], Any]] = {
    "dates": list_of(_span),
    "birthday": _holds,
    "tag": text,
    "tier": text,
    "tender_only": text,
}
_REWARD: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "points": ("points", between(1)),
    "stock": ("stock", between(0)),
    "min_tier": ("min_tier", text),
    "per_member": ("per_member", between(0)),
    "stores": ("stores", list_of(text)),
    "from": ("from_day", day),
    "until": ("until_day", day),
    "adult_only": ("adult_only", truth),
}
# Objects inside: names that must be there, names that may.
_INNER: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "multipliers": (frozenset({"code", "pct"}), frozenset(_CONDITIONS)),
    "tiers": (frozenset({"name", "min"}), frozenset()),
    "rewards": (frozenset({"points"}), frozenset(_REWARD)),
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "fen_per_point": between(1),
    "round_at": one_of(RoundAt),
    "rounding_mode": one_of(RoundingMode),
    "excluded_categories": list_of(text),
    "excluded_sale_tags": list_of(text),
    "exclusion_order": one_of(ExclusionOrder),
    "multipliers": list_of(_multiplier),
    "stacking": one_of(Stacking),
    "birthday_scope": one_of(BirthdayScope),
    "feb29": one_of(Feb29),
    "pending_days": between(0, 3650),
    "expiry": one_of(Expiry),
    "expiry_months": between(1, 1200),
    "void_below": between(0),
    "void_spares_join_year": truth,
    "spend_order": one_of(SpendOrder),
    "return_rule": one_of(ReturnRule),
    "shortfall": one_of(Shortfall),
    "expired_takeback": one_of(ExpiredTakeback),
    "tiers": _tiers,
    "redeem_months": list_of(between(1, 12)),
    "redeem_stores": _stores,
    "redeem_rewards_only": truth,
    "rewards": _rewards,
    "hold_minutes": between(1, 1440),
    "adjust_limit": between(0),
    "max_late_days": between(0, 365),
    "pooling": truth,
    "unmerge_days": between(0, 3650),
}
