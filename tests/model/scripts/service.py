"""Random redemptions, coupons, merges and unmerges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.model.accounts import available, pending
from tests.model.scripts.draw import Draw
from tests.model.scripts.programs import STORES
from tests.model.scripts.trade import by_two
from tests.model.state import CouponState, RedemptionState

# What mostly comes next in the life of a coupon.
_NEXT = {
    CouponState.ISSUED: "claim",
    CouponState.CLAIMED: "redeem",
    CouponState.REDEEMED: "roll_back",
    CouponState.ROLLED_BACK: "redeem",
    CouponState.VOID: "void",
}
DEVICES = ("k1", "k2")


def redeem(draw: Draw) -> dict[str, Any]:
    """A step of a redemption."""
    states = [one.state for one in draw.world.redemptions.values()]
    if states and draw.chance(0.7 if RedemptionState.HELD in states else 0.3):
        return _later_step(draw)
    return _first_step(draw)


def _first_step(draw: Draw) -> dict[str, Any]:
    rich = [name for name in draw.world.members if available(draw.world, name)]
    name = draw.pick(rich) if rich and draw.chance(0.85) else draw.member()
    rewards = sorted(draw.world.program.rewards)
    event: dict[str, Any] = {"op": "redeem", "at": draw.at(), "request_id": draw.request(), "member": name}
    event |= {"redemption_id": draw.new_name(list(draw.world.redemptions), "d"), "step": draw.pick(("now", "hold"))}
    if rewards and draw.chance(0.8 if draw.world.program.redeem_rewards_only else 0.35):
        event["reward"] = draw.name(rewards, "reward", 0.05)
        if draw.chance(0.4):
            event["qty"] = draw.random.randint(1, 3)
    else:
        now, later = available(draw.world, name), pending(draw.world, name)
        event["points"] = draw.pick((1, 10, draw.near(now), draw.near(now // 2), draw.near(now // 2), draw.near(now + later)))
    if draw.chance(0.8):
        event["store"] = draw.pick((*STORES, "S01", "S01"))
    if draw.chance(0.6):
        event["device"] = draw.pick(DEVICES)
    if event["step"] == "now" and draw.chance(0.4):
        own = [sale.name for sale in draw.world.sales.values() if sale.owner == name and not sale.refunded()]
        event["sale_id"] = draw.name(own if own and draw.chance(0.85) else list(draw.world.sales), "s")
    return event


def _later_step(draw: Draw) -> dict[str, Any]:
    redemptions = draw.world.redemptions
    held = [name for name, one in redemptions.items() if one.state is RedemptionState.HELD]
    step = draw.pick(("commit", "commit", "commit", "cancel", "reverse", "reverse"))
    spent = [name for name, one in redemptions.items() if one.state is RedemptionState.COMMITTED]
    wanted = spent if step == "reverse" else held
    name = draw.name(wanted if wanted and draw.chance(0.85) else list(redemptions), "d")
    event: dict[str, Any] = {"op": "redeem", "at": draw.at(), "request_id": draw.request(), "redemption_id": name, "step": step}
    if step == "commit" and name in redemptions:
        if draw.chance(0.3):
            event["points"] = draw.near(redemptions[name].points)
        if draw.chance(0.6):
            event["device"] = draw.pick(DEVICES)
    return event


def coupon(draw: Draw) -> dict[str, Any]:
    """A step of a coupon."""
    coupons = draw.world.coupons
    event: dict[str, Any] = {"op": "coupon", "at": draw.at(), "request_id": draw.request()}
    valid = [name for name, one in coupons.items() if one.terms["valid_to"] >= draw.today.isoformat()][-3:]
    if not coupons or draw.chance(0.2 if valid else 0.7):
        return event | _issued(draw)
    name = draw.name(valid if valid and draw.chance(0.85) else list(coupons), "c")
    step = draw.pick(("claim", "redeem", "redeem", "roll_back", "void"))
    if name in coupons and draw.chance(0.75):
        step = _NEXT[coupons[name].state]
    event |= {"coupon_id": name, "step": step}
    if step in {"roll_back", "void"}:
        return event
    event["member"] = coupons[name].owner if name in coupons and draw.chance(0.85) else draw.member()
    if step == "redeem":
        least = coupons[name].terms.get("min_spend_fen", 0) if name in coupons else 0
        event |= {"sale_id": draw.pick(("s1", "s1", "s1", "s2")), "store": draw.pick(("S01", *STORES)), "basket_fen": draw.near(least, 0)}
        if draw.chance(0.6):
            event["basket_fen"] = draw.pick((2000, 10_000, 499, 500))
    return event


def _issued(draw: Draw) -> dict[str, Any]:
    begin = draw.today + timedelta(days=draw.pick((-5, -1, 0, 0, 1)))
    end = begin + timedelta(days=draw.pick((0, 1, 3, 30, 200, 1000)))
    terms: dict[str, Any] = {"coupon_id": draw.new_name(list(draw.world.coupons), "c"), "step": "issue", "member": draw.member()}
    terms |= {"off_fen": draw.pick((1, 500, 1000)), "valid_from": begin.isoformat(), "valid_to": end.isoformat()}
    limits: dict[str, Any] = {
        "min_spend_fen": draw.pick((1, 500, 2000)),
        "stores": list(draw.pick((("S01",), ("S01", "S02")))),
        "weekdays": draw.some(range(1, 8)) or [1],
    }
    return terms | {name: value for name, value in limits.items() if draw.chance(0.35)}


def merge(draw: Draw) -> dict[str, Any]:
    """A merge."""
    members = list(draw.world.members)
    active = [name for name, one in draw.world.members.items() if one.merged_into is None]
    event: dict[str, Any] = {"op": "merge", "at": draw.at(), "request_id": draw.request()}
    event |= {"merge_id": draw.new_name(list(draw.world.merges), "g"), "from": draw.name(members, "m")}
    others = [name for name in active if name != event["from"]] or members
    event["into"] = draw.name(others if draw.chance(0.9) else members, "m")
    return event | by_two(draw)


def unmerge(draw: Draw) -> dict[str, Any]:
    """An unmerge, mostly of a merge that still holds."""
    merges = draw.world.merges
    open_merges = [name for name, one in merges.items() if not one.undone]
    name = draw.name(open_merges if open_merges and draw.chance(0.85) else list(merges), "g")
    return {"op": "unmerge", "at": draw.at(), "request_id": draw.request(), "merge_id": name} | by_two(draw)
