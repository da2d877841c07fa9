"""Sales and returns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.model.accounts import expire_what_came_late, free_payments, live_lots, member_of, post, take
from tests.model.days import add_months, in_year, moment_of
from tests.model.earning import earned, multiplication, taken_back
from tests.model.reading import LARGEST
from tests.model.reasons import Reason, Refused, refuse_if
from tests.model.state import Lot, Member, Redemption, RedemptionState, Sale, SaleLine, World


def _refuse_amounts(event: dict[str, Any]) -> int:
    """Returns the total N in fen of a sale whose amounts are good."""
    lines = event["lines"]
    refuse_if(any(line["qty"] < 1 for line in lines), Reason.BAD_QTY)
    gross = [line["qty"] * line["unit_price_fen"] for line in lines]
    nets = [amount - line.get("discount_fen", 0) for amount, line in zip(gross, lines, strict=True)]
    refuse_if(any(net < 0 for net in nets), Reason.DISCOUNT_TOO_LARGE)
    refuse_if(max(gross) > LARGEST or sum(nets) > LARGEST, Reason.AMOUNT_TOO_LARGE)
    refuse_if(sum(nets) == 0, Reason.AMOUNT_ZERO)
    refuse_if("tenders" in event and sum(tender["fen"] for tender in event["tenders"]) != sum(nets), Reason.TENDER_MISMATCH)
    return sum(nets)


def _refuse_times(world: World, event: dict[str, Any]) -> None:
    occurred = moment_of(event.get("occurred_at", event["at"]))
    refuse_if(occurred > world.now + timedelta(seconds=300), Reason.FUTURE_DATE)
    refuse_if(occurred < world.now - timedelta(hours=24) * world.program.max_late_days, Reason.TOO_LATE)


def _buyer(world: World, event: dict[str, Any]) -> Member | None:
    if "member" not in event:
        return None
    member = member_of(world, event["member"])
    day = moment_of(event.get("occurred_at", event["at"])).date()
    refuse_if(day < member.joined_on, Reason.BEFORE_JOINING)
    return member


def _lines(world: World, event: dict[str, Any]) -> list[SaleLine]:
    program = world.program
    nothing_earns = bool(set(program.excluded_sale_tags) & set(event.get("tags", [])))
    return [
        SaleLine(
            net=line["qty"] * line["unit_price_fen"] - line.get("discount_fen", 0),
            qty=line["qty"],
            eligible=not nothing_earns and line["category"] not in program.excluded_categories,
        )
        for line in event["lines"]
    ]


def policy_expiry(world: World, member: Member) -> date | None:
    """Returns the expiry of a lot posted today, where the policy knows it now."""
    match world.program.expiry:
        case "rolling":
            return add_months(world.today, world.program.expiry_months)
        case "anniversary":
            years = (in_year(member.joined_on, year, world.program.feb29) for year in (world.today.year, world.today.year + 1))
            return next(day for day in years if day > world.today)
        case _:
            return None


def add_lot(world: World, member: Member, source: str, points: int, *, pending_days: int = 0, expiry: date | None = None) -> Lot:
    """Posts a new lot; `expiry` wins over the policy."""
    lot = Lot(
        source=source,
        owner=member.name,
        order=len(world.lots),
        posted=world.today,
        available_on=world.today + timedelta(days=pending_days),
        fixed_expiry=expiry or policy_expiry(world, member),
        follows=world.program.expiry == "inactivity" and expiry is None,
        free=points,
    )
    world.lots.append(lot)
    return lot


def sale(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays a sale; returns the keys of its result line."""
    name = event["sale_id"]
    refuse_if(name in world.sales, Reason.DUPLICATE_ID)
    refuse_if(event.get("currency", "CNY") != "CNY", Reason.CURRENCY_NOT_CNY)
    _refuse_amounts(event)
    _refuse_times(world, event)
    member = _buyer(world, event)
    codes, factor = multiplication(world, event, member)
    sold = Sale(name, member.name if member else None, world.today.year, _lines(world, event), factor)
    if member is None:
        if codes:
            world.doubt("`applied` of a sale without a member")
        world.sales[name] = sold
        return {"eligible_fen": sold.eligible(), "applied": []}
    sold.earned = earned(world.program, sold.total(), sold.eligible(), factor)
    refuse_if(sold.earned > LARGEST, Reason.AMOUNT_TOO_LARGE)
    world.sales[name] = sold
    member.last_activity = max(member.last_activity, world.today)
    if sold.earned:
        sold.lot = add_lot(world, member, name, sold.earned, pending_days=world.program.pending_days)
        post(world, "ACCRUAL", member.name, sold.earned)
    return {"eligible_fen": sold.eligible(), "applied": codes, "member": member.name}


