"""How many points an amount earns: exclusions, multipliers, rounding; exact, whatever the size."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from tests.model.accounts import tier_of
from tests.model.days import day_of, in_year, moment_of
from tests.model.parameters import Program
from tests.model.state import Member, Sale, World


def rounded(value: Fraction, mode: str) -> int:
    """Rounds an amount that is not negative: down, half_up or up."""
    whole, rest = divmod(value, 1)
    match mode:
        case "down":
            return int(whole)
        case "half_up":
            return int(whole) + (rest >= Fraction(1, 2))
        case _:
            return int(whole) + (rest > 0)


def points(program: Program, fen: int, factor: Fraction) -> int:
    """Returns what an amount earns at a multiplication of `factor`, which the format calls P of a."""
    mode = program.rounding_mode
    if program.round_at == "end":
        return rounded(fen * factor / program.fen_per_point, mode)
    return rounded(rounded(Fraction(fen, program.fen_per_point), mode) * factor, mode)


def earned(program: Program, total: int, eligible: int, factor: Fraction) -> int:
    """P of a sale of `total` fen, of which `eligible` earn; also of what is left of it after returns."""
    if program.exclusion_order == "before":
        return points(program, eligible, factor)
    return points(program, total, factor) - points(program, total - eligible, factor)


def taken_back(program: Program, sale: Sale) -> int:
    """T(c): earned points that are to be taken back for all that was returned so far."""
    if sale.owner is None:
        return 0
    total, eligible, back = sale.total(), sale.eligible(), sale.eligible_back()
    if program.return_rule == "pro_rata":
        return sale.earned * back // eligible if eligible else 0
    return sale.earned - earned(program, total - back, eligible - back, sale.factor)


def _is_birthday(program: Program, member: Member, day: date) -> bool:
    if member.birthday is None:
        return False
    this_year = in_year(member.birthday, day.year, program.feb29)
    return this_year.month == day.month if program.birthday_scope == "month" else this_year == day


def _paid_wholly_by(event: dict[str, Any], kind: str) -> bool:
    paid = [tender["type"] for tender in event.get("tenders", []) if tender["fen"] > 0]
    return bool(paid) and all(one == kind for one in paid)


def _holds(world: World, multiplier: dict[str, Any], event: dict[str, Any], member: Member | None) -> bool:
    """True where a multiplier's condition holds for a sale."""
    day = moment_of(event.get("occurred_at", event["at"])).date()
    match multiplier:
        case {"dates": spans}:
            return any(day_of(begin) <= day <= day_of(end) for begin, end in spans)
        case {"tag": tag}:
            return tag in event.get("tags", [])
        case {"tender_only": kind}:
            return _paid_wholly_by(event, kind)
        case {"tier": tier}:
            return member is not None and tier_of(world, member.name) == tier
        case _:
            return member is not None and _is_birthday(world.program, member, day)


def multiplication(world: World, event: dict[str, Any], member: Member | None) -> tuple[list[str], Fraction]:
    """Returns the codes of the multipliers used, in the order of the table, and m."""
    found = [one for one in world.program.multipliers if _holds(world, one, event, member)]
    if found and world.program.stacking == "highest":
        largest = max(one["pct"] for one in found)
        found = [next(one for one in found if one["pct"] == largest)]
    factor = Fraction(1)
    for one in found:
        factor *= Fraction(one["pct"], 100)
    if factor > 1 and any(one["pct"] == 100 for one in found):
        world.doubt("a multiplier of 100 % among others in `applied`")
    return ([one["code"] for one in found], factor) if factor > 1 else ([], Fraction(1))
