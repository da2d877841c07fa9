"""The central service as its command starts it, with two things of the test's: a clock that can be put forward, and a line.

Every write that a request makes announces itself before and after its commit; writes of background jobs do not, because how
many there are depends on the clock. `python -m tests.support.announced_service serve` with MEMBER_SERVICE_*, SERVICE_AHEAD
(file with the seconds), SERVICE_NOTICE (version in force instead of the shipped one) and, where steps are wanted, AUTOPILOT_CHANNEL.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import server_stub.app
import server_stub.storage.migrations
from server_stub.cli.main import main as service_main
from server_stub.domain.clock import SystemClock
from server_stub.domain.notices import load_notices
from server_stub.storage.database import Database
from tests.support.autopilot_steps import CHANNEL, StepLine

AHEAD = "SERVICE_AHEAD"
NOTICE = "SERVICE_NOTICE"
_REQUESTS = "server_stub.rpc.blocking"
_JOBS = "server_stub.jobs."
_SERVICES = "server_stub.services."
_ONCE = "server_stub.services.requests"


class ClockAhead(SystemClock):
    """The machine's clock, so many seconds ahead as a file says."""

    def __init__(self) -> None:
        self._file = Path(os.environ[AHEAD])

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._file.read_text(encoding="utf-8") or 0))


def _use_case() -> str:
    """Return the use case that is writing, or nothing where no request is behind it."""
    frame: FrameType | None = sys._getframe(2)
    name = ""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if not name and module.startswith(_SERVICES) and module != _ONCE:
            name = f"{module.rpartition('.')[2]}.{frame.f_code.co_qualname.partition('.<locals>')[0]}"
        if module.startswith(_JOBS):
            return ""
        if module == _REQUESTS:
            return name or module
        frame = frame.f_back
    return ""


def _announce_writes(line: StepLine) -> None:
    write = Database.write

    @functools.wraps(write)
    def announced(self: Database, work: Any) -> Any:
        name = _use_case()
        if not name:
            return write(self, work)

        def to_the_end(tx: Any) -> Any:
            answer = work(tx)
            line.reach(f"write {name} uncommitted")
            return answer

        answer = write(self, to_the_end)
        line.reach(f"write {name} committed")
        return answer

    Database.write = announced  # type: ignore[method-assign]


def main(arguments: Sequence[str]) -> int:
    """Run a command of the service."""
    server_stub.app.SystemClock = ClockAhead  # type: ignore[misc]
    if os.environ.get(NOTICE):
        load_notices().in_force = os.environ[NOTICE]
    if os.environ.get(CHANNEL):
        _announce_writes(StepLine(os.environ[CHANNEL]))
    return service_main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
