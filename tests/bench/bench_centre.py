"""The kiosk's calls to the central service over gRPC with mutual TLS, and a whole personalisation through PC/SC and the centre."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from tests.bench.figures import percentile
from tests.bench.kiosk_process import installation
from tests.bench.measurement import Measurement, bench
from tests.journey.world import PCSC_SOCKET, World

SUBMISSIONS = 40
"""Fewer than the codes that one device may send in an hour."""
CARDS = 5
CODE_EVERY_S = 0.01
GET_VERSION = bytes.fromhex("9060000000")
# The first frame of GetVersion is answered with "more frames"; asked again it begins anew, so it can be asked any number of times.
MORE = (b"\x91\xaf",)


async def _timed(call: Awaitable[Any]) -> tuple[float, Any]:
    """Return the milliseconds of a call and its answer."""
    start = time.perf_counter()
    answer = await call
    return 1000 * (time.perf_counter() - start), answer


@dataclass(slots=True)
class Kiosk:
    """What a kiosk has below its session: channel, gateways, card reader."""

    world: World
    channel: Any
    enrollment: Any
    cards: Any
    ids: Any
    reader: Any
    draft: Any
    language: Any

    async def proven(self, mobile: str) -> Any:
        """Return the draft of a member whose number is proved."""
        from kiosk.ports.values import CodePurpose

        challenge = await self.enrollment.send_code(self.ids.new(), mobile, CodePurpose.JOIN, self.language)
        code = await asyncio.to_thread(self.world.code_for, f"+86{mobile}")
        proof = await self.enrollment.verify_code(challenge.id, code)
        return replace(self.draft, mobile=mobile, phone_proof=proof)

    async def submit(self, draft: Any) -> Any:
        """Send the application."""
        return await self.enrollment.submit(self.ids.new(), draft, self.language)

    async def health(self) -> None:
        """Ask the service whether it serves: the least that a call can be."""
        from grpc_health.v1 import health_pb2, health_pb2_grpc

        await health_pb2_grpc.HealthStub(self.channel).Check(health_pb2.HealthCheckRequest(), timeout=5)


@asynccontextmanager
async def _kiosk(world: World) -> AsyncIterator[Kiosk]:
    from hardware.card.monitor import PcscMonitor
    from hardware.card.pcsc import PcscSlot
    from hardware.card.station import CardStation
    from hardware.worker import DeviceWorker
    from kiosk.app.reader import StationReader
    from kiosk.app.time_and_ids import SystemClock, Uuid7Ids
    from kiosk.backend.caller import Caller
    from kiosk.backend.cards import CardGateway
    from kiosk.backend.channel import Identity, open_channel
    from kiosk.backend.enrollment import EnrollmentGateway
    from kiosk.outbox.journal import SqliteJournal
    from kiosk.ports.values import AgeBand, Draft, Language

    folder = world.folder / "kiosk"
    pem = folder / "identity"
    channel = open_channel(f"localhost:{world.service_port}", Identity(pem / "ca.pem", pem / "device.pem", pem / "device.key"))
    journal = SqliteJournal(folder / "bench.db")
    caller = Caller(journal, SystemClock())
    enrollment = EnrollmentGateway(channel, caller, journal)
    station = CardStation(PcscSlot(), PcscMonitor(lambda _name: True), DeviceWorker("card"), DeviceWorker("card-watch"))
    station.start()
    try:
        language = Language.ZH_HANS
        notice = await enrollment.notice(language, AgeBand.ADULT)
        draft = Draft(AgeBand.ADULT, notice, frozenset({"membership"}), name="欧阳小满")
        reader = StationReader(station)
        yield Kiosk(world, channel, enrollment, CardGateway(channel, caller), Uuid7Ids(), reader, draft, language)
    finally:
        await station.close()
        await channel.close()
        journal.close()


def _measured(measure: Callable[[Kiosk], Awaitable[list[Measurement]]]) -> list[Measurement]:
    """Run a measurement against an installation of its own."""

    async def run(world: World) -> list[Measurement]:
        async with _kiosk(world) as kiosk:
            return await measure(kiosk)

    with installation() as world:
        # The PC/SC client reads it when it is loaded.
        os.environ[PCSC_SOCKET] = str(world.pcscd.socket_path)
        return asyncio.run(run(world))


async def _submissions(kiosk: Kiosk) -> list[Measurement]:
    drafts = [await kiosk.proven(f"139{number:08}") for number in range(SUBMISSIONS)]
    least, taken = [], []
    for draft in drafts:
        least.append((await _timed(kiosk.health()))[0])
        spent, answer = await _timed(kiosk.submit(draft))
        taken.append(spent)
        if not answer.issue_grant:
            raise RuntimeError(f"not approved: {answer.state}")
    base = statistics.median(least)
    kind = f"{SUBMISSIONS} approved applications, wall; baseline: the health check over the same channel"
    p50, p99 = statistics.median(taken), percentile(taken, 0.99)
    return [
        Measurement("submit.p50", p50, "ms", goal=1000, baseline=base, note=kind),
        Measurement("submit.p99", p99, "ms", goal=1000, baseline=percentile(least, 0.99), note=kind),
    ]


@bench(seconds=25)
def bench_submit() -> Iterator[Measurement]:
    """Submitting an application: check, decision, receipt, journal on both sides."""
    yield from _measured(_submissions)


@dataclass(slots=True)
class CountingReader:
    """The reader, counting what goes to the card."""

    reader: Any
    commands: int = 0
    batches: list[int] = field(default_factory=list)

    async def relay(self, card: Any, commands: Any) -> Any:
        self.commands += len(commands)
        self.batches.append(len(commands))
        return await self.reader.relay(card, commands)

    async def read_member_files(self, card: Any, session: Any) -> Any:
        return await self.reader.read_member_files(card, session)

    async def release(self) -> None:
        await self.reader.release()


@dataclass(frozen=True, slots=True)
class Issued:
    """One card: milliseconds of writing it, of the bare relay of as many commands, of a visit; commands of each."""

    written_ms: float
    relayed_ms: float
    read_ms: float
    commands: int
    visit_commands: int


async def _issue(kiosk: Kiosk, number: int) -> Issued:
    """Personalise a blank card, activate it, read it as a visit does; then relay as many commands that compute nothing."""
    from kiosk.flows.issue_card.state import WriteCard
    from kiosk.flows.sign_in.state import ReadCard
    from kiosk.outbox.hotlist import SqliteHotlist
    from kiosk.session.card_dialog import CardDialog

    control = kiosk.world.cards.control
    name = f"card-{number}"
    granted = (await kiosk.submit(await kiosk.proven(f"138{number:08}"))).issue_grant
    control.insert(name)
    card = await _present(kiosk.reader)
    counting = CountingReader(kiosk.reader)
    hotlist = SqliteHotlist(kiosk.world.folder / "bench-hotlist.db")
    dialog = CardDialog(kiosk.cards, counting, hotlist)
    spent, written = await _timed(dialog.write(WriteCard(granted, card, 0), kiosk.ids.new(), lambda _event: None))
    commands = control.commands(name)
    await kiosk.cards.confirm_issue(kiosk.ids.new(), written.issue_id)
    batches = list(counting.batches)
    relayed, _ = await _timed(_bare(kiosk.reader, card, batches))
    before = control.commands(name)
    read, _visitor = await _timed(dialog.read(ReadCard(card, 0)))
    visit = control.commands(name) - before
    hotlist.close()
    control.remove()
    await asyncio.sleep(0.5)
    return Issued(spent, relayed, read, commands, visit)


async def _bare(reader: Any, card: Any, batches: list[int]) -> None:
    from kiosk.ports.desks import CardCommand

    for count in batches:
        await reader.relay(card, [CardCommand(GET_VERSION, MORE)] * count)
    await reader.release()


async def _present(reader: Any) -> Any:
    """Return the card once the reader has seen it."""
    while (card := reader.look().card) is None:
        await asyncio.sleep(0.01)
    return card


async def _personalisations(kiosk: Kiosk) -> list[Measurement]:
    issued = [await _issue(kiosk, number) for number in range(CARDS)]
    written = statistics.median(card.written_ms for card in issued)
    relayed = statistics.median(card.relayed_ms for card in issued)
    read = statistics.median(card.read_ms for card in issued)
    kind = f"median of {CARDS}, wall, PC/SC and centre, no delay of the air"
    bare = "baseline: as many commands relayed that nobody computes"
    return [
        Measurement("personalisation.commands", max(card.commands for card in issued), "APDUs", goal=35, note="worst"),
        Measurement("personalisation.time", written, "ms", goal=1000, baseline=relayed, note=f"{kind}; {bare}"),
        Measurement("visit.commands", max(card.visit_commands for card in issued), "APDUs", goal=5, note="identify and read"),
        Measurement("visit.time", read, "ms", goal=500, note=kind),
    ]


@bench(seconds=25)
def bench_personalisation() -> Iterator[Measurement]:
    """Writing a card with the centre's commands, and greeting its member."""
    yield from _measured(_personalisations)
