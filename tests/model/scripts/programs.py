"""Random programs: a rule set and a few parameters of it, all of them good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.model.parameters import RULE_SETS, program_of
from tests.model.reading import LARGEST
from tests.model.scripts.draw import Draw

STORES = ("S01", "S02", "S03")
CATEGORIES = ("food", "food", "drink", "tobacco", "alcohol", "gold", "special_price")
TAGS = ("remote_order", "store_opening", "night")
_PLAIN: dict[str, tuple[Any, ...]] = {
    "fen_per_point": (1, 3, 7, 99, 100, 1000, 12_345, LARGEST),
    "round_at": ("end", "base"),
    "rounding_mode": ("down", "half_up", "up"),
    "excluded_categories": ([], ["tobacco"], ["food", "gold"]),
    "excluded_sale_tags": ([], ["night"], ["remote_order", "night"]),
    "exclusion_order": ("before", "after"),
    "stacking": ("highest", "multiply"),
    "birthday_scope": ("day", "month"),
    "feb29": ("feb28", "mar01"),
    "pending_days": (0, 1, 2, 7, 30, 400),
    "expiry": ("none", "rolling", "anniversary", "inactivity", "year_review"),
    "expiry_months": (1, 2, 6, 11, 12, 13, 1200),
    "void_below": (0, 1, 100, 500),
    "void_spares_join_year": (True, False),
    "spend_order": ("expires_first", "earned_first"),
    "return_rule": ("pro_rata", "recompute"),
    "shortfall": ("debt", "refuse"),
    "expired_takeback": ("forgive", "charge"),
    "redeem_months": ([1, 2, 3], [4, 10], [2, 3, 4, 5, 10, 12], list(range(1, 13))),
    "redeem_stores": (None, ["S01"], ["S01", "S02"]),
    "redeem_rewards_only": (True, False, False),
    "hold_minutes": (1, 15, 1440),
    "adjust_limit": (50, 1000, LARGEST),
    "max_late_days": (0, 1, 7, 365),
    "pooling": (True,),
    "unmerge_days": (0, 1, 90, 3650),
}
_TIERS: tuple[list[dict[str, Any]], ...] = (
    [],
    [{"name": "basic", "min": 0}],
    [{"name": "basic", "min": 0}, {"name": "silver", "min": 50}, {"name": "gold", "min": 300}],
)


def _multipliers(draw: Draw, tiers: list[str]) -> list[dict[str, Any]]:
    conditions: list[dict[str, Any]] = [
        {"dates": [[draw.day_near(40), (draw.today + timedelta(days=400)).isoformat()], ["2024-02-29", "2024-02-29"]]},
        {"dates": [[draw.today.isoformat(), (draw.today + timedelta(days=2)).isoformat()]]},
        {"birthday": True},
        {"tag": "night"},
        {"tag": "store_opening"},
        {"tender_only": "member_card"},
        *({"tier": tier} for tier in tiers),
    ]
    percents = (100, 101, 120, 133, 150, 150, 200, 250, 100_000)
    return [{"code": f"M{place}", "pct": draw.pick(percents)} | one for place, one in enumerate(draw.some(conditions))]


def _rewards(draw: Draw, tiers: list[str]) -> dict[str, dict[str, Any]]:
    rewards = {}
    for name in ("towel", "bowl", "pot"):
        limits: dict[str, Any] = {
            "stock": draw.random.randint(0, 4),
            "per_member": draw.random.randint(1, 3),
            "stores": list(draw.pick((("S01",), ("S02", "S03")))),
            "from": draw.day_near(),
            "until": (draw.today + timedelta(days=draw.pick((3, 3, 30)))).isoformat(),
            "adult_only": draw.chance(0.7),
        }
        limits |= {"min_tier": draw.pick(tiers)} if tiers else {}
        rewards[name] = {"points": draw.pick((1, 10, 30, 100))} | {key: value for key, value in limits.items() if draw.chance(0.3)}
    return rewards


def program(draw: Draw) -> dict[str, Any]:
    """A program event."""
    rule_set = draw.pick(RULE_SETS)
    part = draw.pick((0.0, 0.1, 0.25, 0.5))
    params = {name: draw.pick(values) for name, values in _PLAIN.items() if draw.chance(part)}
    if rule_set == "wanjia-plaza" and draw.chance(0.6):
        params["pooling"] = True
    if rule_set in {"yonghui-card", "wanjia-plaza"} and draw.chance(0.5):
        params |= {"redeem_months": list(range(1, 13)), "fen_per_point": 100, "redeem_rewards_only": False, "redeem_stores": None}
    if draw.chance(0.1):
        params |= {"exclusion_order": "after", "return_rule": "recompute", "excluded_categories": ["drink", "gold"], "fen_per_point": 99}
    if draw.chance(0.4):
        params["tiers"] = draw.pick(_TIERS)
    tiers = [tier["name"] for tier in program_of(rule_set, params).tiers]
    if draw.chance(0.4):
        params["multipliers"] = _multipliers(draw, tiers)
    if draw.chance(0.5):
        params["rewards"] = _rewards(draw, tiers)
    event = {"op": "program", "at": draw.at(), "rule_set": rule_set}
    return event | ({"params": params} if params or draw.chance(0.3) else {})
