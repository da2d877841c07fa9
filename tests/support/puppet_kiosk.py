"""The production kiosk whose display is a test: each view goes out over the line, events of touches come in.

Views and events are the product's own frozen values, pickled; both ends are this checkout's. `python -m
tests.support.puppet_kiosk` with KIOSK_* as for the kiosk and AUTOPILOT_CHANNEL; tests.support.counter is the other end.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import pickle
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

from kiosk.app.front import Front
from kiosk.app.kiosk import Kiosk
from kiosk.config import load
from kiosk.ports.display import View
from kiosk.texts import load_catalogue
from tests.support.autopilot_steps import CHANNEL


def packed(value: Any) -> str:
    """Return a value as one word of a line."""
    return base64.b64encode(pickle.dumps(value)).decode()


def unpacked(word: bytes | str) -> Any:
    """Return what `packed` was given."""
    return pickle.loads(base64.b64decode(word))


class LineDisplay:
    """Implements kiosk.ports.display.Display. Thread: loop."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._received = b""

    def on_event(self, send: Callable[[object], None]) -> None:
        """See Display: events come from the line."""
        asyncio.get_running_loop().add_reader(self._line, self._read, send)

    def _read(self, send: Callable[[object], None]) -> None:
        data = self._line.recv(65536)
        if not data:
            os._exit(3)
        *words, self._received = (self._received + data).split(b"\n")
        for word in words:
            send(unpacked(word))

    def wipe(self) -> None:
        """See Display; nothing is kept here."""

    def show(self, view: View) -> None:
        """Tell the test."""
        self._line.sendall(json.dumps({"view": packed(view)}).encode() + b"\n")


async def _run(line: socket.socket) -> None:
    forever = asyncio.Event()
    front = Front(LineDisplay(line), load_catalogue(), dict, forever.wait, forever.wait)
    await Kiosk(load(), front).run(asyncio.create_task(forever.wait(), name="window"))


def main(_arguments: Sequence[str] = ()) -> int:
    """Run until killed."""
    logging.basicConfig(level="INFO", format="%(asctime)s %(process)d %(levelname)s %(name)s %(message)s", force=True)
    line = socket.socket(socket.AF_UNIX)
    line.connect(os.environ[CHANNEL])
    asyncio.run(_run(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
