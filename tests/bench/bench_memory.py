"""Whether five hundred members leave the kiosk's process as it was: the real session and the real screens, visits without pauses.

Centre, reader and printer answer at once with what they answer in good times; every member has another name and number.
"""

from __future__ import annotations

import asyncio
import gc
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.bench.bench_pinyin import HELD_OUT, read_names
from tests.bench.measurement import Measurement, bench
from tests.bench.processes import resident_mb
from tests.bench.stage import Stage, unseen_stage
from tests.journey.world import RESIDUE
from tests.support import flow_samples as sample

# Pixels cost most of the time and hardly any of the memory that could leak: a quarter of the design's density.
SIZE = (270, 480)
SETTLING_VISITS = 60
VISITS = 500
TURNS = 6


@dataclass(slots=True)
class Outside:
    """Whom the session meets: every effect is answered with the event of its success."""

    chance: random.Random
    on_change: Any = None

    async def perform(self, effect: Any, _language: Any, _report: Any) -> Any:
        return self._answers()[type(effect).__name__]

    def _answers(self) -> dict[str, Any]:
        from kiosk.flows.issue_card import state as issue
        from kiosk.flows.member import state as member
        from kiosk.flows.phone_proof import state as phone
        from kiosk.flows.register import state as register
        from kiosk.flows.step import CardRemoved
        from kiosk.ports.perks import OwnNews

        code = "".join(self.chance.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", k=280))
        receipt = replace(sample.RECEIPT, code=f"HR1:{code}")
        number = f"8800 •••• {self.chance.randrange(10_000):04}"
        issued = replace(sample.ISSUED, membership_number_masked=number, receipt=receipt)
        membership = replace(sample.MEMBERSHIP, membership_number_masked=number, points_available=self.chance.randrange(100_000))
        return {
            "LoadNotice": register.NoticeLoaded(sample.NOTICE),
            "SendCode": phone.CodeSent(sample.CHALLENGE),
            "VerifyCode": phone.CodeVerified("proof"),
            "SubmitApplication": register.ApplicationAnswered(replace(sample.SUBMITTED, receipt=receipt)),
            "LookAtReader": CardRemoved(),
            "WriteCard": issue.CardWritten("issue"),
            "ActivateCard": issue.CardActivated(issued),
            "PrintMembershipSlip": register.SlipPrinted(),
            "LoadMember": member.MemberLoaded(membership),
            "MakeCode": member.CodeMade(f"HM1:{code}", 30),
            "LoadNews": member.NewsLoaded(OwnNews(sample.OWN_BENEFITS.gift, 1)),
        }

    def watch(self, on_change: Any) -> None:
        self.on_change = on_change

    def look(self) -> Any:
        from kiosk.ports.devices import ReaderState

        return ReaderState()

    def lay(self, card: Any) -> None:
        from kiosk.ports.devices import ReaderState

        self.on_change(ReaderState(card))


def _touches(chance: random.Random, name: str) -> list[Any]:
    """What a member does from the attract screen to the blank card, one event for each text."""
    from kiosk.flows.home.state import Journey, JourneyChosen, Started
    from kiosk.flows.phone_proof.state import CodeTyped, MobileEntered, MobileTyped
    from kiosk.flows.register.state import AgeBandChosen, ConsentToggled, Field, FieldFocused, TextEntered
    from kiosk.flows.step import Continued
    from kiosk.ports.values import AgeBand

    mobile = f"139{chance.randrange(10**8):08}"
    joining = [Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT), ConsentToggled("membership"), Continued()]
    proving = [MobileTyped(mobile), MobileEntered(), CodeTyped(f"{chance.randrange(10**6):06}")]
    email = TextEntered(Field.EMAIL, f"{mobile}@example.com")
    return [*joining, *proving, TextEntered(Field.NAME, name), FieldFocused(Field.EMAIL), email, Continued(), Continued()]


class Visits:
    """Members, one after the other."""

    def __init__(self, made: Stage) -> None:
        from kiosk.app.time_and_ids import Uuid7Ids
        from kiosk.session.intents import Intents
        from kiosk.session.session import Collaborators, Session
        from kiosk.session.staff_calls import StaffCalls

        self._stage = made
        self._chance = random.Random(1)
        self._outside = Outside(self._chance)
        self._names = [name for name, _ in read_names(HELD_OUT)]
        calls = StaffCalls(None, Uuid7Ids())
        parts: dict[str, Any] = {"display": made.router, "performer": self._outside, "reader": self._outside, "staff_calls": calls}
        self.session = Session(Collaborators(intents=Intents(Uuid7Ids()), end_visit=_ignore, on_idle=gc.collect, on_fault=_ignore, **parts))

    async def run(self, count: int) -> None:
        """Let so many members join and leave."""
        from kiosk.flows.issue_card.state import HomeChosen
        from kiosk.session.events import EndChosen

        for _ in range(count):
            for event in _touches(self._chance, self._chance.choice(self._names)):
                await self._do(event)
            await self._expect("WaitingForBlank")
            self._outside.lay(sample.CARD)
            await self._expect("CardIssued")
            self._outside.lay(None)
            await self._do(HomeChosen())
            await self._expect("MemberHome")
            await self._do(EndChosen())
            await self._expect("Attract")

    async def _do(self, event: Any) -> None:
        self.session.post(event)
        await self._settle()

    async def _expect(self, state: str) -> None:
        await self._settle()
        shown = type(self.session.state).__name__
        if shown != state:
            raise RuntimeError(f"the visit stands at {shown}, not at {state}")

    async def _settle(self) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self._stage.frames(1)


def _ignore(*_about: object) -> None:
    """The centre hears that a visit is over."""


def _resident() -> float:
    """Return the resident memory once what was freed has been given back."""
    gc.collect()
    time.sleep(0.5)
    return resident_mb()


async def _grown(made: Stage) -> tuple[float, float]:
    """Return MB after some visits and after five hundred more."""
    visits = Visits(made)
    running = asyncio.create_task(visits.session.run())
    try:
        await visits.run(SETTLING_VISITS)
        before = _resident()
        await visits.run(VISITS)
        return before, _resident()
    finally:
        running.cancel()


@bench(seconds=60, environment=RESIDUE)
def bench_memory() -> Iterator[Measurement]:
    """Growth over five hundred visits."""
    before, after = asyncio.run(_grown(unseen_stage(*SIZE)))
    note = f"{VISITS} visits after {SETTLING_VISITS}, from {before:.0f} MB, drawn at {SIZE[0]} x {SIZE[1]}"
    yield Measurement("memory.growth", after - before, "MB", goal=5, note=note)
