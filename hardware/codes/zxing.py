"""Reads codes with zxing-cpp: bytes, not text, and every code of a picture. The only module that imports zxingcpp.

It works in a process of its own (`hardware.worker.ProcessWorker`), because pictures come from anybody: one that keeps the library busy, or
brings it down, costs that process and a quarter of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hardware.codes.api import Picture, Symbology
from hardware.errors import Disconnected, TimedOut
from hardware.worker import Worker

MAX_BYTES: Final = 512
"""Of a payload; what is longer is no code of ours, and is cut so that it is none of theirs either."""
LOOK_LIMIT_S: Final = 0.25
START_LIMIT_S: Final = 15.0
"""For the first call of a process: it starts an interpreter and loads the library, on a busy machine."""
_MOST_CODES: Final = 8
_FORMATS: Final = "QRCode,EAN13,EAN8,UPCA,Code128"


@dataclass(frozen=True, slots=True, repr=False)
class Payload:
    """A code as bytes; it may be anybody's money, so it is never logged (no repr)."""

    symbology: Symbology
    content: bytes


def read_payloads(grey: bytes, width: int, height: int) -> tuple[Payload, ...]:
    """Return the codes of a grey picture, at most eight, none twice, each at most MAX_BYTES. Process: child."""
    import zxingcpp  # noqa: PLC0415 - loaded where it works

    picture = np.frombuffer(grey, dtype=np.uint8).reshape(height, width)
    formats = zxingcpp.barcode_formats_from_str(_FORMATS)
    found = zxingcpp.read_barcodes(picture, formats=formats)
    kinds = {True: Symbology.QR, False: Symbology.OTHER}
    payloads = {Payload(kinds[code.format == zxingcpp.BarcodeFormat.QRCode], bytes(code.bytes)[:MAX_BYTES]): None for code in found}
    return tuple(payloads)[:_MOST_CODES]


class FrameReader:
    """Reads codes in a killable process, with a limit for each picture. Thread: loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._is_warm = False

    async def warm(self) -> None:
        """Start the process and load the library, so that the first picture is as quick as the others.

        Raises:
            TimedOut: It does not start.
            Disconnected: It died.
        """
        await self._worker.run(read_payloads, bytes(64 * 64), 64, 64, timeout_s=START_LIMIT_S)
        self._is_warm = True

    async def read(self, picture: Picture) -> tuple[Payload, ...]:
        """Return the codes in a grey picture; none where it was too much for a quarter of a second.

        Raises:
            TimedOut: The process does not start again.
        """
        if not self._is_warm:
            await self.warm()
        height, width = picture.shape
        try:
            return await self._worker.run(read_payloads, picture.tobytes(), width, height, timeout_s=LOOK_LIMIT_S)
        except (TimedOut, Disconnected):
            # Killed or dead: the next picture meets a new process.
            self._is_warm = False
            return ()

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()
