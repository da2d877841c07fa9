"""The test's end of the step lines: hears what processes announce, in order, and lets them go on.

Knows lines and names of processes; knows no step by name.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Heard:
    """One message; its process waits until it is answered."""

    process: str
    message: dict[str, Any]
    line: socket.socket

    def answer(self, **values: Any) -> None:
        """Let the process go on; harmless where it is gone."""
        with contextlib.suppress(OSError):  # killed meanwhile
            self.line.sendall(json.dumps(values).encode() + b"\n")


class StepListener:
    """Listens on one socket for each name of a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._selector = selectors.DefaultSelector()
        self._buffers: dict[socket.socket, bytes] = {}

    def listen(self, process: str) -> str:
        """Return the path of the line for processes of this name."""
        path = self._folder / f"{process}.line"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(4)
        self._selector.register(listener, selectors.EVENT_READ, (process, True))
        return str(path)

    def hear(self, wait_s: float) -> Iterator[Heard]:
        """Yield what was said within the time; nothing where all are silent."""
        for key, _ in self._selector.select(wait_s):
            process, is_listener = key.data
            line: Any = key.fileobj
            if is_listener:
                connection, _ = line.accept()
                self._buffers[connection] = b""
                self._selector.register(connection, selectors.EVENT_READ, (process, False))
            elif line in self._buffers:  # not hung up on while what others said was dealt with
                yield from self._read(process, line)

    def _read(self, process: str, line: socket.socket) -> Iterator[Heard]:
        try:
            data = line.recv(65536, socket.MSG_DONTWAIT)
        except BlockingIOError:  # heard already, by who listened while what others said was dealt with
            return
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(line)
            line.close()
            del self._buffers[line]
            return
        *whole, self._buffers[line] = (self._buffers[line] + data).split(b"\n")
        for message in whole:
            yield Heard(process, json.loads(message), line)

    def forget(self, process: str) -> None:
        """Hang up on processes of this name: they are dead, and what they said last is no longer of interest."""
        for key in list(self._selector.get_map().values()):
            if key.data == (process, False):
                line: Any = key.fileobj
                self._selector.unregister(line)
                line.close()
                del self._buffers[line]

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            fileobj: Any = key.fileobj
            fileobj.close()
        self._selector.close()
