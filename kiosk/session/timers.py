"""Named waits on the loop; a second wait of the same name replaces the first. Thread: loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Timers:
    """Waits that end with a call."""

    def __init__(self) -> None:
        self._waits: dict[str, asyncio.TimerHandle] = {}

    def start(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        """Call `then` after `seconds`."""
        self.stop(name)
        self._waits[name] = asyncio.get_running_loop().call_later(seconds, then)

    def stop(self, name: str) -> None:
        """Forget a wait."""
        handle = self._waits.pop(name, None)
        if handle is not None:
            handle.cancel()

    def stop_all(self) -> None:
        """Forget all waits."""
        for name in tuple(self._waits):
            self.stop(name)
