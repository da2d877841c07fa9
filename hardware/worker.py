"""Where blocking vendor calls run: one thread, or one killable process, per device, behind one asyncio interface.

The only module of the project that starts threads. Knows no device. Handles of a device never leave its worker.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import pickle
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Protocol, TypeVar, TypeVarTuple, cast

from hardware.errors import Busy, Disconnected, TimedOut

logger = logging.getLogger(__name__)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Worker(Protocol):
    """Runs blocking calls one after the other."""

    async def run(self, work: Callable[[*Ts], T], *args: *Ts, timeout_s: float | None) -> T:
        """Return what `work(*args)` returned, or raise what it raised; no limit where `timeout_s` is None, for watchers.

        Raises:
            Busy: An earlier call has not returned within `timeout_s`; this one was not begun.
            TimedOut: This call was begun and did not return within `timeout_s`.
        """
        ...

    async def close(self, timeout_s: float = 2.0) -> None:
        """Stop; calls that wait are dropped. Never raises, may be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class _Job:
    """One call and where its outcome goes."""

    outcome: Future[Any]
    call: Callable[[], Any]

    def perform(self) -> None:
        """Carry the call out, unless it was cancelled while it waited. Thread: worker."""
        if not self.outcome.set_running_or_notify_cancel():
            return
        try:
            self.outcome.set_result(self.call())
        except BaseException as error:  # noqa: BLE001 - the outcome, whatever it is, belongs to the caller
            self.outcome.set_exception(error)


class DeviceWorker:
    """A worker with one dedicated daemon thread.

    A call that hangs cannot be stopped: it times out for its caller, later calls end as Busy until it returns. Devices
    whose calls hang for good need a way to be freed from outside (a reader: its card's removal) or a ProcessWorker.
    """

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=f"worker-{name}", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.perform()
            del job  # a result must not live on here until the next call

    async def run(self, work: Callable[[*Ts], T], *args: *Ts, timeout_s: float | None) -> T:
        """See Worker.run. Thread: loop."""
        outcome: Future[T] = Future()
        self._jobs.put(_Job(outcome, lambda: work(*args)))
        deadline = asyncio.timeout(timeout_s)
        try:
            async with deadline:
                return await asyncio.wrap_future(outcome)
        except TimeoutError as error:
            if not deadline.expired():
                raise  # the device's own
            # Cancelling succeeds only where the call had not begun.
            raise (Busy if outcome.cancelled() else TimedOut)(f"after {timeout_s} s") from error

    async def close(self, timeout_s: float = 2.0) -> None:
        """See Worker.close. Thread: loop."""
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                job.outcome.cancel()
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, timeout_s)
        if self._thread.is_alive():
            logger.warning("%s hangs in a call and is left behind", self._thread.name)


_PICKLER_BUFFER = 4000
"""Bytes: what pickling writes before it asks for more (CPython, WRITE_BUF_SIZE) takes the place that the last one left."""


def _serve_calls(calls: Connection) -> None:
    """Answer calls until the other end closes. Process: child."""
    while True:
        try:
            work, args = calls.recv()
        except EOFError:
            return
        try:
            answer = (True, work(*args))
        except Exception as error:  # noqa: BLE001 - travels to the caller
            answer = (False, error)
        calls.send(answer)
        # What was read must not live on here until the next call, which may come with the next member: neither in these names nor in
        # the buffer from which pickling moved away. jemalloc overwrites what is freed, but nothing that a realloc leaves behind.
        del work, args, answer
        pickle.dumps(bytes(_PICKLER_BUFFER))


class ProcessWorker:
    """A worker whose calls run in a child process that is killed when one takes too long; the next call starts another.

    Work and arguments must be picklable; module-level state of the child lives from call to call until a kill.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread = DeviceWorker(name)
        self._process: SpawnProcess | None = None
        self._calls: Connection | None = None

    async def run(self, work: Callable[[*Ts], T], *args: *Ts, timeout_s: float | None) -> T:
        """See Worker.run; Disconnected where the child died by itself. Thread: loop."""
        # The watchdog inside ends first; the thread's own limit only covers waiting for an earlier call.
        limit_s = None if timeout_s is None else timeout_s + 1.0
        return await self._thread.run(self._exchange, work, args, timeout_s, timeout_s=limit_s)

    def _exchange(self, work: Callable[..., T], args: tuple[Any, ...], timeout_s: float | None) -> T:
        calls = self._calls or self._start()
        try:
            calls.send((work, args))
            answered = calls.poll(timeout_s)
            answer: tuple[bool, Any] = calls.recv() if answered else (False, TimedOut(f"after {timeout_s} s; killed"))
        except (EOFError, OSError) as error:
            self._kill()
            raise Disconnected(f"{self._name}: process died") from error
        if not answered:
            self._kill()
        succeeded, outcome = answer
        if not succeeded:
            raise outcome
        return cast(T, outcome)

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._calls, theirs = context.Pipe()
        self._process = context.Process(target=_serve_calls, args=(theirs,), name=self._name, daemon=True)
        self._process.start()
        theirs.close()
        return self._calls

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        if self._calls is not None:
            self._calls.close()
            self._calls = None

    async def close(self, timeout_s: float = 2.0) -> None:
        """See Worker.close. Thread: loop."""
        try:
            await self._thread.run(self._kill, timeout_s=timeout_s)
        except (Busy, TimedOut):
            logger.warning("%s is busy and is left behind", self._name)
        await self._thread.close(timeout_s)
