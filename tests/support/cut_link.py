"""A link between a client and a service that breaks at a chosen byte. Knows bytes and directions; knows nothing of what they say."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 65536


class Way(StrEnum):
    """Which bytes are counted."""

    UP = "to the service"
    DOWN = "to the client"


@dataclass(frozen=True)
class Cut:
    """After so many more bytes of one way are through, both ways end at once."""

    way: Way
    after: int


class CutLink:
    """One connection at a time through a port of its own; close it.

    Thread:
        The test's; bytes are carried by threads of its own.
    """

    def __init__(self, port: int) -> None:
        """Listens for connections that it carries to a port of this machine."""
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._cut: Cut | None = None
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.carried = dict.fromkeys(Way, 0)
        self.was_cut = False
        self._start(self._accept)

    @property
    def port(self) -> int:
        """Where to connect."""
        return int(self._listener.getsockname()[1])

    def arm(self, cut: Cut | None) -> None:
        """Counts from now; without a cut it only counts."""
        with self._lock:
            self._cut, self.was_cut, self.carried = cut, False, dict.fromkeys(Way, 0)

    def close(self) -> None:
        """Ends everything and waits for its threads."""
        # Closing alone does not wake a thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._break()
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: Callable[..., None], *words: object) -> None:
        thread = threading.Thread(target=work, args=words, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                is_broken = self.was_cut
            if is_broken:
                client.close()
                continue
            service = socket.create_connection(("127.0.0.1", self._to))
            self._ends += [client, service]
            self._start(self._carry, client, service, Way.UP)
            self._start(self._carry, service, client, Way.DOWN)

    def _carry(self, source: socket.socket, to: socket.socket, way: Way) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                to.sendall(self._through(data, way))
                if self.was_cut:
                    break
        self._break()

    def _through(self, data: bytes, way: Way) -> bytes:
        with self._lock:
            cut = self._cut
            left = cut.after - self.carried[way] if cut is not None and cut.way is way else len(data) + 1
            through = data[: max(left, 0)]
            self.carried[way] += len(through)
            self.was_cut = self.was_cut or left <= len(data)
        return through

    def _break(self) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            # Both threads of a connection come here.
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
