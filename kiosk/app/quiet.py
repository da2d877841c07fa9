"""When garbage is looked for: what a visit left as soon as it is over, everything once nobody has come for a while.

Screens make things when they are first shown and keep them. Unless these are frozen too, each collection of a later visit looks
through them again, and someone waits for it. Thread: loop.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

QUIET_S = 15.0
"""From the end of a visit. The old connection to the centre is torn down by then, and who wanted to come next has come."""


class Quiet:
    """Collects garbage at the ends of visits.

    Args:
        is_nobody_here: Whether the attract screen is shown, with nothing before it.
        settle: Looks through everything and freezes what is alive; takes a third of a second.
        wait_s: How long nobody must have come.
    """

    def __init__(self, is_nobody_here: Callable[[], bool], settle: Callable[[], None], wait_s: float = QUIET_S) -> None:
        self._is_nobody_here = is_nobody_here
        self._settle = settle
        self._wait_s = wait_s
        self._waiting: asyncio.TimerHandle | None = None

    def visit_over(self) -> None:
        """Collect what the visit left, which overwrites it (docs/decisions/0009), and wait for the quiet."""
        gc.collect()
        self.stop()
        self._waiting = asyncio.get_running_loop().call_later(self._wait_s, self._rest)

    def stop(self) -> None:
        """Wait no longer."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _rest(self) -> None:
        self._waiting = None
        # Whoever came meanwhile ends a visit too, and the wait begins anew.
        if self._is_nobody_here():
            self._settle()
