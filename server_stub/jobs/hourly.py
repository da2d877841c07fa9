"""Runs a job every hour beside the loop, in one process at a time, and goes on after a failure. Knows no job."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from server_stub.services.leases import Lease

log = logging.getLogger(__name__)

HOUR_S = 3600.0


async def run_hourly(name: str, job: Callable[[], object], every_s: float = HOUR_S) -> None:
    """Run `job` in a thread at once and then every hour, until cancelled.

    Thread:
        loop; the job on a thread of its own.
    """
    while True:
        try:
            done = await asyncio.to_thread(job)
        except Exception:
            # The next hour may be better, and the members' requests do not depend on it.
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
