"""The rule sets and the parameters that a script may override: their values and their shapes."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any

from tests.model.reading import LARGEST
from tests.model.reasons import Reason
from tests.model.shapes import Check, day, ident, integer, is_ident, nullable, one_of, record, several, table, text, truth, where

CONDITIONS = ("dates", "birthday", "tag", "tier", "tender_only")
RULE_SETS = ("yonghui-card", "hexing-mall", "wanjia-plaza", "plain")


@dataclass(frozen=True)
class Program:
    """The parameters of a script, under the names of the format; the defaults are those of rule set plain."""

    fen_per_point: int = 100
    round_at: str = "end"
    rounding_mode: str = "down"
    excluded_categories: list[str] = field(default_factory=list)
    excluded_sale_tags: list[str] = field(default_factory=list)
    exclusion_order: str = "before"
    multipliers: list[dict[str, Any]] = field(default_factory=list)
    stacking: str = "highest"
    birthday_scope: str = "day"
    feb29: str = "feb28"
    pending_days: int = 0
    expiry: str = "none"
    expiry_months: int = 12
    void_below: int = 0
    void_spares_join_year: bool = False
    spend_order: str = "expires_first"
    return_rule: str = "pro_rata"
    shortfall: str = "debt"
    expired_takeback: str = "forgive"
    tiers: list[dict[str, Any]] = field(default_factory=list)
    redeem_months: list[int] = field(default_factory=lambda: list(range(1, 13)))
    redeem_stores: list[str] | None = None
    redeem_rewards_only: bool = False
    rewards: dict[str, dict[str, Any]] = field(default_factory=dict)
    hold_minutes: int = 15
    adjust_limit: int = 10_000
    max_late_days: int = 7
    pooling: bool = True
    unmerge_days: int = 90


_HOLIDAYS = [
    [f"{year}-{a}", f"{year}-{b}"] for year in (2026, 2027) for a, b in (("01-01", "01-03"), ("05-01", "05-05"), ("10-01", "10-07"))
]
_YONGHUI = Program(
    excluded_sale_tags=["remote_order"],
    multipliers=[
        {"code": "SPRING_FESTIVAL", "pct": 200, "dates": [["2026-02-15", "2026-02-23"], ["2027-02-05", "2027-02-11"]]},
        {"code": "BIRTHDAY", "pct": 200, "birthday": True},
        {"code": "HOLIDAY", "pct": 150, "dates": _HOLIDAYS},
        {"code": "STORE_OPENING", "pct": 150, "tag": "store_opening"},
        {"code": "MEMBER_CARD", "pct": 120, "tender_only": "member_card"},
    ],
    expiry="anniversary",
    redeem_months=[4, 10],
    redeem_stores=["S01", "S02"],
    redeem_rewards_only=True,
    rewards={"towel": {"points": 100}, "bowl": {"points": 500}, "rice_cooker": {"points": 5000}},
)
_HEXING = Program(
    expiry="year_review",
    void_below=500,
    tiers=[{"name": "points_card", "min": 0}, {"name": "silver", "min": 2000}, {"name": "gold", "min": 6000}],
)
_WANJIA = Program(
    fen_per_point=1000,
    round_at="base",
    excluded_categories=["tobacco", "alcohol", "gold", "special_price"],
    expiry="inactivity",
    expiry_months=6,
    return_rule="recompute",
    shortfall="refuse",
    pooling=False,
)
_VALUES = {"yonghui-card": _YONGHUI, "hexing-mall": _HEXING, "wanjia-plaza": _WANJIA, "plain": Program()}


def program_of(rule_set: str, params: dict[str, Any]) -> Program:
    """Returns a rule set with single parameters overridden; both passed the shape checks."""
    return replace(_VALUES[rule_set], **params)


def _one_condition(multiplier: dict[str, Any]) -> set[Reason]:
    count = sum(name in multiplier for name in CONDITIONS)
    if count == 0:
        return {Reason.MISSING_FIELD}
    return set() if count == 1 else {Reason.BAD_FIELD}


def _rising(tiers: Any) -> bool:
    if not isinstance(tiers, list) or not all(isinstance(tier, dict) and type(tier.get("min")) is int for tier in tiers):
        return True  # said by the other checks
    levels = [tier["min"] for tier in tiers]
    return not levels or (levels[0] == 0 and all(low < high for low, high in pairwise(levels)))


_ALWAYS = where(lambda value: value is True)
_SPAN = several(day, 2, 2)
_MULTIPLIER = record(
    {"code": text, "pct": integer(100, 100_000)},
    {"dates": several(_SPAN), "birthday": _ALWAYS, "tag": text, "tier": text, "tender_only": text},
    _one_condition,
)
_REWARD = record(
    {"points": integer(1)},
    {
        "stock": integer(0),
        "min_tier": text,
        "per_member": integer(0),
        "stores": several(text),
        "from": day,
        "until": day,
        "adult_only": truth,
    },
)
_TIERS = several(record({"name": text, "min": integer(0)}))


def _tiers(value: Any) -> set[Reason]:
    return _TIERS(value) | (set() if _rising(value) else {Reason.BAD_FIELD})


_CHECKS: dict[str, Check] = {
    "fen_per_point": integer(1),
    "round_at": one_of("end", "base"),
    "rounding_mode": one_of("down", "half_up", "up"),
    "excluded_categories": several(text),
    "excluded_sale_tags": several(text),
    "exclusion_order": one_of("before", "after"),
    "multipliers": several(_MULTIPLIER),
    "stacking": one_of("highest", "multiply"),
    "birthday_scope": one_of("day", "month"),
    "feb29": one_of("feb28", "mar01"),
    "pending_days": integer(0, 3650),
    "expiry": one_of("none", "rolling", "anniversary", "inactivity", "year_review"),
    "expiry_months": integer(1, 1200),
    "void_below": integer(0),
    "void_spares_join_year": truth,
    "spend_order": one_of("expires_first", "earned_first"),
    "return_rule": one_of("pro_rata", "recompute"),
    "shortfall": one_of("debt", "refuse"),
    "expired_takeback": one_of("forgive", "charge"),
    "tiers": _tiers,
    "redeem_months": several(integer(1, 12)),
    "redeem_stores": nullable(several(text)),
    "redeem_rewards_only": truth,
    "rewards": table(is_ident, _REWARD),
    "hold_minutes": integer(1, 1440),
    "adjust_limit": integer(0, LARGEST),
    "max_late_days": integer(0, 365),
    "pooling": truth,
    "unmerge_days": integer(0, 3650),
}
assert set(_CHECKS) == {one.name for one in fields(Program)}

rule_set = one_of(*RULE_SETS)
params = record({}, _CHECKS)
reward_name = ident
