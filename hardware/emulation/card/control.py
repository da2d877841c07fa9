"""The control channel: one JSON object per line asks, one answers. For tests, the panel and `make run`.

    {"do": "insert", "card": "a", "kind": "desfire-ev2", "slot": 0}   makes the card where there is none of that name
    {"do": "remove", "slot": 0}
    {"do": "tear", "card": "a", "skip": 3, "when": "before|during|after|reply", "length": 0}
    {"do": "describe", "card": "a"}      -> {"words": [...], "kind": ..., "uid": ..., "commands": ...}
    {"do": "cards"}                      -> {"cards": {name: kind}, "slots": [name or null, ...]}
    {"do": "speed", "kbit_per_s": 106}
    {"do": "stop"}

Every answer has "ok"; where it is false, "error" says why.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from hardware.emulation.card.desk import CardDesk
from hardware.emulation.card.kinds import Kind
from hardware.emulation.card.tears import Tear, When
from hardware.emulation.card.timing import AirTime

Answer = dict[str, Any]


class Control:
    """Carries requests out on the desk. Thread: loop."""

    def __init__(self, desk: CardDesk) -> None:
        self.stopped = asyncio.Event()
        self._desk = desk
        self._verbs: dict[str, Callable[[Answer], Awaitable[Answer]]] = {
            "insert": self._insert,
            "remove": self._remove,
            "tear": self._tear,
            "describe": self._describe,
            "cards": self._cards,
            "speed": self._speed,
            "stop": self._stop,
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client until it leaves."""
        try:
            while line := await reader.readline():
                answer = await self.answer(line)
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client left, or the process ends
        finally:
            writer.close()

    async def answer(self, line: bytes) -> Answer:
        """Return the answer to one line."""
        try:
            request = json.loads(line)
            return {"ok": True, **await self._verbs[request["do"]](request)}
        except (KeyError, ValueError, TypeError, IndexError, TimeoutError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    async def _insert(self, request: Answer) -> Answer:
        name = request["card"]
        card = self._desk.make(name, Kind(request.get("kind", Kind.BLANK)), bytes.fromhex(request.get("uid", "")))
        await self._desk.insert(name, request.get("slot", 0))
        return {"uid": card.memory.uid.hex(), "kind": card.memory.kind}

    async def _remove(self, request: Answer) -> Answer:
        slot = request.get("slot", 0)
        name = self._desk.lying(slot)
        await self._desk.remove(slot)
        return {"card": name}

    async def _tear(self, request: Answer) -> Answer:
        when = request.get("when")
        tear = Tear(request.get("skip", 0), When(when), request.get("length", 0)) if when else None
        self._desk.tear(request["card"], tear)
        return {}

    async def _describe(self, request: Answer) -> Answer:
        card = self._desk.card(request["card"])
        return {
            "words": card.words(),
            "uid": card.memory.uid.hex(),
            "kind": card.memory.kind,
            "commands": self._desk.commands(request["card"]),
        }

    async def _cards(self, _request: Answer) -> Answer:
        return {"cards": self._desk.names(), "slots": [self._desk.lying(0), self._desk.lying(1)]}

    async def _speed(self, request: Answer) -> Answer:
        self._desk.air = AirTime(int(request["kbit_per_s"]))
        return {}

    async def _stop(self, _request: Answer) -> Answer:
        self.stopped.set()
        return {}
