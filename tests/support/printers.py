"""Printers for contract and integration tests: simulated, a folder, and a real IPP process, with what came out of each."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.emulation.printer.emulator import PrinterEmulator
from hardware.printer.folder import FolderPrinter
from hardware.printer.ipp import IppPrinter
from hardware.printer.sim import SimPrinter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hardware.printer.api import Printer


@dataclass(frozen=True, slots=True)
class Bench:
    """A printer on the bench, and the documents that came out of it, in order."""

    printer: Printer
    documents: Callable[[], list[bytes]]


@contextmanager
def emulator() -> Iterator[PrinterEmulator]:
    """Runs an emulated printer; its folder's path is short, as a socket needs it."""
    folder = Path(tempfile.mkdtemp(prefix="printer-"))
    try:
        with PrinterEmulator(folder) as printer:
            yield printer
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sim() -> Bench:
    printer = SimPrinter()
    return Bench(printer, lambda: [slip.pdf for slip in printer.slips])


def _folder(folder: Path) -> Bench:
    return Bench(FolderPrinter(folder), lambda: [file.read_bytes() for file in _oldest_first(folder)])


def _oldest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.pdf"), key=lambda file: file.stat().st_mtime_ns)


@contextmanager
def bench(kind: str) -> Iterator[Bench]:
    """Sets up a printer of the kind: sim, folder, ipp."""
    match kind:
        case "sim":
            yield _sim()
        case "folder":
            with tempfile.TemporaryDirectory() as folder:
                yield _folder(Path(folder))
        case "ipp":
            with emulator() as printer:
                yield Bench(IppPrinter(printer.uri), lambda: [file.read_bytes() for file in printer.slips()])


def wait_until(condition: Callable[[], bool], limit_s: float = 5.0) -> bool:
    """Returns whether `condition` came to hold in time."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
