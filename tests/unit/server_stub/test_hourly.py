"""The hourly job goes on after a failure, ends when it is told to, and takes no thread that messages need."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from server_stub.app import JOBS_AT_ONCE
from server_stub.config import OutboxSettings
from server_stub.domain.language import Language
from server_stub.jobs.hourly import run_hourly
from server_stub.messages.delivery import Delivery
from server_stub.messages.message import Rendered, Way
from server_stub.messages.wording import Wording
from server_stub.rpc.blocking import Blocking
from server_stub.services.notifications import Notification
from tests.support.central_service import Central

FEW_THREADS = 3
CODE = Notification(
    event_key="code:1",
    template="one_time_code",
    language=Language.ZH_HANS,
    mobile="+8613800138000",
    variables={"code": "1", "minutes": "5"},
)


@dataclass
class Phone:
    """A gateway that takes everything."""

    taken: list[Rendered] = field(default_factory=list)

    async def hand_over(self, message: Rendered) -> str:
        self.taken.append(message)
        return "taken"


async def test_a_failed_hour_does_not_end_the_job_and_never_runs_on_the_loop() -> None:
    threads: list[int] = []

    def job() -> str:
        threads.append(threading.get_ident())
        if len(threads) == 1:
            raise RuntimeError("disk full")
        return "done"

    beside = Blocking(1)
    task = asyncio.create_task(run_hourly("job", job, beside.run, every_s=0))
    while len(threads) < 3:
        await asyncio.sleep(0.001)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    beside.close()
    assert threading.get_ident() not in threads


async def test_a_code_does_not_wait_for_the_jobs_of_a_start(central: Central) -> None:
    """As many jobs as the loop has threads, each of them of many minutes, and a code that a member waits for."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(FEW_THREADS))
    over = threading.Event()
    central.database.write(lambda tx: central.core.notifications.send(tx, CODE))
    gateway = Phone()
    delivery = Delivery(central.core.delivery_queue, {Way.SMS: gateway}, Wording(), OutboxSettings())
    beside = Blocking(JOBS_AT_ONCE)
    jobs = [asyncio.create_task(run_hourly(f"job {number}", over.wait, beside.run)) for number in range(2 * FEW_THREADS)]
    try:
        await asyncio.sleep(0)
        assert await asyncio.wait_for(delivery.deliver_due(), 30) == 1
        assert [message.recipient for message in gateway.taken] == [CODE.mobile]
    finally:
        over.set()
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        beside.close()
