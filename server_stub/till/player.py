"""Plays the lines of a script in order: checks, clock, programme, replays. Knows no arithmetic and no database.

Source: till-script.md section 1, Order of checks, and section 2.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from server_stub.domain.program.catalogue import load_rule_set
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.till import events, lines
from server_stub.till.reasons import LineRefused, ScriptReason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from server_stub.domain.program.parameters import Parameters
    from server_stub.till.lines import Keys
    from server_stub.till.orders import Orders
    from server_stub.till.reader import Line


class Player:
    """One script in progress."""

    def __init__(self, open_orders: Callable[[Parameters], Orders], move_clock: Callable[[datetime], None]) -> None:
        """Begins without a programme.

        Args:
            open_orders: Opens the service under these rules, once.
            move_clock: Puts the service's clock; called before anything is asked of it.
        """
        self._open_orders = open_orders
        self._move_clock = move_clock
        self._now: datetime | None = None
        self._orders: Orders | None = None
        self._sent: dict[str, dict[str, Any]] = {}

    def play(self, line: Line) -> Keys:
        """Returns the result line."""
        if line.document is None:
            return lines.refused(line.number, None, ScriptReason.BAD_JSON.value, {})
        op = line.document.get("op")
        try:
            keys = self._play(line.document)
        except LineRefused as refusal:
            return lines.refused(line.number, op if isinstance(op, str) else None, refusal.reason.value, refusal.keys)
        except Refusal as refusal:
            return lines.refused(line.number, str(op), refusal.reason.value, {})
        return lines.accepted(line.number, str(op), keys)

    def _play(self, document: dict[str, Any]) -> Keys:
        event = events.read_event(document)
        if event["op"] == events.COMMENT:
            return {}
        self._move_to(event["at"])
        if "request_id" in event:
            self._sent.setdefault(event["request_id"], document)
        if event["op"] == events.PROGRAM:
            return self._program(event)
        return self._ask(self._required_orders(), document, event)

    def _ask(self, orders: Orders, document: dict[str, Any], event: dict[str, Any]) -> Keys:
        match event["op"]:
            case events.BALANCE:
                return orders.balance(event["member"])
            case events.EXPIRE:
                return orders.expire()
            case events.REPLAY:
                return _give(orders, self._again(document), event["at"])
            case _:
                return _give(orders, event, event["at"])

    def _again(self, replay: dict[str, Any]) -> dict[str, Any]:
        first = self._sent.get(replay["of"])
        if first is None:
            raise LineRefused(ScriptReason.UNKNOWN_REQUEST, {"field": "of"})
        return events.read_event({**first, **replay.get("change", {}), "at": replay["at"]})

    def _program(self, event: dict[str, Any]) -> Keys:
        if self._orders is not None:
            raise LineRefused(ScriptReason.PROGRAM_TWICE)
        self._orders = self._open_orders(replace(load_rule_set(event["rule_set"]), **event.get("params", {})))
        return {}

    def _move_to(self, moment: datetime) -> None:
        if self._now is not None and moment < self._now:
            raise LineRefused(ScriptReason.CLOCK_BACKWARDS, {"field": "at"})
        self._now = moment
        self._move_clock(moment)

    def _required_orders(self) -> Orders:
        if self._orders is None:
            raise LineRefused(ScriptReason.PROGRAM_MISSING)
        return self._orders


def _give(orders: Orders, event: dict[str, Any], now: datetime) -> Keys:
    try:
        return orders.give(event, now)
    except Refusal as refusal:
        if refusal.reason is not Reason.INSUFFICIENT_AVAILABLE or event["op"] != "redeem":
            raise
        raise LineRefused(refusal.reason, {"frees_on": lines.iso(refusal.refused.frees_on)}) from refusal
