"""A folder in place of a printer: each slip becomes a PDF file, for kiosks without a printer and for development.

A file appears whole or not at all, and none is ever overwritten.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from hardware.printer.api import Printed, PrinterCondition, SlipJob
from hardware.printer.errors import PrintOutcome, SlipFolderUnusable

_MAX_COPIES: Final = 1000


class FolderPrinter:
    """A Printer that writes files named after the receipt, readable by the kiosk's user alone. Thread: the device's worker."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first slip comes."""
        self._folder = folder
        self._slips = 0

    def condition(self) -> PrinterCondition:
        """See Printer.condition; STOPPED where the folder cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return PrinterCondition.STOPPED
        return PrinterCondition.READY if os.access(self._folder, os.W_OK | os.X_OK) else PrinterCondition.STOPPED

    def print_slip(self, job: SlipJob) -> Printed:
        """Write the slip and return once it is on the disk.

        Raises:
            SlipFolderUnusable: The folder cannot be written or is full; outcome NOT_PRINTED.
        """
        started = time.monotonic()
        part = self._folder / f".{job.name}.{os.getpid()}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_through(part, job.pdf)
            _publish(part, job.name)
        except OSError as error:
            raise SlipFolderUnusable(error.strerror or "cannot be written", outcome=PrintOutcome.NOT_PRINTED) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        self._slips += 1
        return Printed(self._slips, time.monotonic() - started)

    def close(self) -> None:
        """See Printer.close; nothing is held."""


def _write_through(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _publish(part: Path, name: str) -> None:
    """Give the file its name, or the next free one: a link, unlike a renaming, never replaces a file."""
    for copy in range(1, _MAX_COPIES + 1):
        try:
            os.link(part, part.with_name(f"{name}.pdf" if copy == 1 else f"{name}-{copy}.pdf"))
        except FileExistsError:
            continue
        return
    raise FileExistsError("too many slips of one receipt")
