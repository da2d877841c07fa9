"""The hourly job goes on after a failure and ends when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import threading

from server_stub.jobs.hourly import run_hourly


async def test_a_failed_hour_does_not_end_the_job_and_never_runs_on_the_loop() -> None:
    threads: list[int] = []

    def job() -> str:
        threads.append(threading.get_ident())
        if len(threads) == 1:
            raise RuntimeError("disk full")
        return "done"

    task = asyncio.create_task(run_hourly("job", job, every_s=0))
    while len(threads) < 3:
        await asyncio.sleep(0.001)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert threading.get_ident() not in threads
