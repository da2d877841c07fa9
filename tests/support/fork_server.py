"""Starts processes of the product without waiting for their imports: a parent that has imported everything forks them.

A forked process is as real as one that was started: own pid, own session, own files, and it can be killed alone. The parent
holds no thread, no socket of the product and no key. Knows modules by name; knows no product.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_S = 120.0
DEAD_S = 30.0


@dataclass(slots=True)
class Forked:
    """A process that was forked; held by a descriptor, so that its number cannot come to mean another process."""

    pid: int
    handle: int

    @property
    def is_running(self) -> bool:
        return self.handle >= 0 and not select.select([self.handle], [], [], 0)[0]

    def signal(self, number: int, wait_s: float = DEAD_S) -> None:
        """Send a signal and wait for the end."""
        if self.handle < 0:
            return
        with contextlib.suppress(ProcessLookupError):  # it ended by itself
            signal.pidfd_send_signal(self.handle, number)
        assert select.select([self.handle], [], [], wait_s)[0], f"process {self.pid} does not end"
        os.close(self.handle)
        self.handle = -1

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)


class ForkServer:
    """One parent for one module that has `main(arguments)`."""

    def __init__(self, module: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._name = module.rpartition(".")[2]
        self._log = folder / f"{self._name}.log"
        self._near, far = socket.socketpair()
        with self._log.open("ab") as log, far:
            command = [sys.executable, "-m", "tests.support.fork_server", module, str(far.fileno())]
            self._parent = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[far.fileno()])
        self._near.settimeout(READY_S)
        self._answers = self._near.makefile("rb")

    def start(self, arguments: list[str], environment: dict[str, str]) -> Forked:
        """Fork a process; it begins at once."""
        order = {"arguments": arguments, "environment": environment, "log": str(self._log)}
        self._near.sendall(json.dumps(order).encode() + b"\n")
        answer = self._answers.readline()
        assert answer, f"{self._name} cannot be forked: {self.log()}"
        pid = int(answer)
        handle = os.pidfd_open(pid)
        # Only now may the child run: until then it cannot have ended, so its number is its own.
        self._near.sendall(b"go\n")
        return Forked(pid, handle)

    def log(self, size: int = 3000) -> str:
        """What its processes said last."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-size:]

    def close(self) -> None:
        self._answers.close()
        self._near.close()
        self._parent.terminate()
        self._parent.wait(5)


def _child(module: Any, order: dict[str, Any]) -> None:
    os.setsid()
    # prctl(PR_SET_PDEATHSIG): where the test itself was killed, nothing stays behind.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(order["environment"])
    code = 1
    try:
        code = module.main(order["arguments"])
    except BaseException:  # noqa: BLE001 - the last frame of a process
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code or 0)


def serve(module_name: str, descriptor: int) -> None:
    """Fork what is ordered until the other end is closed."""
    module = importlib.import_module(module_name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes them away when they end
    with socket.socket(fileno=descriptor) as far, far.makefile("rb") as orders:
        while line := orders.readline():
            may_go, let_go = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(let_go)
                os.read(may_go, 1)
                os.close(may_go)
                far.detach()
                os.close(descriptor)
                _child(module, json.loads(line))
            far.sendall(f"{pid}\n".encode())
            assert orders.readline() == b"go\n"
            os.close(let_go)
            os.close(may_go)


def wait_for(path: Path, process: Forked, log: Any, wait_s: float = READY_S) -> str:
    """Return what a ready file says once it is there."""
    end = time.monotonic() + wait_s
    while not (path.exists() and path.read_text(encoding="utf-8")):
        assert process.is_running, f"{path.name}: the process ended: {log()}"
        assert time.monotonic() < end, f"{path.name} does not come: {log()}"
        time.sleep(0.005)
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
