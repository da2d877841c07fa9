"""Gathers calls into batches without a timer: while batches are under way, what arrives waits and goes together. Knows no service.

What one caller hands over together stays together and in its order.

With one caller every batch is one call and waits for nobody; the busier it is, the larger batches grow (measured in docs/decisions/0023).
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Group(Generic[T, R]):
    calls: Sequence[tuple[str, T]]
    keys: frozenset[str]
    results: asyncio.Future[Sequence[R]]


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
        self._waiting: deque[_Group[T, R]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, key: str, one: T) -> R:
        """Returns the result of one call; two calls of the same key are never in one batch."""
        return (await self.submit_all([(key, one)]))[0]

    async def submit_all(self, calls: Sequence[tuple[str, T]]) -> Sequence[R]:
        """Returns the results of calls that one caller has, in order; they are in one batch, one behind the other.

        Args:
            calls: 1 to ``largest``, of distinct keys.

        Raises:
            ValueError: They can never be one batch.
        """
        keys = frozenset(key for key, _ in calls)
        if not 0 < len(keys) == len(calls) <= self._largest:
            raise ValueError(f"{len(calls)} calls of {len(keys)} keys are no batch")
        results: asyncio.Future[Sequence[R]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Group(calls, keys, results))
        self._begin()
        # Once begun, a batch runs to its end even where one of its callers has gone.
        return await results

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

    def _next(self) -> list[_Group[T, R]]:
        batch: list[_Group[T, R]] = []
        later: list[_Group[T, R]] = []
        keys: set[str] = set()
        while self._waiting:
            group = self._waiting.popleft()
            if group.results.cancelled():
                continue
            if keys & group.keys:
                later.append(group)
            elif len(keys) + len(group.calls) > self._largest:
                # Whoever comes behind does not pass it, or a large one would wait for as long as small ones come.
                later.append(group)
                break
            else:
                batch.append(group)
                keys |= group.keys
        self._waiting.extendleft(reversed(later))
        return batch

    async def _run(self, batch: list[_Group[T, R]]) -> None:
        try:
            if batch:
                results = await self._carry_out([one for group in batch for _, one in group.calls])
                _deal_out(batch, results)
        except Exception as error:  # noqa: BLE001 - every caller gets it
            for group in batch:
                if not group.results.done():
                    group.results.set_exception(error)
        finally:
            self._free += 1
            self._begin()


def _deal_out(batch: list[_Group[T, R]], results: Sequence[R]) -> None:
    expected = sum(len(group.calls) for group in batch)
    if len(results) != expected:
        raise ValueError(f"{len(results)} results for {expected} calls")
    first = 0
    for group in batch:
        own = results[first : first + len(group.calls)]
        first += len(group.calls)
        if not group.results.done():
            group.results.set_result(own)
