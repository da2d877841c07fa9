"""Random members, sales, returns and adjustments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.model.accounts import available
from tests.model.days import in_year
from tests.model.reading import LARGEST
from tests.model.scripts.draw import Draw
from tests.model.scripts.programs import CATEGORIES, STORES, TAGS

CLERKS = ("clerk-a", "clerk-b", "clerk-c")


def _birthday(draw: Draw) -> str:
    if draw.chance(0.3):
        return draw.pick(("2012-02-29", "2008-02-29", "2000-02-29", "2010-02-28", "2010-03-01"))
    years = draw.pick((5, 13, 14, 17, 18, 40))
    born = in_year(draw.today, draw.today.year - years, "feb28") + timedelta(days=draw.random.randint(-2, 2))
    return min(born, draw.today + timedelta(days=1)).isoformat()


def member(draw: Draw) -> dict[str, Any]:
    """A member who joins."""
    year = draw.today.year
    more: dict[str, Any] = {
        "joined_on": draw.pick((draw.today.isoformat(), f"{year - 1}-02-28", "2024-02-29", f"{year - 1}-06-01", f"{year}-01-01")),
        "birthday": _birthday(draw),
        "minor": draw.chance(0.5),
        "guardian": "m1",
        "id_token": draw.pick(("t1", "t2")),
        "tier_points": {str(draw.pick((year, year - 1, year - 2))): draw.pick((0, 99, 100, 499, 1999, 6000))},
    }
    if draw.chance(0.05):
        more["joined_on"] = (draw.today + timedelta(days=1)).isoformat()
    event = {"op": "member", "at": draw.at(), "request_id": draw.request(), "member": draw.new_name(list(draw.world.members), "m")}
    return event | {name: value for name, value in more.items() if draw.chance(0.35)}


def _line(draw: Draw) -> dict[str, Any]:
    line: dict[str, Any] = {"sku": "x", "category": draw.pick(CATEGORIES), "qty": draw.random.randint(1, 4), "unit_price_fen": draw.price()}
    if line["unit_price_fen"] > 10**9 and draw.chance(0.7):
        line["qty"] = 1
    if draw.chance(0.03):
        line["qty"] = draw.pick((0, -1, LARGEST, 1_000_000))
    if draw.chance(0.2):
        gross = max(0, line["qty"] * line["unit_price_fen"])
        line["discount_fen"] = min(LARGEST, draw.pick((0, 1, gross // 3, gross, gross + draw.chance(0.3))))
    return line


def _net(event: dict[str, Any]) -> int:
    return sum(line["qty"] * line["unit_price_fen"] - line.get("discount_fen", 0) for line in event["lines"])


def _tenders(draw: Draw, total: int) -> list[dict[str, Any]]:
    if draw.chance(0.05):
        total += draw.pick((-1, 1))
    total = min(max(0, total), LARGEST)
    if draw.chance(0.6):
        return [{"type": "member_card", "fen": total}, *([{"type": "cash", "fen": 0}] if draw.chance(0.3) else [])]
    part = draw.random.randint(0, total)
    return [{"type": "cash", "fen": part}, {"type": "member_card", "fen": total - part}]


def _occurred(draw: Draw) -> str:
    late = timedelta(days=draw.world.program.max_late_days)
    shifts = (timedelta(seconds=300), timedelta(seconds=301), -late, -late - timedelta(seconds=1), -late / 2, timedelta(hours=-9))
    return draw.written(draw.moment + draw.pick(shifts))


def sale(draw: Draw) -> dict[str, Any]:
    """A sale."""
    event: dict[str, Any] = {
        "op": "sale",
        "at": draw.at(),
        "request_id": draw.request(),
        "sale_id": draw.new_name(list(draw.world.sales), "s"),
        "store": draw.pick(STORES),
        "lines": [_line(draw) for _ in range(draw.pick((1, 1, 2, 3)))],
    }
    if draw.chance(0.95):
        event["member"] = draw.member()
    if draw.chance(0.35):
        event["tenders"] = _tenders(draw, _net(event))
    if draw.chance(0.25):
        event["tags"] = draw.some(TAGS)
    if draw.chance(0.2):
        event["occurred_at"] = _occurred(draw)
    if draw.chance(0.03):
        event["currency"] = draw.pick(("CNY", "USD"))
    return event


def give_return(draw: Draw) -> dict[str, Any]:
    """A return, mostly of a part of a sale that has something left."""
    sales = draw.world.sales
    open_sales = [name for name, one in sales.items() if one.refunded() < one.total()]
    spent_on = [one.sale for one in draw.world.redemptions.values() if one.sale in open_sales]
    if spent_on and draw.chance(0.4):
        open_sales = spent_on
    name = draw.name(open_sales if open_sales and draw.chance(0.93) else list(sales), "s")
    event: dict[str, Any] = {"op": "return", "at": draw.at(), "request_id": draw.request(), "sale_id": name}
    event["return_id"] = draw.new_name(sorted(draw.world.returns), "r")
    if name in sales and draw.chance(0.7):
        event["lines"] = _returned_lines(draw, name)
    return event


def _returned_lines(draw: Draw, name: str) -> list[dict[str, int]]:
    lines = draw.world.sales[name].lines
    places = [place for place in range(1, len(lines) + 1) if draw.chance(0.6)] or [1]
    if draw.chance(0.05):
        places.append(draw.pick((len(lines) + 1, places[0])))
    left = {place: line.qty - line.returned for place, line in enumerate(lines, start=1)}
    pieces = [{"line": place, "qty": draw.random.randint(1, max(1, left.get(place, 1)))} for place in places]
    if draw.chance(0.06):
        pieces[0]["qty"] = draw.pick((0, -1, left[places[0]] + 1))
    return pieces


def adjust(draw: Draw) -> dict[str, Any]:
    """An adjustment."""
    name = draw.member()
    limit = draw.world.program.adjust_limit
    event: dict[str, Any] = {"op": "adjust", "at": draw.at(), "request_id": draw.request(), "member": name, "reason": "correction"}
    event["points"] = draw.pick((1, 5, 30, 100, draw.near(min(limit, 10_000))))
    if draw.chance(0.35):
        event["points"] = -draw.near(available(draw.world, name) if draw.chance(0.5) else 10)
    if draw.chance(0.03):
        event["points"] = draw.pick((0, LARGEST, -LARGEST, min(limit, LARGEST - 1) + 1))
    if draw.chance(0.3):
        event["expires_on"] = (draw.today + timedelta(days=draw.pick((0, 1, 1, 2, 10, 400)))).isoformat()
    return event | {"case": "C-1"} | by_two(draw) if draw.chance(0.96) else event | by_two(draw)


def by_two(draw: Draw) -> dict[str, str]:
    """Who wants it and, mostly, who else."""
    clerk = draw.pick(CLERKS)
    if draw.chance(0.03):
        return {"by": clerk}
    return {"by": clerk, "approved_by": clerk if draw.chance(0.03) else next(one for one in CLERKS if one != clerk)}
