"""The virtual clock: what ends between two events, moment by moment: year review, lot expiry, hold expiry."""

from __future__ import annotations

from datetime import date, datetime

from tests.model.accounts import expire, expires_on, pay_debts, release, year_points
from tests.model.days import midnight
from tests.model.state import Member, Redemption, RedemptionState, World


def _holds(world: World) -> list[Redemption]:
    return [one for one in world.redemptions.values() if one.state is RedemptionState.HELD]


def _next_moment(world: World) -> datetime:
    """The first moment after now at which something can end."""
    moments = [midnight(date(world.today.year + 1, 1, 1))]
    moments += [midnight(day) for lot in world.lots if not lot.dead and (day := expires_on(world, lot))]
    moments += [one.ends_at for one in _holds(world)]
    return min(moments)


def _review(world: World, member: Member) -> None:
    """Voids all lots of a member who earned too little in the year that has just ended."""
    ended = world.today.year - 1
    spared = world.program.void_spares_join_year and member.joined_on.year == ended
    if year_points(world, member.name, ended) < world.program.void_below and not spared:
        for lot in world.lots:
            if lot.owner == member.name and not lot.dead:
                expire(world, lot)


def _step(world: World) -> None:
    """Ends what ends at this very moment."""
    if world.program.expiry == "year_review" and world.now == midnight(date(world.today.year, 1, 1)):
        for member in world.members.values():
            _review(world, member)
    for lot in world.lots:
        day = expires_on(world, lot)
        if not lot.dead and day is not None and midnight(day) <= world.now:
            expire(world, lot)
    for hold in _holds(world):
        if hold.ends_at <= world.now:
            release(world, hold, RedemptionState.EXPIRED)
    pay_debts(world)


def advance(world: World, moment: datetime) -> None:
    """Lets time pass until a moment, which is not before now."""
    while (upcoming := _next_moment(world)) <= moment:
        world.now = max(upcoming, world.now)
        _step(world)
    world.now = moment


def expired_since_last_asked(world: World) -> int:
    """Returns the points of all members that expired since the previous call."""
    total = sum(lot.expired for lot in world.lots)
    since = total - world.expired_reported
    world.expired_reported = total
    return since
