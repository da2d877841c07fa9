"""The kiosk's own command line, with a clock that a test puts forward: what waits for a minute ends when the test says so.

Its probe also tells what is at work, so that a test knows when nothing happens any more. `python -m tests.support.hurried_kiosk run` with
KIOSK_* as for the kiosk and SERVICE_AHEAD, the file with the seconds that the service's clock reads too.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import kiosk.app.kiosk
from kiosk.app import front
from kiosk.app.time_and_ids import SystemClock
from kiosk.session.session import Session
from tests.support import residue_kiosk
from tests.support.announced_service import AHEAD


class _ToldSession(Session):
    """The session, which tells what it works at."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        _sessions.append(self)

    def told(self) -> dict[str, Any]:
        """Return what a test may know: how many events wait, and which effects are under way."""
        return {"waiting": self.waiting, "effects": sorted(task.get_name() for task in self._tasks)}


_sessions: list[_ToldSession] = []


def hasten(ahead: Path) -> None:
    """Put the loop's clock and the kiosk's forward by as many seconds as the file says, at each look."""

    def seconds() -> float:
        return float(ahead.read_text(encoding="utf-8"))

    asyncio.BaseEventLoop.time = lambda _self: time.monotonic() + seconds()  # type: ignore[method-assign]
    SystemClock.now = lambda _self: datetime.now(UTC) + timedelta(seconds=seconds())  # type: ignore[method-assign]
    SystemClock.monotonic = lambda _self: time.monotonic() + seconds()  # type: ignore[method-assign]


def tell_more() -> None:
    """Have the probe tell what is at work."""
    kiosk.app.kiosk.Session = _ToldSession  # type: ignore[misc]
    open_front = front.open_front

    def opened(*arguments: Any) -> Any:
        made = open_front(*arguments)

        def describe() -> dict[str, Any]:
            told = _sessions[-1].told() if _sessions else {"waiting": 0, "effects": []}
            return {**made.describe(), **told, "tasks": sorted(task.get_name() for task in asyncio.all_tasks())}

        return replace(made, describe=describe)

    front.open_front = opened


def main() -> int:
    """Run the kiosk; returns its exit code."""
    hasten(Path(os.environ[AHEAD]))
    tell_more()
    return residue_kiosk.main()


if __name__ == "__main__":
    sys.exit(main())
