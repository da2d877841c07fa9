"""The reader twice: simulated, and real PC/SC with the virtual card."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from hardware.card.station import CardStation
from hardware.worker import DeviceWorker
from tests.contract.card.hands import SimHands, VirtualHands
from tests.support.pcscd import CardBench, shared_bench


@pytest.fixture(scope="session")
def bench() -> CardBench:
    return shared_bench()


@pytest.fixture(params=["sim", pytest.param("virtual", marks=pytest.mark.emulator)])
def hands(request) -> Iterator[SimHands | VirtualHands]:
    if request.param == "sim":
        yield SimHands()
        return
    bench = request.getfixturevalue("bench")
    bench.clear()
    yield VirtualHands(bench)
    bench.clear()


@pytest.fixture
async def station(hands) -> AsyncIterator[CardStation]:
    slot, watcher = hands.driver()
    made = CardStation(slot, watcher, DeviceWorker("card"), DeviceWorker("card-watch"))
    made.start()
    yield made
    await made.close()
