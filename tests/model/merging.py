"""Merge and unmerge: what was one member's becomes another's, and goes back as it is by then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.model.accounts import ledger_of, member_of, post
from tests.model.reasons import Reason, Refused, refuse_if
from tests.model.state import Coupon, Lot, Merge, Redemption, RedemptionState, Sale, TierPoints, World


def refuse_missing_second(event: dict[str, Any]) -> None:
    """Refuses what only one person wants: SECOND_PERSON_MISSING, SELF_APPROVAL."""
    refuse_if("approved_by" not in event, Reason.SECOND_PERSON_MISSING)
    refuse_if(event["approved_by"] == event["by"], Reason.SELF_APPROVAL)


def _refuse_open_holds(world: World, *names: str) -> None:
    holds = (one for one in world.redemptions.values() if one.state is RedemptionState.HELD)
    refuse_if(any(one.owner in names for one in holds), Reason.OPEN_HOLD)


def _belongings(world: World, owner: str) -> list[Lot | Sale | Redemption | Coupon | TierPoints]:
    everything: list[Lot | Sale | Redemption | Coupon | TierPoints] = [
        *world.lots,
        *world.sales.values(),
        *world.redemptions.values(),
        *world.coupons.values(),
        *world.tier_points,
    ]
    return [one for one in everything if one.owner == owner]


def merge(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays a merge; returns the keys of its result line."""
    source, target = event["from"], event["into"]
    refuse_if(event["merge_id"] in world.merges, Reason.DUPLICATE_ID)
    refuse_if(source == target, Reason.SAME_MEMBER)
    refuse_if(not {source, target} <= world.members.keys(), Reason.MEMBER_UNKNOWN)
    old, new = member_of(world, source), member_of(world, target)
    refuse_if(not world.program.pooling, Reason.POOLING_FORBIDDEN)
    refuse_missing_second(event)
    refuse_if(None not in {old.id_token, new.id_token} and old.id_token != new.id_token, Reason.IDENTITY_MISMATCH)
    _refuse_open_holds(world, source, target)
    points = ledger_of(world, source)
    done = Merge(source, target, world.today, _belongings(world, source))
    for one in done.moved:
        one.owner = target
    new.debt += old.debt
    old.debt = 0
    new.last_activity = max(old.last_activity, new.last_activity)
    old.merged_into = target
    post(world, "MERGE", source, -points)
    post(world, "MERGE", target, points)
    world.merges[event["merge_id"]] = done
    return {"member": target}


def unmerge(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays an unmerge; returns the keys of its result line."""
    if event["merge_id"] not in world.merges:
        raise Refused(Reason.MERGE_UNKNOWN)
    done = world.merges[event["merge_id"]]
    refuse_if(done.undone, Reason.WRONG_STATE)
    member_of(world, done.target)
    refuse_missing_second(event)
    refuse_if(world.today > done.day + timedelta(days=world.program.unmerge_days), Reason.UNMERGE_TOO_LATE)
    _refuse_open_holds(world, done.target)
    old, new = world.members[done.source], world.members[done.target]
    before = ledger_of(world, new.name)
    for one in done.moved:
        one.owner = old.name
    points = before - ledger_of(world, new.name)
    if world.program.expiry == "inactivity" and old.last_activity != new.last_activity:
        world.doubt("last activity of a member after an unmerge")
    old.last_activity = new.last_activity
    old.merged_into = None
    done.undone = True
    post(world, "MERGE", new.name, -points)
    post(world, "MERGE", old.name, points)
    return {"member": new.name}
