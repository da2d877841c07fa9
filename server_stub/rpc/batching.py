"""Gathers calls into batches without a timer: while batches are under way, what arrives waits and goes together. Knows no service.

With one caller every batch is one call and waits for nobody; the busier it is, the larger batches grow (measured in docs/decisions/0023).
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """One queue before one way of carrying out batches.

    Thread:
        loop.
    """

    def __init__(self, carry_out: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, under_way: int, largest: int) -> None:
        """Starts nothing.

        Args:
            carry_out: Returns a result for each, in order; raises for all of them.
            under_way: Batches at a time.
            largest: Calls in a batch.
        """
        self._carry_out = carry_out
        self._free = under_way
        self._largest = largest
        self._waiting: deque[tuple[str, T, asyncio.Future[R]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, key: str, one: T) -> R:
        """Returns the result of one call; two calls of the same key are never in one batch."""
        return (await self.submit_all([(key, one)]))[0]

    async def submit_all(self, calls: Sequence[tuple[str, T]]) -> list[R]:
        """Returns the results of calls that one caller has, in order; they go together as far as a batch has room."""
        loop = asyncio.get_running_loop()
        futures: list[asyncio.Future[R]] = [loop.create_future() for _ in calls]
        self._waiting.extend((key, one, future) for (key, one), future in zip(calls, futures, strict=True))
        self._begin()
        # Once begun, a batch runs to its end even where one of its callers has gone.
        return [await future for future in futures]

    async def drain(self) -> None:
        """Waits until nothing waits and nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            task = asyncio.get_running_loop().create_task(self._run(self._next()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _next(self) -> list[tuple[T, asyncio.Future[R]]]:
        batch: dict[str, tuple[T, asyncio.Future[R]]] = {}
        later: list[tuple[str, T, asyncio.Future[R]]] = []
        while self._waiting and len(batch) < self._largest:
            key, one, future = self._waiting.popleft()
            if future.cancelled():
                continue
            if key in batch:
                later.append((key, one, future))
            else:
                batch[key] = (one, future)
        self._waiting.extendleft(reversed(later))
        return list(batch.values())

    async def _run(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            if batch:
                results = await self._carry_out([one for one, _ in batch])
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)
        except Exception as error:  # noqa: BLE001 - every caller gets it
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
        finally:
            self._free += 1
            self._begin()
