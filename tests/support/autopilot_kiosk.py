"""The production kiosk with a member instead of pixels: session, gateways, journal, PC/SC and slips are the real ones.

Its seams announce themselves: states, effects, calls, the journal's writes, batches for the card.
`python -m tests.support.autopilot_kiosk` with KIOSK_* as for the kiosk, AUTOPILOT_CHANNEL and AUTOPILOT_MEMBER (JSON).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

from hardware.card.station import CardStation
from kiosk.app.front import Front
from kiosk.app.kiosk import Kiosk
from kiosk.backend.caller import Caller
from kiosk.config import load
from kiosk.outbox.journal import SqliteJournal
from kiosk.session.performer import Performer
from kiosk.texts import load_catalogue
from tests.support.autopilot_loser import LosingMember
from tests.support.autopilot_member import Member, MemberDisplay
from tests.support.autopilot_steps import CHANNEL, StepLine, around, behind

# Signs of life are no part of a journey; how many there are depends on the clock.
_BACKGROUND = {"Heartbeat"}


def _announce_seams(line: StepLine) -> None:
    def call(when: str, request: Any) -> None:
        name = type(request).__name__.removesuffix("Request")
        if name not in _BACKGROUND:
            line.reach(f"call {name} {when}")

    around(Caller, "ask", lambda _call, request: call("sending", request), lambda _call, request: call("answered", request))

    def effect(when: str, what: Any) -> None:
        line.reach(f"effect {type(what).__name__} {when}")

    around(Performer, "perform", lambda what, *_: effect("begun", what), lambda what, *_: effect("answered", what))
    around(CardStation, "relay", lambda *_: line.reach("batch sending"), lambda *_: line.reach("batch answered"))
    behind(SqliteJournal, "open", lambda _id, kind, *_: line.reach(f"journal {kind} open"))
    behind(SqliteJournal, "settle", lambda _id, state: line.reach(f"journal {state}"))


async def _run(line: StepLine) -> None:
    facts = json.loads(os.environ["AUTOPILOT_MEMBER"])
    member = (LosingMember if facts["has_lost"] else Member)(facts, line.ask)
    forever = asyncio.Event()
    front = Front(MemberDisplay(member, line), load_catalogue(), dict, forever.wait, forever.wait)
    await Kiosk(load(), front).run(asyncio.create_task(forever.wait(), name="window"))


def main(_arguments: Sequence[str] = ()) -> int:
    """Run until killed."""
    logging.basicConfig(level="INFO", format="%(asctime)s %(process)d %(levelname)s %(name)s %(message)s", force=True)
    line = StepLine(os.environ[CHANNEL])
    _announce_seams(line)
    asyncio.run(_run(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
