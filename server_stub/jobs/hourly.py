"""Runs a job every hour beside the loop, and goes on after a failure. Knows no job."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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
