"""What goes together and what waits: one caller's calls stay one behind the other in one batch, and nobody is passed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from server_stub.rpc.batching import Batcher


class Work:
    """Carries out what it is told to when it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go_on = asyncio.Event()
        self.is_broken = False

    async def carry_out(self, batch: Sequence[str]) -> list[str]:
        self.batches.append(list(batch))
        await self.go_on.wait()
        if self.is_broken:
            raise ConnectionResetError
        return [one.upper() for one in batch]


@pytest.fixture
async def work() -> AsyncIterator[Work]:
    made = Work()
    yield made
    made.go_on.set()


def started(batcher: Batcher[str, str], *calls: str) -> asyncio.Task[Sequence[str]]:
    return asyncio.create_task(batcher.submit_all([(call, call) for call in calls]))


async def test_calls_of_one_caller_are_in_one_batch_and_in_order(work: Work) -> None:
    batcher = Batcher(work.carry_out, under_way=1, largest=4)
    groups = [("first",), ("a",), ("b", "c", "d", "e"), ("f", "g")]
    tasks = [started(batcher, *group) for group in groups]
    await asyncio.sleep(0)
    work.go_on.set()
    assert await asyncio.gather(*tasks) == [[one.upper() for one in group] for group in groups]
    # Four do not fit behind one; what comes later waits behind them.
    assert work.batches == [["first"], ["a"], ["b", "c", "d", "e"], ["f", "g"]]


async def test_one_key_is_in_a_batch_once(work: Work) -> None:
    batcher = Batcher(work.carry_out, under_way=1, largest=9)
    tasks = [started(batcher, *group) for group in (("first",), ("a", "b"), ("b", "c"), ("d",))]
    await asyncio.sleep(0)
    work.go_on.set()
    await asyncio.gather(*tasks)
    assert work.batches == [["first"], ["a", "b", "d"], ["b", "c"]]


@pytest.mark.parametrize("calls", [(), ("a", "a"), ("a", "b", "c")])
async def test_what_can_never_be_one_batch_is_not_taken(work: Work, calls: tuple[str, ...]) -> None:
    batcher = Batcher(work.carry_out, under_way=1, largest=2)
    with pytest.raises(ValueError, match="no batch"):
        await batcher.submit_all([(call, call) for call in calls])
    assert work.batches == []


async def test_who_has_gone_takes_no_place_and_a_failure_reaches_everybody_else(work: Work) -> None:
    batcher = Batcher(work.carry_out, under_way=1, largest=9)
    tasks = [started(batcher, *group) for group in (("first",), ("a", "b"), ("c",), ("d",))]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.sleep(0)
    work.is_broken = True
    work.go_on.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in found] == [ConnectionResetError, asyncio.CancelledError, ConnectionResetError, ConnectionResetError]
    assert work.batches == [["first"], ["c", "d"]]
    await batcher.drain()
