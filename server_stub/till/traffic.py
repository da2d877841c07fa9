"""Makes the traffic of a chain of shops as events of a script, the same for the same seed. Knows the format, no service.

Members come back with very different zeal, buy small baskets most days and large ones before weekends, bring something back now and
then, and spend what they have; some of that is refused, as in life.
"""

from __future__ import annotations

import heapq
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import count
from typing import Any

from server_stub.domain.clock import CHINA

Event = dict[str, Any]

FIRST_DAY = date(2026, 3, 2)
DAYS = 60
_OPENING_HOUR, _CLOSING_HOUR = 8, 22
_MEMBERS_SHARE = 0.8
_RETURN_SHARE, _SPEND_SHARE, _COUPON_SHARE = 0.04, 0.06, 0.05
_SPENDS = (50, 100, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much traffic.

    Attributes:
        members: At least 1.
        sales: At least 0.
        seed: The same seed makes the same traffic.
        rule_set: One of those that ship with the service.
    """

    members: int
    sales: int
    seed: int
    rule_set: str = "plain"


class Traffic:
    """The events of one plan, in order of time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        # The point is that it can be made again, not that nobody can guess it.
        self._random = random.Random(plan.seed)  # noqa: S311
        table = tomllib.loads(files("server_stub.till").joinpath("goods.toml").read_text("utf-8"))
        self._goods, self._stores, self._tenders = table["goods"], table["stores"], table["tenders"]
        self._waiting: list[tuple[datetime, int, Event]] = []
        self._order = count()

    def events(self) -> Iterator[Event]:
        """Returns the events; the first names the rules."""
        start = _at(FIRST_DAY, timedelta())
        yield {"op": "program", "at": start.isoformat(), "rule_set": self._plan.rule_set}
        for number in range(1, self._plan.members + 1):
            self._put(start, {"op": "member", "member": f"m{number}", **self._birthday()}, f"join-{number}")
        for number in range(1, self._plan.sales + 1):
            self._shop(number)
        self._put(_at(FIRST_DAY + timedelta(DAYS + 30), timedelta()), {"op": "expire"}, "")
        while self._waiting:
            yield heapq.heappop(self._waiting)[2]

    def _birthday(self) -> Event:
        if self._random.random() < 0.5:
            return {}
        return {"birthday": (date(1950, 1, 1) + timedelta(self._random.randrange(50 * 365))).isoformat()}

    def _shop(self, number: int) -> None:
        at, store, member = self._moment(), self._random.choice(self._stores), self._member()
        lines = [self._line() for _ in range(min(20, 1 + int(self._random.expovariate(0.35))))]
        total = sum(line["qty"] * line["unit_price_fen"] - line.get("discount_fen", 0) for line in lines)
        [tender] = self._random.choices(list(self._tenders), list(self._tenders.values()))
        sale = {"op": "sale", "sale_id": f"s{number}", "store": store, "lines": lines, "tenders": [{"type": tender, "fen": total}]}
        self._put(at, {**sale, **({"member": member} if member else {})}, f"sale-{number}")
        if self._random.random() < _RETURN_SHARE:
            self._bring_back(number, at, lines)
        if member is not None:
            self._spend(number, at, store, member, total)

    def _bring_back(self, number: int, at: datetime, lines: list[Event]) -> None:
        place = self._random.randrange(len(lines))
        qty = self._random.randint(1, lines[place]["qty"])
        whole = self._random.random() < 0.3
        later = at + timedelta(hours=self._random.randint(2, 7 * 24))
        chosen: Event = {} if whole else {"lines": [{"line": place + 1, "qty": qty}]}
        self._put(later, {"op": "return", "return_id": f"r{number}", "sale_id": f"s{number}", **chosen}, f"return-{number}")

    def _spend(self, number: int, at: datetime, store: str, member: str, total: int) -> None:
        if self._random.random() < _SPEND_SHARE:
            self._redeem(number, at + timedelta(minutes=self._random.randint(1, 3000)), store, member)
        if self._random.random() < _COUPON_SHARE:
            self._coupon(number, at, store, member, total)

    def _redeem(self, number: int, at: datetime, store: str, member: str) -> None:
        spent = {"op": "redeem", "redemption_id": f"d{number}"}
        wanted = {"member": member, "points": self._random.choice(_SPENDS), "store": store, "device": f"{store}-K1"}
        if self._random.random() < 0.6:
            self._put(at, {**spent, "step": "now", **wanted}, f"redeem-{number}")
            return
        self._put(at, {**spent, "step": "hold", **wanted}, f"hold-{number}")
        [step] = self._random.choices(["commit", "cancel", ""], [8, 1, 1])
        if step:
            self._put(at + timedelta(minutes=self._random.randint(1, 16)), {**spent, "step": step}, f"{step}-{number}")
        if self._random.random() < 0.1:
            self._put(at + timedelta(hours=2), {**spent, "step": "reverse"}, f"reverse-{number}")

    def _coupon(self, number: int, at: datetime, store: str, member: str, total: int) -> None:
        coupon = {"op": "coupon", "coupon_id": f"c{number}"}
        first = at.date()
        terms = {"off_fen": 500, "min_spend_fen": 3000, "valid_from": first.isoformat(), "valid_to": (first + timedelta(30)).isoformat()}
        self._put(at, {**coupon, "step": "issue", "member": member, **terms}, f"issue-{number}")
        self._put(at + timedelta(hours=1), {**coupon, "step": "claim", "member": member}, f"claim-{number}")
        used = {"member": member, "sale_id": f"c-s{number}", "store": store, "basket_fen": total}
        self._put(at + timedelta(days=self._random.randint(1, 40)), {**coupon, "step": "redeem", **used}, f"use-{number}")

    def _line(self) -> Event:
        [goods] = self._random.choices(self._goods, [one["weight"] for one in self._goods])
        line = {"sku": goods["sku"], "category": goods["category"], "qty": 1 + int(self._random.expovariate(1.2))}
        line["unit_price_fen"] = goods["price_fen"]
        return {**line, "discount_fen": goods["price_fen"] // 10} if self._random.random() < 0.15 else line

    def _member(self) -> str | None:
        if self._random.random() > _MEMBERS_SHARE:
            return None
        # A few members come every day, most come seldom.
        return f"m{1 + int(self._plan.members * self._random.random() ** 2)}"

    def _moment(self) -> datetime:
        day = FIRST_DAY + timedelta(self._random.randrange(DAYS))
        hour = self._random.triangular(_OPENING_HOUR, _CLOSING_HOUR, 18)
        return _at(day, timedelta(seconds=int(hour * 3600)))

    def _put(self, at: datetime, event: Event, request_id: str) -> None:
        asked = {"request_id": request_id} if request_id else {}
        heapq.heappush(self._waiting, (at, next(self._order), {**event, "at": at.isoformat(), **asked}))


def _at(day: date, since_midnight: timedelta) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + since_midnight