def _returned(sold: Sale, event: dict[str, Any]) -> list[tuple[SaleLine, int]]:
    """Returns which lines give back how many pieces."""
    wanted = event.get("lines")
    if wanted is None:
        left = [(line, line.qty - line.returned) for line in sold.lines if line.qty > line.returned]
        refuse_if(not left, Reason.RETURN_EXCEEDS_SALE)
        return left
    refuse_if(any(not 1 <= one["line"] <= len(sold.lines) for one in wanted), Reason.LINE_UNKNOWN)
    refuse_if(any(one["qty"] < 1 for one in wanted), Reason.BAD_QTY)
    pieces = [(sold.lines[one["line"] - 1], one["qty"]) for one in wanted]
    refuse_if(any(qty > line.qty - line.returned for line, qty in pieces), Reason.RETURN_EXCEEDS_SALE)
    refuse_if(all(line.qty == line.returned for line in sold.lines), Reason.RETURN_EXCEEDS_SALE)
    return pieces


def give_back(world: World, redemption: Redemption, points: int) -> None:
    """Gives points of a committed redemption back into the lots that paid.

    The entries belong to the members who have those lots now: an unmerge may have taken one away from the redemption's member.
    """
    backs = free_payments(redemption, points)
    redemption.given_back += points
    if redemption.given_back == redemption.points:
        redemption.state = RedemptionState.REVERSED
    for owner in dict.fromkeys(back.lot.owner for back in backs):
        if owner != redemption.owner:
            world.doubt("points given back into a lot that an unmerge gave to another member")
        post(world, "REDEMPTION_REVERSAL", owner, sum(back.points for back in backs if back.lot.owner == owner))
    expire_what_came_late(world, backs)


def _give_back_for(world: World, sold: Sale) -> int:
    """Gives back the spent points that go with what was refunded; returns how many."""
    given = 0
    for one in list(world.redemptions.values()):
        if one.sale == sold.name and one.state is RedemptionState.COMMITTED:
            part = max(0, one.points * sold.refunded() // sold.total() - one.given_back)
            if given and part:
                world.doubt("two redemptions of one sale give back: one entry or two")
            if part:
                give_back(world, one, part)
            given += part
    return given


def _forgive(world: World, lot: Lot | None, points: int) -> int:
    """Forgives what is to be taken back but has expired in the sale's own lot; returns how much."""
    if lot is None or world.program.expired_takeback != "forgive":
        return 0
    part = min(points, lot.expired - lot.forgiven)
    lot.forgiven += part
    return part


def _take_back(world: World, sold: Sale, points: int) -> int:
    """Takes earned points back; returns how many of them were forgiven."""
    assert sold.owner is not None
    own = [sold.lot] if sold.lot else []
    rest = points - sum(payment.points for payment in take(own, points))
    forgiven = _forgive(world, sold.lot, rest)
    rest -= forgiven
    rest -= sum(payment.points for payment in take(live_lots(world, sold.owner), rest))
    refuse_if(rest > 0 and world.program.shortfall == "refuse", Reason.POINTS_SHORT)
    world.members[sold.owner].debt += rest
    post(world, "ACCRUAL_REVERSAL", sold.owner, forgiven - points)
    return forgiven


def give_return(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Plays a return; returns the keys of its result line. The caller forgets the changes of a refused one."""
    refuse_if(event["return_id"] in world.returns, Reason.DUPLICATE_ID)
    if event["sale_id"] not in world.sales:
        raise Refused(Reason.SALE_UNKNOWN)
    sold = world.sales[event["sale_id"]]
    if event.get("lines") == []:
        world.doubt("a return of no lines")
    before = sold.refunded()
    for line, qty in _returned(sold, event):
        line.returned += qty
    world.returns.add(event["return_id"])
    given = _give_back_for(world, sold)
    back = taken_back(world.program, sold) - sold.taken_back
    sold.taken_back += back
    forgiven = _take_back(world, sold, back) if sold.owner else 0
    keys = {"refund_fen": sold.refunded() - before, "taken_back": back, "forgiven": forgiven, "given_back": given}
    return keys | ({"member": sold.owner} if sold.owner else {})
