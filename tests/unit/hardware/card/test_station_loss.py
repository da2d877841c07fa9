"""A link that fails under a batch is lost for its dialogue, and what lies there is announced anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hardware.card.api import Command, Outcome, SlotState
from hardware.card.sim import SimCard, SimReader
from hardware.card.station import CardStation
from hardware.errors import ReaderGone, Removed
from hardware.worker import DeviceWorker

UID = bytes.fromhex("04a1b2c3d4e5f6")
APPLICATIONS = Command(bytes.fromhex("906a000000"), (b"\x91\x00",))


async def test_a_card_that_fails_and_stays_is_said_to_be_gone_and_announced_again() -> None:
    fails = [False]

    def respond(_apdu: bytes) -> bytes:
        if fails[0]:
            raise Removed("reset under the command")
        return b"\x91\x00"

    reader = SimReader()
    station = CardStation(reader, reader, DeviceWorker("card"), DeviceWorker("card-watch"))
    states: list[SlotState] = []
    announced = asyncio.Semaphore(0)

    def changed(state: SlotState) -> None:
        states.append(state)
        if state.card is not None:
            announced.release()

    async def is_announced() -> None:
        await asyncio.wait_for(announced.acquire(), 5)

    station.watch(changed)
    station.start()
    try:
        reader.insert(SimCard(UID, respond))
        await is_announced()
        assert (await station.relay(UID, [APPLICATIONS])).fault is None
        fails[0] = True
        assert isinstance((await station.relay(UID, [APPLICATIONS])).fault, Removed)
        fails[0] = False
        # No new sighting comes, the card never moved: without a second look nobody would hear of it again.
        await is_announced()
        assert [state.card.uid if state.card else None for state in states] == [None, UID, None, UID]
        # A dialogue does not go on with a card that came back without its session.
        again = await station.relay(UID, [APPLICATIONS])
        assert isinstance(again.fault, Removed)
        assert again.outcome is Outcome.NOT_SENT
        await station.release()
        assert (await station.relay(UID, [APPLICATIONS])).fault is None
    finally:
        await station.close()


async def test_a_card_that_lies_there_when_the_reader_comes_back_was_not_laid_just_now() -> None:
    reader = SimReader()
    station = CardStation(reader, reader, DeviceWorker("card"), DeviceWorker("card-watch"))
    seen: asyncio.Queue[SlotState] = asyncio.Queue()
    station.watch(seen.put_nowait)
    station.start()

    async def until(wanted: Callable[[SlotState], bool]) -> SlotState:
        async with asyncio.timeout(5):
            while not wanted(state := await seen.get()):
                pass
        return state

    try:
        for lose, was_there in ((reader.remove, False), (lambda: reader.break_down(ReaderGone("unplugged")), True)):
            reader.insert(SimCard(UID, lambda _apdu: b"\x91\x00"))
            await until(lambda state: state.card is not None)
            lose()
            await until(lambda state: state.card is None)
            if was_there:
                await until(lambda state: state.trouble is not None)
            reader.insert(SimCard(UID, lambda _apdu: b"\x91\x00"))
            assert (await until(lambda state: state.card is not None)).was_there is was_there
            reader.remove()
            await until(lambda state: state.card is None and state.trouble is None)
    finally:
        await station.close()
