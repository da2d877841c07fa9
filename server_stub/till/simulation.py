"""Plays the traffic of a plan against a service of its own and proves the ledger at the end. Knows no rule and no way of printing."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server_stub.till.reader import Line
from server_stub.till.traffic import Plan, Traffic

if TYPE_CHECKING:
    from server_stub.till.player import Player


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared at the end.

    Attributes:
        wrong: Members whose parts do not make up the sum of their entries.
        posted: Points of all entries that the answers told of, less what expired.
        held_by_members: Points that all members have in the ledger.
    """

    members: int
    wrong: tuple[str, ...]
    posted: int
    held_by_members: int

    @property
    def is_good(self) -> bool:
        """Returns whether nothing was lost and nothing made."""
        return not self.wrong and self.posted == self.held_by_members


@dataclass
class Tally:
    """What the answers add up to; the same plan makes the same tally, but for the time that it took."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    sold_fen: int = 0
    expired: int = 0
    seconds: float = 0.0

    def note(self, event: dict[str, Any], result: dict[str, Any]) -> None:
        """Adds an answer."""
        name = ".".join(filter(None, (event["op"], event.get("step"))))
        if not result["ok"]:
            self.refused[f"{name} {result['reason']}"] += 1
            return
        self.done[name] += 1
        for entry in result.get("entries", ()):
            self.points[entry["kind"]] += entry["points"]
        if event["op"] == "sale":
            self.sold_fen += sum(line["qty"] * line["unit_price_fen"] - line.get("discount_fen", 0) for line in event["lines"])
        self.expired += result.get("expired", 0)


def simulate(plan: Plan, player: Player) -> tuple[Tally, Proof]:
    """Returns what was done and whether the ledger is right."""
    tally = Tally()
    began, number, last = time.monotonic(), 0, ""
    for number, event in enumerate(Traffic(plan).events(), 1):
        tally.note(event, player.play(Line(number, event)))
        last = event["at"]
    tally.seconds = time.monotonic() - began
    return tally, _prove(plan, player, tally, Line(number, {"op": "balance", "at": last}))


def _prove(plan: Plan, player: Player, tally: Tally, line: Line) -> Proof:
    wrong, held = [], 0
    for number in range(1, plan.members + 1):
        member = f"m{number}"
        balance = player.play(Line(line.number + number, {**(line.document or {}), "member": member}))["balance"]
        held += balance["ledger"]
        lots = sum(lot["points"] for lot in balance["lots"])
        parts = balance["available"] + balance["pending"] + balance["held"] - balance["debt"]
        if balance["ledger"] != parts or lots != balance["available"] + balance["pending"]:
            wrong.append(member)
    return Proof(plan.members, tuple(wrong), tally.points.total() - tally.expired, held)
