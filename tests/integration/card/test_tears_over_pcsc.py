"""The card is torn away at commands of personalisation over real PC/SC, and pcscd is killed in the middle of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from hardware.card.api import Command
from hardware.card.layout.messaging import SecureSession
from hardware.card.monitor import PcscMonitor
from hardware.card.pcsc import PcscSlot
from hardware.card.station import CardStation
from hardware.worker import DeviceWorker
from server_stub.domain.reasons import Reason
from server_stub.services.cards.dialog import CardStopped, Dialog, Stage
from server_stub.services.cards.personalisation import Personalisation
from server_stub.services.cards.visiting import authenticate_for_visit
from tests.support.pcscd import CardBench
from tests.support.torn_card import GENERATION, KEYS, SIGNER, Ended, KeyRole, order

pytestmark = pytest.mark.emulator
COMMANDS = 33


@asynccontextmanager
async def station_of(bench: CardBench) -> AsyncIterator[CardStation]:
    bench.clear()
    station = CardStation(PcscSlot(), PcscMonitor(), DeviceWorker("card"), DeviceWorker("card-watch"))
    station.start()
    try:
        yield station
    finally:
        await station.close()
        bench.clear()


async def lies_there(station: CardStation, uid: bytes) -> None:
    async with asyncio.timeout(8):
        while not ((card := station.look().card) and card.uid == uid):
            await asyncio.sleep(0.02)


async def converse(station: CardStation, uid: bytes, plan: Dialog[object], after: Callable[[int], None] = lambda _n: None) -> Ended:
    """Relay a plan over the station, as the kiosk does; `after` is told how many batches are done."""
    is_writing, batches = False, 0
    try:
        batch = next(plan)
        while True:
            is_writing |= batch.stage is Stage.WRITING
            relayed = await station.relay(uid, [Command(c.apdu, c.go_on) for c in batch.commands])
            if relayed.fault is not None:
                return Ended(is_lost=True, is_writing_begun=is_writing)
            batches += 1
            after(batches)
            batch = plan.send(relayed.responses)
    except StopIteration as end:
        return Ended(end.value, is_writing_begun=is_writing)
    except CardStopped as stopped:
        return Ended(stopped=stopped, is_writing_begun=is_writing)
    finally:
        plan.close()


def writing(uid: bytes, *, is_known: bool) -> Dialog[object]:
    return Personalisation(order(uid=uid, is_known=is_known), KEYS, SIGNER.public_keys).run()


async def is_good(station: CardStation, uid: bytes) -> bool:
    """Read the card as a visit does."""
    ended = await converse(station, uid, authenticate_for_visit(KEYS.key(GENERATION, KeyRole.READ, uid), GENERATION))
    files = await station.read_member_files(uid, SecureSession(ended.result))
    await station.release()
    return files == (order(uid=uid).identity, order(uid=uid).snapshot)


async def torn_and_finished(bench: CardBench, station: CardStation, name: str, skip: int, when: str) -> None:
    uid = bench.control.insert(name)
    await lies_there(station, uid)
    bench.control.tear(name, skip, when)
    ended = await converse(station, uid, writing(uid, is_known=False))
    await station.release()
    assert not ended.is_done
    assert ended.stopped is None or ended.stopped.reason is Reason.CARD_DIALOG
    bench.control.insert(name)
    await lies_there(station, uid)
    again = await converse(station, uid, writing(uid, is_known=ended.is_writing_begun))
    await station.release()
    assert again.is_done, (skip, when, again)
    assert await is_good(station, uid)


@pytest.mark.parametrize(("skip", "when"), [(0, "after"), (6, "after"), (11, "before"), (18, "after"), (24, "after"), (31, "before")])
async def test_f12_a_card_torn_away_is_finished_on_its_next_insertion(bench, skip, when) -> None:
    async with station_of(bench) as station:
        await torn_and_finished(bench, station, f"{when}-{skip}", skip, when)


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_f12_a_card_torn_away_at_any_command_is_finished_on_its_next_insertion(bench, figures) -> None:
    async with station_of(bench) as station:
        for skip in range(COMMANDS):
            for when in ("before", "after"):
                await torn_and_finished(bench, station, f"all-{when}-{skip}", skip, when)
    figures(f"personalisation torn over pcscd: {2 * COMMANDS} cases")


@pytest.mark.parametrize("batch", [1, 4, 6])
async def test_a_killed_daemon_in_the_middle_of_personalisation_costs_no_card(bench, batch) -> None:
    async with station_of(bench) as station:
        uid = bench.control.insert(f"killed-{batch}")
        await lies_there(station, uid)

        def kill(done: int) -> None:
            if done == batch:
                bench.pcscd.kill()

        ended = await converse(station, uid, writing(uid, is_known=False), kill)
        assert ended.is_lost
        await station.release()
        bench.pcscd.start()
        await asyncio.sleep(0.3)  # what the station saw before the outage may still be on its way
        await lies_there(station, uid)
        assert (await converse(station, uid, writing(uid, is_known=ended.is_writing_begun))).is_done
        await station.release()
        assert await is_good(station, uid)
