"""The points account of a member: lots, spending, giving back, debt, tier, and what a result line says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.model.days import add_months
from tests.model.reasons import Reason, Refused
from tests.model.state import Lot, Member, Payment, Redemption, RedemptionState, World


def member_of(world: World, name: str) -> Member:
    """Returns a member who can act.

    Raises:
        Refused: MEMBER_UNKNOWN, MEMBER_MERGED.
    """
    if name not in world.members:
        raise Refused(Reason.MEMBER_UNKNOWN)
    if world.members[name].merged_into is not None:
        raise Refused(Reason.MEMBER_MERGED)
    return world.members[name]


def survivor_of(world: World, name: str) -> str:
    """Returns the member whom a merged one belongs to now; a member who is not merged is its own."""
    while (into := world.members[name].merged_into) is not None:
        name = into
    return name


def post(world: World, kind: str, member: str, points: int) -> None:
    """Writes an entry: into the sum of the member, and (but for EXPIRY) into the event's result."""
    if points:
        world.ledger[member] = world.ledger.get(member, 0) + points
        if kind != "EXPIRY":
            world.posted.append({"kind": kind, "member": member, "points": points})


def expires_on(world: World, lot: Lot) -> date | None:
    """Returns the first day on which a lot's points are gone, as far as it is known."""
    if lot.follows:
        return add_months(max(lot.posted, world.members[lot.owner].last_activity), world.program.expiry_months)
    return lot.fixed_expiry


def live_lots(world: World, owner: str) -> list[Lot]:
    """Returns a member's lots that are not gone, in spend order, empty and pending ones included."""

    def order(lot: Lot) -> tuple[date, date, int]:
        if world.program.spend_order == "earned_first":
            return lot.posted, lot.posted, lot.order
        return expires_on(world, lot) or date.max, lot.posted, lot.order

    return sorted((lot for lot in world.lots if lot.owner == owner and not lot.dead), key=order)


def is_available(world: World, lot: Lot) -> bool:
    """True from the first second of the day on which a lot is no longer pending."""
    return lot.available_on <= world.today


def available(world: World, owner: str) -> int:
    """Points that can be spent."""
    return sum(lot.free for lot in live_lots(world, owner) if is_available(world, lot))


def pending(world: World, owner: str) -> int:
    """Points that will be available."""
    return sum(lot.free for lot in live_lots(world, owner) if not is_available(world, lot))


def held(world: World, owner: str) -> int:
    """Points in holds."""
    holds = (one for one in world.redemptions.values() if one.owner == owner and one.state is RedemptionState.HELD)
    return sum(one.points for one in holds)


def take(lots: list[Lot], points: int) -> list[Payment]:
    """Takes up to so many free points from lots in their order; returns what each gave."""
    payments = []
    for lot in lots:
        part = min(lot.free, points)
        if part:
            lot.free -= part
            points -= part
            payments.append(Payment(lot, part))
    return payments


def spend(world: World, owner: str, points: int) -> list[Payment]:
    """Takes points from the available lots in spend order; the caller has looked that there are enough."""
    payments = take([lot for lot in live_lots(world, owner) if is_available(world, lot)], points)
    assert sum(one.points for one in payments) == points
    return payments


def expire(world: World, lot: Lot) -> None:
    """Ends the free points of a lot that is past its expiry."""
    lot.dead = True
    post(world, "EXPIRY", lot.owner, -lot.free)
    lot.expired += lot.free
    lot.free = 0


def free_payments(redemption: Redemption, points: int) -> list[Payment]:
    """Puts points of a redemption back into the lots that paid, last taken first; returns which got how many. Expires nothing."""
    backs = []
    for payment in reversed(redemption.payments):
        part = min(payment.points, points)
        if part:
            payment.points -= part
            payment.lot.free += part
            points -= part
            backs.append(Payment(payment.lot, part))
    assert points == 0
    return backs


def expire_what_came_late(world: World, backs: list[Payment]) -> None:
    """Ends points that came back into lots that are past their expiry."""
    for back in backs:
        if back.lot.dead:
            if back.lot.follows and (day := expires_on(world, back.lot)) and day > world.today:
                world.doubt("points given back into a lot that ended before later activity")
            expire(world, back.lot)


def release(world: World, redemption: Redemption, state: RedemptionState) -> None:
    """Ends a hold: its points are free again, without an entry."""
    redemption.state = state
    expire_what_came_late(world, free_payments(redemption, redemption.points))


def pay_debts(world: World) -> None:
    """Pays every member's debt from free live points, pending ones included."""
    for member in world.members.values():
        member.debt -= sum(payment.points for payment in take(live_lots(world, member.name), member.debt))


def year_points(world: World, owner: str, year: int) -> int:
    """Points that count for the tier of a year."""
    given = sum(one.points for one in world.tier_points if one.owner == owner and one.year == year)
    return given + sum(sale.earned - sale.taken_back for sale in world.sales.values() if sale.owner == owner and sale.year == year)


def tier_of(world: World, owner: str) -> str | None:
    """Returns the highest tier reached in this year or the last, None where there are no tiers."""
    best = max(year_points(world, owner, world.today.year - back) for back in (0, 1))
    reached = [tier["name"] for tier in world.program.tiers if tier["min"] <= best]
    return reached[-1] if reached else None


def after(world: World, owner: str) -> dict[str, Any]:
    """Returns `after` of a result line."""
    return {
        "member": owner,
        "available": available(world, owner),
        "pending": pending(world, owner),
        "held": held(world, owner),
        "debt": world.members[owner].debt,
        "tier": tier_of(world, owner),
    }


def ledger_of(world: World, owner: str) -> int:
    """Returns available + pending + held - debt."""
    return available(world, owner) + pending(world, owner) + held(world, owner) - world.members[owner].debt


def balance(world: World, owner: str) -> dict[str, Any]:
    """Returns `balance` of a result line."""
    return after(world, owner) | {
        "ledger": ledger_of(world, owner),
        "expired": sum(lot.expired for lot in world.lots if lot.owner == owner),
        "year_points": year_points(world, owner, world.today.year),
        "lots": [
            {
                "source": lot.source,
                "points": lot.free,
                "available_on": lot.available_on.isoformat(),
                "expires_on": day.isoformat() if (day := expires_on(world, lot)) else None,
            }
            for lot in live_lots(world, owner)
            if lot.free
        ],
    }


def check_books(world: World) -> None:
    """Sees that the model keeps its own promises: entries add up, nothing is negative, debt only where nothing is left."""
    assert all(lot.free >= 0 and lot.forgiven <= lot.expired and not (lot.dead and lot.free) for lot in world.lots)
    for name, member in world.members.items():
        assert ledger_of(world, name) == world.ledger.get(name, 0), name
        assert member.debt >= 0
        assert not member.debt or available(world, name) + pending(world, name) == 0
