"""Starts the emulated camera's process and puts pictures before it; blocking, for tests, the panel and `make run`."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from hardware.errors import Disconnected

_START_S = 20.0
_ANSWER_S = 10.0
_POLL_S = 0.02


@dataclass(slots=True)
class CameraProcess:
    """A running camera."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def address(self) -> str:
        """What the kiosk's setting names."""
        return f"http://127.0.0.1:{self.port}/cam.mjpg"

    def show(self, picture: bytes) -> None:
        """Hold a picture (PNG, JPEG, WebP) before the lens; one of 1280x720 is the whole scene."""
        self._post("show", picture)

    def clear(self) -> None:
        """Take it away."""
        self._post("clear")

    def stall(self) -> None:
        """Send nothing any more, over connections that stay."""
        self._post("stall")

    def stop(self) -> None:
        """Unplug it."""
        self.process.terminate()
        self.process.wait(5)

    def _post(self, verb: str, body: bytes = b"") -> None:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{verb}", body, method="POST")
        with urllib.request.urlopen(request, timeout=_ANSWER_S):  # noqa: S310
            pass

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Unplug it."""
        self.stop()


def start_camera(folder: Path, port: int = 0) -> CameraProcess:
    """Start a camera's process; nothing but the shop is before it.

    Raises:
        Disconnected: It does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "port"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "hardware.emulation.camera", "--port", str(port), "--ready-file", str(ready)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - fixed words
    deadline = time.monotonic() + _START_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait(5)
            raise Disconnected("the camera does not start")
        time.sleep(_POLL_S)
    return CameraProcess(process, int(ready.read_text(encoding="utf-8")))
