"""Workers: order, time limits, killing."""

from __future__ import annotations

import asyncio
import os
import threading
import time

import pytest

from hardware.errors import Busy, Disconnected, TimedOut
from hardware.worker import DeviceWorker, ProcessWorker


async def test_an_error_of_the_device_reaches_the_caller() -> None:
    worker = DeviceWorker("test")
    with pytest.raises(ZeroDivisionError):
        await worker.run(divmod, 1, 0, timeout_s=1)
    await worker.close()


async def test_a_timeout_raised_by_the_device_is_not_taken_for_ours() -> None:
    def slow_device() -> None:
        raise TimeoutError("its own")

    worker = DeviceWorker("test")
    with pytest.raises(TimeoutError, match="its own"):
        await worker.run(slow_device, timeout_s=1)
    await worker.close()


async def test_a_hanging_call_times_out_and_later_ones_are_busy_and_never_begun() -> None:
    worker, free, begun = DeviceWorker("test"), threading.Event(), []
    with pytest.raises(TimedOut):
        await worker.run(free.wait, 5.0, timeout_s=0.05)
    with pytest.raises(Busy):
        await worker.run(begun.append, 1, timeout_s=0.05)
    free.set()
    assert await worker.run(lambda: "free", timeout_s=1) == "free"
    assert begun == []
    await worker.close()


async def test_all_calls_run_in_one_thread_in_order() -> None:
    worker, order = DeviceWorker("test"), []
    idents = await asyncio.gather(*(worker.run(lambda n: (order.append(n), threading.get_ident())[1], n, timeout_s=1) for n in range(20)))
    assert len(set(idents)) == 1
    assert idents[0] != threading.get_ident()
    assert order == list(range(20))
    await worker.close()
    await worker.close()


async def test_close_drops_calls_that_wait() -> None:
    worker, free = DeviceWorker("test"), threading.Event()
    hanging = asyncio.create_task(worker.run(free.wait, 5.0, timeout_s=5))
    waiting = asyncio.create_task(worker.run(lambda: 1, timeout_s=5))
    await asyncio.sleep(0.02)
    await worker.close(timeout_s=0.05)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    free.set()
    assert await hanging


async def test_a_process_that_hangs_is_killed_and_the_next_call_has_a_new_one() -> None:
    worker = ProcessWorker("test")
    first = await worker.run(os.getpid, timeout_s=20)
    assert first != os.getpid()
    with pytest.raises(TimedOut):
        await worker.run(time.sleep, 30.0, timeout_s=0.1)
    second = await worker.run(os.getpid, timeout_s=20)
    assert second != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    with pytest.raises(Disconnected):
        await worker.run(os._exit, 3, timeout_s=20)
    with pytest.raises(ZeroDivisionError):
        await worker.run(divmod, 1, 0, timeout_s=20)
    await worker.close()
