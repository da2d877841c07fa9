"""Starts, troubles and ends one emulated printer. Tests and `make run` hold it; the driver sees nothing but its address."""

from __future__ import annotations

import http.client
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hardware.emulation.ports import steady_port
from hardware.emulation.printer.name_service import EmulationFailed, NameService, spawn, stop

HOST: Final = "localhost"
_HERE: Final = Path(__file__).parent
_START_LIMIT_S: Final = 10.0
_TRIES: Final = 5


class Fault(StrEnum):
    """What the mechanism does with the next slip, until it is taken away again."""

    JAM = "jam"
    """Stands still with the paper stuck; the slip is lost."""
    PAPER_OUT = "paper-out"
    """The roll ends in the middle; the slip goes on once there is paper."""
    COVER_OPEN = "cover-open"
    """The cover is opened in the middle; the slip goes on once it is shut."""
    SLOW = "slow"
    """Takes its time, until the fault is taken away or the job is cancelled."""
    DEAF = "deaf"
    """Takes its time and does not hear of a cancellation."""
    ABORT = "abort"
    """Gives the job up without a reason."""


class PrinterEmulator:
    """One ippeveprinter. Not for use by several threads.

    Attributes:
        folder: Holds all files: printed slips in ``slips``, what was received in ``spool``, logs.
        port: Where it listens, on the loopback address only.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        """Prepare one in `folder`, a short path; port 0 takes a free one."""
        self.folder = folder
        self.port = port
        self._names = NameService(folder)
        self._printer: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """Address for the driver."""
        return f"ipp://{HOST}:{self.port}/ipp/print"

    @property
    def process_id(self) -> int:
        """Id of the ippeveprinter process, for tests that stop or kill it; 0 where it does not run."""
        return self._printer.pid if self._printer else 0

    def start(self) -> Self:
        """Return once the printer answers.

        Raises:
            EmulationFailed: A program is missing or ends at once.
        """
        if shutil.which("ippeveprinter") is None:
            raise EmulationFailed("ippeveprinter is not installed")
        for name in ("slips", "spool"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.clear()
        self._names.start()
        self._start_printer()
        return self

    def restart(self) -> None:
        """Start the printer again after `kill`, at the same address; it has forgotten its jobs."""
        self._start_printer()

    def stop(self) -> None:
        """End everything; may be called twice. The files stay."""
        self.kill()
        self._names.stop()

    def kill(self) -> None:
        """Take the power away from the printer."""
        if self._printer is not None:
            self._printer.kill()
            stop(self._printer)
            self._printer = None

    def trouble(self, fault: Fault) -> None:
        """Have the mechanism meet `fault` with the slip that it prints next."""
        (self.folder / "fault").write_text(fault.value, encoding="ascii")

    def clear(self) -> None:
        """Take the fault away, as staff do."""
        (self.folder / "fault").unlink(missing_ok=True)

    def set_paper(self, sheets: int) -> None:
        """Put paper in (250) or take it out (0) while the printer is idle, by the printer's own page for that."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", f"/media?size0=roll_max_80x1000mm&type0=continuous&level0={sheets}")
            if connection.getresponse().status != http.client.OK:
                raise EmulationFailed("the printer's page of media does not answer")
        finally:
            connection.close()

    def slips(self) -> list[Path]:
        """Return the slips that came out, in order."""
        return sorted((self.folder / "slips").glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _start_printer(self) -> None:
        """Start ippeveprinter; a port that somebody took in the same moment is another try."""
        chosen = self.port
        for _ in range(_TRIES):
            self.port = chosen or steady_port()
            self._printer = spawn(self._command(), self.folder / "ippeveprinter.log", self._environment())
            if self._answers(self._printer):
                return
            stop(self._printer)
        self._names.stop()
        log = (self.folder / "ippeveprinter.log").read_text(errors="replace")
        raise EmulationFailed(f"ippeveprinter did not start: {log[-500:].strip()}")

    def _answers(self, printer: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _START_LIMIT_S
        while printer.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return True
        return False

    def _command(self) -> list[str]:
        return [
            *("ippeveprinter", "-r", "off", "-n", HOST, "-p", str(self.port), "-k", "-v"),
            *("-a", str(_HERE / "roll.conf"), "-c", str(self._mechanism()), "-d", str(self.folder / "spool")),
            "Receipt printer",
        ]

    def _mechanism(self) -> Path:
        """Return the command for a document; ippeveprinter runs it with nothing but the document's path."""
        script = self.folder / "mechanism"
        words = [sys.executable, "-I", "-S", str(_HERE / "print_command.py"), str(self.folder)]
        script.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$1"\n', encoding="utf-8")
        script.chmod(0o700)
        return script

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self._names.address}
