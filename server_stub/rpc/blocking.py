"""Runs blocking services beside the loop, on few threads and with a short queue. Knows no service."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
_QUEUED_PER_WORKER = 16
_RETRY_S = 2


class Blocking:
    """A bounded executor: what does not fit into its queue is refused at once rather than answered too late.

    Thread:
        loop; the work itself runs on threads of its own.
    """

    def __init__(self, workers: int) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="service")
        self._room = workers * (1 + _QUEUED_PER_WORKER)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Returns what the work returned.

        Once begun, the work runs to its end even where the caller has gone: it may have been committed.

        Raises:
            Refusal: RATE_LIMITED, the queue is full; or what the work raised.
        """
        if self._room == 0:
            raise refuse(Reason.RATE_LIMITED, retry_after_s=_RETRY_S)
        self._room -= 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(*args, **kwargs))
        future.add_done_callback(self._left)
        return await asyncio.shield(future)

    def close(self) -> None:
        """Waits for what is running; what only waits for a thread is not begun any more."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _left(self, future: asyncio.Future[T]) -> None:
        self._room += 1
        if not future.cancelled():
            # Read even where nobody waits any more, so that nothing is reported as never retrieved.
            future.exception()
