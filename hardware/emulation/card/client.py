"""Starts the virtual card's process and talks to its control channel; blocking, for tests, the panel and `make run`."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from hardware.errors import Disconnected, Rejected

_START_S = 10.0
_ANSWER_S = 10.0
_POLL_S = 0.01


class CardControl:
    """The control channel of a virtual card; see `control` for the language."""

    def __init__(self, control_port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", control_port), timeout=_ANSWER_S)
        self._lines = self._socket.makefile("r", encoding="utf-8")

    def ask(self, **request: Any) -> dict[str, Any]:
        """Return the answer to one request.

        Raises:
            Rejected: The process says no.
            Disconnected: It is gone.
        """
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise Disconnected("the virtual card's process is gone")
        answer: dict[str, Any] = json.loads(line)
        if not answer["ok"]:
            raise Rejected(answer["error"])
        return answer

    def insert(self, card: str, kind: str = "desfire-ev2", slot: int = 0, uid: bytes = b"") -> bytes:
        """Lay a card on the reader, made where there is none of that name, and return its UID."""
        return bytes.fromhex(self.ask(do="insert", card=card, kind=kind, slot=slot, uid=uid.hex())["uid"])

    def remove(self, slot: int = 0) -> None:
        """Take the card off the reader."""
        self.ask(do="remove", slot=slot)

    def tear(self, card: str, skip: int, when: str, length: int = 0) -> None:
        """Have the card leave the field at its command number `skip` from now, counted from 0."""
        self.ask(do="tear", card=card, skip=skip, when=when, length=length)

    def describe(self, card: str) -> list[str]:
        """Return what a card holds, in words."""
        words: list[str] = self.ask(do="describe", card=card)["words"]
        return words

    def commands(self, card: str) -> int:
        """Return how many commands the card was given, without the reader's own."""
        return int(self.ask(do="describe", card=card)["commands"])

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()


@dataclass(slots=True)
class CardProcess:
    """A running virtual card and its control channel."""

    process: subprocess.Popen[bytes]
    control_port: int
    control: CardControl

    def stop(self) -> None:
        """End it; cards keep what they hold where they have a folder."""
        self.control.close()
        self.process.terminate()
        self.process.wait(5)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.control.close()
        self.process.kill()
        self.process.wait(5)

    def __enter__(self) -> CardProcess:
        """Return it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End it."""
        self.stop()


def start_card(folder: Path, port: int, speed_kbit_per_s: int = 0, control_port: int = 0) -> CardProcess:
    """Start a virtual card's process; no card lies on the reader yet.

    Args:
        folder: Made where it does not exist; `cards/` in it keeps the cards.
        port: First port of the virtual reader.
        speed_kbit_per_s: Speed on the air, 0 for no delay.
        control_port: Port of the control channel, 0 chooses one.

    Raises:
        Disconnected: The process does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    control_file = folder / "control"
    control_file.unlink(missing_ok=True)
    words = ["--port", port, "--control-port", control_port, "--speed", speed_kbit_per_s]
    words += ["--control-file", control_file, "--cards", folder / "cards"]
    command = [sys.executable, "-m", "hardware.emulation.card", *map(str, words)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - fixed words
    deadline = time.monotonic() + _START_S
    while not control_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait(5)
            raise Disconnected("the virtual card does not start")
        time.sleep(_POLL_S)
    chosen = int(control_file.read_text())
    return CardProcess(process, chosen, CardControl(chosen))
