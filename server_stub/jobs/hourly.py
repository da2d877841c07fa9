"""Runs jobs every hour beside the loop, each in one process at a time, and goes on after a failure. Knows no job."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server_stub.services.leases import Lease

    Beside = Callable[[Callable[[], object]], Awaitable[object]]

log = logging.getLogger(__name__)

HOUR_S = 3600.0


async def run_hourly(name: str, job: Callable[[], object], beside: Beside, every_s: float = HOUR_S) -> None:
    """Run `job` at once and then every hour, until cancelled.

    Args:
        name: For the log.
        job: Blocks.
        beside: Runs it on a thread that is for jobs. Not on the loop's own: there are few of those, all jobs begin when the service
            starts, and one-time codes would wait until a job of many minutes gives one of them back.
        every_s: From one end to the next beginning.
    """
    while True:
        try:
            done = await beside(job)
        except Exception:
            # Whatever a job raises: the next hour may be better, and the members' requests do not depend on it.
            log.exception("%s failed", name)
        else:
            log.info("%s: %s", name, done)
        await asyncio.sleep(every_s)


def alone(lease: Lease, job: Callable[[], object]) -> Callable[[], object]:
    """Return the job as a process does it that shares it with others: not at all while another one is at it."""

    def run() -> object:
        if not lease.hold():
            return "another process is at it"
        try:
            return job()
        finally:
            lease.give_back()

    return run
