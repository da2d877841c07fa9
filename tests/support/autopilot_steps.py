"""Steps that a process announces on a line before it goes on, so that a test can stop, kill or let it go exactly there.

Used inside the process. Nobody lists the steps: whatever passes one of the seams below is one. Thread: any; a step holds the
thread that announces it.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import socket
import threading
from collections.abc import Callable
from typing import Any

CHANNEL = "AUTOPILOT_CHANNEL"


class StepLine:
    """The line to the test: one JSON object asks, one answers."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._lines = self._socket.makefile("rb")
        self._lock = threading.Lock()

    def ask(self, **message: Any) -> dict[str, Any]:
        """Tell something and wait for the answer; without a test at the other end the process ends."""
        with self._lock:
            try:
                self._socket.sendall(json.dumps(message).encode() + b"\n")
                line = self._lines.readline()
            except OSError:
                line = b""
            if not line:
                os._exit(3)
            answer: dict[str, Any] = json.loads(line)
            return answer

    def reach(self, label: str) -> None:
        """Announce a step and wait until the test lets it go on."""
        self.ask(step=label)


def around(owner: type, method: str, before: Callable[..., None], after: Callable[..., None]) -> None:
    """Have a coroutine method announce its begin and its good end; both get the method's own arguments."""
    work = getattr(owner, method)
    assert inspect.iscoroutinefunction(work)

    @functools.wraps(work)
    async def announced(self: Any, *args: Any, **kwargs: Any) -> Any:
        before(*args)
        answer = await work(self, *args, **kwargs)
        after(*args)
        return answer

    setattr(owner, method, announced)


def behind(owner: type, method: str, after: Callable[..., None]) -> None:
    """Have a plain method announce its good end."""
    work = getattr(owner, method)

    @functools.wraps(work)
    def announced(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = work(self, *args, **kwargs)
        after(*args)
        return answer

    setattr(owner, method, announced)
