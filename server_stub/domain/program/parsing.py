"""Reads parameters from a document of plain values, as JSON and TOML give them; whatever is wrong is named. Knows no file."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
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
from server_stub.domain.program.limits import LIMITS
from server_stub.domain.program.parameters import Multiplier, Parameters, RewardTerms, TierLevel
from server_stub.domain.program.shapes import Fields, Reader, Shape, list_of, table_of
from server_stub.domain.program.values import BadField, Flaw, between, day, identifier, one_of, text, truth

_CONDITIONS = ("dates", "birthday", "tag", "tier", "tender_only")


class BadParameter(Exception):
    """A document is no set of parameters.

    Attributes:
        name: Where, e.g. ``tiers`` or ``rewards.towel.points``.
        flaw: What is wrong there.
    """

    def __init__(self, name: str, flaw: Flaw) -> None:
        super().__init__(f"{name}: {flaw.value}")
        self.name = name
        self.flaw = flaw


def parse(document: Mapping[str, Any]) -> Parameters:
    """Returns the parameters; what the document does not name has its default.

    Raises:
        BadParameter: The gravest thing that is wrong.
    """
    return with_params(Parameters(), document)


def with_params(base: Parameters, overrides: Mapping[str, Any]) -> Parameters:
    """Returns the base with single parameters overridden, each as a whole.

    Raises:
        BadParameter: The gravest thing that is wrong.
    """
    try:
        found = read_params(dict(overrides))
    except BadField as error:
        raise BadParameter(error.field, error.flaw) from error
    return replace(base, **found)


def read_params(value: Any) -> dict[str, Any]:
    """Returns single parameters by name, read.

    Raises:
        BadField: The gravest thing that is wrong.
    """
    return _PARAMETERS.read(value)


def _one_condition(document: Fields, _found: Fields) -> Flaw | None:
    count = sum(name in document for name in _CONDITIONS)
    if count == 0:
        return Flaw.MISSING_FIELD
    return None if count == 1 else Flaw.BAD_FIELD


def _multiplier(value: Any) -> Multiplier:
    return Multiplier(**_MULTIPLIER.read(value))


def _span(value: Any) -> tuple[date, date]:
    days = list_of(day, 2, 2)(value)
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
    return TierLevel(**_TIER.read(value))


def _reward(value: Any) -> RewardTerms:
    found = _REWARD.read(value)
    return RewardTerms(**{_ATTRIBUTES.get(name, name): item for name, item in found.items()})


def _stores(value: Any) -> tuple[str, ...] | None:
    return None if value is None else list_of(text)(value)


def within(name: str) -> Reader:
    """Returns a reader of a whole number in the range of its name."""
    return between(*LIMITS[name])


# Names that Python keeps for itself or that would say too little there.
_ATTRIBUTES = {"from": "from_day", "until": "until_day"}
_MULTIPLIER = Shape(
    {"code": text, "pct": within("multipliers.pct")},
    {"dates": list_of(_span), "birthday": _holds, "tag": text, "tier": text, "tender_only": text},
    _one_condition,
)
_TIER = Shape({"name": text, "min": within("tiers.min")})
_REWARD = Shape(
    {"points": within("rewards.points")},
    {
        "stock": within("rewards.stock"),
        "min_tier": text,
        "per_member": within("rewards.per_member"),
        "stores": list_of(text),
        "from": day,
        "until": day,
        "adult_only": truth,
    },
)
_READERS: dict[str, Reader] = {
    "fen_per_point": within("fen_per_point"),
    "round_at": one_of(RoundAt),
    "rounding_mode": one_of(RoundingMode),
    "excluded_categories": list_of(text),
    "excluded_sale_tags": list_of(text),
    "exclusion_order": one_of(ExclusionOrder),
    "multipliers": list_of(_multiplier),
    "stacking": one_of(Stacking),
    "birthday_scope": one_of(BirthdayScope),
    "feb29": one_of(Feb29),
    "pending_days": within("pending_days"),
    "expiry": one_of(Expiry),
    "expiry_months": within("expiry_months"),
    "void_below": within("void_below"),
    "void_spares_join_year": truth,
    "spend_order": one_of(SpendOrder),
    "return_rule": one_of(ReturnRule),
    "shortfall": one_of(Shortfall),
    "expired_takeback": one_of(ExpiredTakeback),
    "tiers": _tiers,
    "redeem_months": list_of(within("redeem_months")),
    "redeem_stores": _stores,
    "redeem_rewards_only": truth,
    "rewards": table_of(identifier, _reward),
    "hold_minutes": within("hold_minutes"),
    "adjust_limit": within("adjust_limit"),
    "max_late_days": within("max_late_days"),
    "pooling": truth,
    "unmerge_days": within("unmerge_days"),
}
_PARAMETERS = Shape({}, _READERS)
