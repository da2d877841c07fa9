"""Plays a till script: the order of checks, requests and their replays, one result line for each event."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.model.accounts import after, check_books, pay_debts, survivor_of
from tests.model.clock import advance, expired_since_last_asked
from tests.model.coupons import coupon
from tests.model.days import moment_of
from tests.model.events import BARE, is_op, shape_reason
from tests.model.merging import merge, unmerge
from tests.model.parameters import program_of
from tests.model.persons import adjust, ask_balance, member
from tests.model.reading import numbered_lines, read_object
from tests.model.reasons import Reason, Refused, refuse_if
from tests.model.redemptions import redeem
from tests.model.sales import give_return, sale
from tests.model.state import World

_OPS = {
    "member": member,
    "sale": sale,
    "return": give_return,
    "redeem": redeem,
    "adjust": adjust,
    "coupon": coupon,
    "merge": merge,
    "unmerge": unmerge,
    "balance": ask_balance,
}


def _fields(event: dict[str, Any]) -> dict[str, Any]:
    """What makes two requests equal: all but the moment."""
    return {name: value for name, value in event.items() if name != "at"}


@dataclass
class Player:
    """A script in progress. `doubts` says of which lines (numbers) the result rests on a reading that others may not share."""

    clock: datetime | None = None
    world: World | None = None
    accepted: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    doubts: dict[int, set[str]] = field(default_factory=dict)

    def play(self, text: str) -> list[dict[str, Any]]:
        """Plays all lines of a script; returns their result lines."""
        return [self.line(number, line) for number, line in numbered_lines(text)]

    def line(self, number: int, line: str) -> dict[str, Any]:
        """Plays one line that is not blank; returns its result line."""
        head: dict[str, Any] = {"n": number, "op": None}
        try:
            event = read_object(line)
            head["op"] = event["op"] if isinstance(event.get("op"), str) else None
            result = head | {"ok": True} | self._event(event)
        except Refused as refusal:
            result = head | {"ok": False, "reason": str(refusal.reason)} | refusal.more
        if self.world:
            pay_debts(self.world)
            check_books(self.world)
            if self.world.doubts:
                self.doubts[number] = set(self.world.doubts)
                self.world.doubts.clear()
        return result

    def _event(self, event: dict[str, Any]) -> dict[str, Any]:
        _refuse_shape(event)
        if event["op"] == "comment":
            return {}
        moment = moment_of(event["at"])
        refuse_if(self.clock is not None and moment < self.clock, Reason.CLOCK_BACKWARDS)
        self.clock = moment
        if self.world:
            advance(self.world, moment)
        if "request_id" in event:
            self.sent.setdefault(event["request_id"], event)
        if event["op"] == "program":
            return self._program(event, moment)
        if self.world is None:
            raise Refused(Reason.PROGRAM_MISSING)
        match event["op"]:
            case "expire":
                return {"expired": expired_since_last_asked(self.world)}
            case "replay":
                return self._replay(event)
            case "balance":
                return ask_balance(self.world, event)
            case _:
                return self._request(event)

    def _program(self, event: dict[str, Any], moment: datetime) -> dict[str, Any]:
        refuse_if(self.world is not None, Reason.PROGRAM_TWICE)
        self.world = World(program_of(event["rule_set"], event.get("params", {})), moment)
        return {}

    def _replay(self, event: dict[str, Any]) -> dict[str, Any]:
        if event["of"] not in self.sent:
            raise Refused(Reason.UNKNOWN_REQUEST)
        again = self.sent[event["of"]] | event.get("change", {}) | {"at": event["at"]}
        _refuse_shape(again)
        assert again["op"] not in BARE, "a request keeps its request_id, which these ops do not know"
        return self._request(again)

    def _request(self, event: dict[str, Any]) -> dict[str, Any]:
        """Plays a request that is well formed, or answers it again."""
        assert self.world is not None
        name = event["request_id"]
        if name in self.accepted:
            first, answer = self.accepted[name]
            refuse_if(_fields(first) != _fields(event), Reason.REQUEST_ID_REUSED)
            self._doubt_owner(event, answer)
            return self._answer(answer) | {"replayed": True}
        # A return works out whether points are short by taking them: what a refused one did is forgotten with the copy.
        before = copy.deepcopy(self.world) if event["op"] == "return" else self.world
        self.world.posted.clear()
        try:
            keys = _OPS[event["op"]](self.world, event)
        except Refused:
            before.doubts = self.world.doubts
            self.world = before
            raise
        if event["op"] != "coupon":
            keys |= {"points": sum(one["points"] for one in self.world.posted), "entries": list(self.world.posted)}
        pay_debts(self.world)
        self.accepted[name] = event, keys
        return self._answer(keys)

    def _doubt_owner(self, event: dict[str, Any], answer: dict[str, Any]) -> None:
        """Notes where what an event was about belongs to somebody else than the event's member by now."""
        assert self.world is not None
        about = {
            "return": self.world.sales.get(event.get("sale_id", "")),
            "redeem": self.world.redemptions.get(event.get("redemption_id", "")),
        }
        found = about.get(event["op"])
        if found is not None and found.owner is not None and found.owner != survivor_of(self.world, answer["member"]):
            self.world.doubt("`after` of a replay whose sale or redemption an unmerge moved")

    def _answer(self, keys: dict[str, Any]) -> dict[str, Any]:
        """Makes the keys of a result line of what was remembered: `after` is always as it is now."""
        assert self.world is not None
        found = {name: str(value) if name == "state" else value for name, value in keys.items() if name != "member"}
        if "member" in keys:
            found["after"] = after(self.world, survivor_of(self.world, keys["member"]))
        return found


def _refuse_shape(event: dict[str, Any]) -> None:
    if not is_op(event.get("op")):
        raise Refused(Reason.UNKNOWN_OP)
    reason = shape_reason(event)
    if reason:
        raise Refused(reason)


def play(text: str) -> list[dict[str, Any]]:
    """Plays a script; returns its result lines."""
    return Player().play(text)
