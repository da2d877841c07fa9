"""Redemptions: hold, commit, cancel, reverse, and both of the first at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.model.accounts import available, expires_on, is_available, live_lots, member_of, post, release, spend, tier_of
from tests.model.days import day_of, is_younger
from tests.model.reasons import Reason, Refused, refuse_if
from tests.model.sales import give_back
from tests.model.state import Member, Redemption, RedemptionState, World

COUNTED = (RedemptionState.HELD, RedemptionState.COMMITTED)
ADULT_YEARS = 18


def redeem(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays a step of a redemption; returns the keys of its result line."""
    match event["step"]:
        case "now":
            redemption = _hold(world, event)
            return _commit(world, redemption)
        case "hold":
            redemption = _hold(world, event)
            return {"state": redemption.state, "member": redemption.owner}
        case step:
            return _later(world, event, step)


def _later(world: World, event: dict[str, Any], step: str) -> dict[str, Any]:
    """Commits, cancels or reverses."""
    if event["redemption_id"] not in world.redemptions:
        raise Refused(Reason.REDEMPTION_UNKNOWN)
    redemption = world.redemptions[event["redemption_id"]]
    refuse_if(step != "reverse" and redemption.state is RedemptionState.EXPIRED, Reason.HOLD_EXPIRED)
    refuse_if(redemption.state is not (RedemptionState.COMMITTED if step == "reverse" else RedemptionState.HELD), Reason.WRONG_STATE)
    match step:
        case "commit":
            _refuse_another_commit(world, redemption, event)
            return _commit(world, redemption)
        case "cancel":
            release(world, redemption, RedemptionState.CANCELLED)
        case _:
            give_back(world, redemption, redemption.points - redemption.given_back)
    return {"state": redemption.state, "member": redemption.owner}


def _refuse_another_commit(world: World, redemption: Redemption, event: dict[str, Any]) -> None:
    """Refuses a commit that is not of what is held; the hold ends all the same."""
    device = event.get("device")
    wrong_device = device is not None and redemption.device is not None and device != redemption.device
    if wrong_device or event.get("points", redemption.points) != redemption.points:
        release(world, redemption, RedemptionState.CANCELLED)
        raise Refused(Reason.WRONG_DEVICE if wrong_device else Reason.AMOUNT_CHANGED)


def _commit(world: World, redemption: Redemption) -> dict[str, Any]:
    redemption.state = RedemptionState.COMMITTED
    member = world.members[redemption.owner]
    member.last_activity = max(member.last_activity, world.today)
    post(world, "REDEMPTION", redemption.owner, -redemption.points)
    lots = [{"source": payment.lot.source, "points": payment.points} for payment in redemption.payments]
    return {"state": redemption.state, "lots": lots, "member": redemption.owner}


def _hold(world: World, event: dict[str, Any]) -> Redemption:
    member = member_of(world, event["member"])
    refuse_if(event["redemption_id"] in world.redemptions, Reason.DUPLICATE_ID)
    if "sale_id" in event:
        _refuse_sale(world, member, event["sale_id"])
    points, pieces = _price(world, event)
    _refuse_place_and_time(world, event)
    if "reward" in event:
        _refuse_person(world, member, event["reward"], pieces)
    if points > available(world, member.name):
        raise Refused(Reason.INSUFFICIENT_AVAILABLE, frees_on=_frees_on(world, member.name, points))
    redemption = Redemption(
        name=event["redemption_id"],
        owner=member.name,
        points=points,
        payments=spend(world, member.name, points),
        ends_at=world.now + timedelta(minutes=world.program.hold_minutes),
        reward=event.get("reward"),
        pieces=pieces,
        device=event.get("device"),
        sale=event.get("sale_id"),
    )
    world.redemptions[redemption.name] = redemption
    return redemption


def _refuse_sale(world: World, member: Member, name: str) -> None:
    refuse_if(name not in world.sales, Reason.SALE_UNKNOWN)
    refuse_if(world.sales[name].owner != member.name, Reason.NOT_YOUR_SALE)
    refuse_if(any(line.returned for line in world.sales[name].lines), Reason.SALE_HAS_RETURNS)


def _price(world: World, event: dict[str, Any]) -> tuple[int, int]:
    """Returns (points, pieces) of what is wanted."""
    if "points" in event:
        refuse_if(world.program.redeem_rewards_only, Reason.REWARD_REQUIRED)
        return event["points"], 0
    refuse_if(event["reward"] not in world.program.rewards, Reason.REWARD_UNKNOWN)
    pieces = event.get("qty", 1)
    return world.program.rewards[event["reward"]]["points"] * pieces, pieces


def _refuse_place_and_time(world: World, event: dict[str, Any]) -> None:
    program = world.program
    reward = program.rewards[event["reward"]] if "reward" in event else {}
    refuse_if(world.today.month not in program.redeem_months, Reason.REDEMPTION_CLOSED)
    refuse_if("from" in reward and world.today < day_of(reward["from"]), Reason.REWARD_NOT_OPEN)
    refuse_if("until" in reward and world.today > day_of(reward["until"]), Reason.REWARD_NOT_OPEN)
    for allowed in (program.redeem_stores, reward.get("stores")):
        refuse_if(allowed is not None and event.get("store") not in allowed, Reason.WRONG_STORE)


def _is_minor(world: World, member: Member) -> bool:
    if member.birthday is None:
        return member.minor
    return is_younger(member.birthday, ADULT_YEARS, world.today, world.program.feb29)


def _refuse_person(world: World, member: Member, name: str, pieces: int) -> None:
    """Refuses what a member may not have (of), and what is not there any more."""
    reward = world.program.rewards[name]
    names = [tier["name"] for tier in world.program.tiers]
    if "min_tier" in reward:
        own = tier_of(world, member.name)
        refuse_if(own is None or names.index(own) < names.index(reward["min_tier"]), Reason.TIER_TOO_LOW)
    refuse_if(reward.get("adult_only", False) and _is_minor(world, member), Reason.ADULT_ONLY)
    taken = [one for one in world.redemptions.values() if one.reward == name and one.state in COUNTED]
    own_pieces = sum(one.pieces for one in taken if one.owner == member.name)
    refuse_if("per_member" in reward and own_pieces + pieces > reward["per_member"], Reason.LIMIT_REACHED)
    refuse_if("stock" in reward and sum(one.pieces for one in taken) + pieces > reward["stock"], Reason.OUT_OF_STOCK)


def _frees_on(world: World, owner: str, points: int) -> str | None:
    """Returns the first day on which pending lots make so many points available, lots that expire until then not counted."""
    lots = live_lots(world, owner)

    def available_on(day: date) -> int:
        return sum(lot.free for lot in lots if lot.available_on <= day and ((end := expires_on(world, lot)) is None or end > day))

    days = sorted({lot.available_on for lot in lots if not is_available(world, lot)})
    found = next((day for day in days if available_on(day) >= points), None)
    if found and world.program.expiry == "year_review" and found.year > world.today.year:
        world.doubt("frees_on beyond a year review")
    return found.isoformat() if found else None
