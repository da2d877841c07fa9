"""Writes a random till script line by line, while the model plays it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from tests.model.player import Player
from tests.model.scripts import programs, service, spoil, trade
from tests.model.scripts.draw import Draw, first_moment

_OPS: dict[str, tuple[int, Callable[[Draw], dict[str, Any]]]] = {
    "sale": (26, trade.sale),
    "redeem": (24, service.redeem),
    "return": (13, trade.give_return),
    "coupon": (8, service.coupon),
    "adjust": (8, trade.adjust),
    "member": (4, trade.member),
    "merge": (3, service.merge),
    "unmerge": (3, service.unmerge),
}
_CHANGES: tuple[dict[str, Any], ...] = (
    *({}, {}, {"store": "S02"}, {"points": 7}, {"x": 1}, {"op": "return"}, {"op": "nothing"}, {"member": None}, {"member": "m2"}),
    *({"lines": []}, {"points": "@raw 1.0"}, {"reason": "other"}, {"device": "k2"}, {"by": "clerk-c"}, {"op": None}),
)


@dataclass
class Writer:
    """A script in the making."""

    draw: Draw
    lines: list[str] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    faults: float = 0.06

    def _add(self, line: str) -> None:
        self.lines.append(line)
        if line.strip():
            self.draw.player.line(len(self.lines), line)

    def _write(self, event: dict[str, Any]) -> None:
        if self.draw.chance(self.faults):
            event = spoil.spoil(self.draw, event)
        self._add(spoil.as_line(event, self.draw))

    def begin(self) -> None:
        """Writes lines until there are a program and a few members."""
        while self.draw.player.world is None:
            if self.draw.chance(0.1):
                self._add('{"op":"balance","at":"2020-01-01T00:00:00Z","member":"m1"}')
            self._write(programs.program(self.draw))
        for _ in range(self.draw.random.randint(1, 4)):
            self._write(trade.member(self.draw))

    def step(self) -> None:
        """Writes one line."""
        draw = self.draw
        draw.pass_time()
        if draw.chance(0.02):
            self._add(draw.pick(("", " ", "\t", "\r")))
        elif draw.chance(0.02):
            self._add(spoil.no_event(draw) if draw.chance(0.7) else spoil.as_line(spoil.comment(draw), draw))
        elif draw.chance(0.02):
            self._add(json.dumps(trade.sale(draw) | {"at": draw.written(draw.moment - timedelta(seconds=draw.pick((1, 90_000))))}))
        elif draw.chance(0.01):
            self._write(programs.program(draw))
        elif draw.chance(0.22):
            self._write(self._question())
        elif draw.chance(0.09):
            self._write(self._replay())
        else:
            self._write(_OPS[self._op()][1](draw))

    def _op(self) -> str:
        """An op, by weight; those that need something to work on wait until it is there."""
        world = self.draw.world
        there = {"return": world.sales, "unmerge": [one for one in world.merges.values() if not one.undone]}
        weights = [self.weights[op] * (0.1 if op in there and not there[op] else 1) for op in _OPS]
        return self.draw.random.choices(tuple(_OPS), weights)[0]

    def _question(self) -> dict[str, Any]:
        if self.draw.chance(0.25):
            return {"op": "expire", "at": self.draw.at()}
        return {"op": "balance", "at": self.draw.at(), "member": self.draw.member()}

    def _replay(self) -> dict[str, Any]:
        """A request once more: as a replay, or written out again."""
        draw = self.draw
        known = draw.player.sent
        name = draw.name(list(known), "q")
        if name in known and draw.chance(0.3):
            return known[name] | {"at": draw.at()}
        # A number that is no integer is only sent where the request is known: else two reasons compete.
        change = draw.pick(_CHANGES) if name in known else {}
        return {"op": "replay", "at": draw.at(), "of": name} | ({"change": change} if change or draw.chance(0.1) else {})


def script(seed: int, events: int = 100) -> str:
    """Returns a random script; the same seed gives the same one."""
    random = Random(seed)
    # Every script has a pace and likings of its own, so that some stay long where others hurry by.
    draw = Draw(random, Player(), first_moment(random), pace=random.choice((0.08, 0.15, 0.25, 0.45)))
    writer = Writer(draw, weights={op: weight * random.choice((0.3, 1, 1, 3)) for op, (weight, _make) in _OPS.items()})
    writer.faults = random.choice((0.0, 0.03, 0.1))
    writer.begin()
    while len(writer.lines) < events:
        writer.step()
    return "\n".join(writer.lines) + "\n"
