"""Members, adjustments of their points, and the question for their balance."""

from __future__ import annotations

from typing import Any

from tests.model.accounts import available, balance, member_of, post, spend
from tests.model.days import day_of, is_younger
from tests.model.merging import refuse_missing_second
from tests.model.reasons import Reason, refuse_if
from tests.model.sales import add_lot
from tests.model.state import Member, TierPoints, World

GUARDED_YEARS = 14


def member(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays the joining of a member; returns the keys of its result line."""
    name = event["member"]
    joined_on = day_of(event["joined_on"]) if "joined_on" in event else world.today
    birthday = day_of(event["birthday"]) if "birthday" in event else None
    refuse_if(name in world.members, Reason.DUPLICATE_ID)
    refuse_if(joined_on > world.today or (birthday is not None and birthday > world.today), Reason.FUTURE_DATE)
    is_child = birthday is not None and is_younger(birthday, GUARDED_YEARS, world.today, world.program.feb29)
    refuse_if(is_child and "guardian" not in event, Reason.GUARDIAN_NEEDED)
    world.members[name] = Member(
        name=name,
        joined_on=joined_on,
        birthday=birthday,
        minor=event.get("minor", False),
        id_token=event.get("id_token"),
        last_activity=world.today,
    )
    world.tier_points += [TierPoints(name, int(year), points) for year, points in event.get("tier_points", {}).items()]
    return {"member": name}


def adjust(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays an adjustment; returns the keys of its result line."""
    points = event["points"]
    expiry = day_of(event["expires_on"]) if "expires_on" in event else None
    refuse_if(points == 0, Reason.AMOUNT_ZERO)
    adjusted = member_of(world, event["member"])
    refuse_if("case" not in event, Reason.CASE_MISSING)
    refuse_missing_second(event)
    refuse_if(abs(points) > world.program.adjust_limit, Reason.OVER_LIMIT)
    refuse_if(expiry is not None and expiry <= world.today, Reason.EXPIRY_IN_PAST)
    refuse_if(-points > available(world, adjusted.name), Reason.INSUFFICIENT_AVAILABLE)
    if points > 0:
        add_lot(world, adjusted, event["request_id"], points, expiry=expiry)
    else:
        spend(world, adjusted.name, -points)
    post(world, "ADJUSTMENT", adjusted.name, points)
    return {"member": adjusted.name}


def ask_balance(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Answers the question for a balance."""
    return {"balance": balance(world, member_of(world, event["member"]).name)}
