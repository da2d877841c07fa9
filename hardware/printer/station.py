"""The printer as the kiosk's loop sees it: awaited calls, its health, one line in the log when it goes and one when it is back.

Knows no protocol; the driver below it runs in the device's worker and never leaves it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from hardware.errors import Busy, TimedOut
from hardware.health import Health, HealthState
from hardware.printer.api import Printed, Printer, PrinterCondition, SlipJob
from hardware.printer.errors import PrinterBusy, PrintFailed, PrintOutcome, PrintTimedOut
from hardware.worker import DeviceWorker, Worker

logger = logging.getLogger(__name__)

PRINT_LIMIT_S: Final = 25.0
"""Above what a driver takes with all its own limits; only a hung call, such as a name server's, meets it."""
LOOK_LIMIT_S: Final = 5.0


def _now() -> datetime:
    return datetime.now(UTC)


class PrinterStation:
    """The kiosk's printer. Thread: loop."""

    def __init__(self, printer: Printer, worker: Worker | None = None, now: Callable[[], datetime] = _now) -> None:
        """Take over the driver, and the worker in which it lives from now on."""
        self._printer = printer
        self._worker = worker or DeviceWorker("printer")
        self._now = now
        self._health = Health(HealthState.OK, "", now())

    @property
    def health(self) -> Health:
        """How the printer was when it was last looked at or used."""
        return self._health

    async def print_slip(self, make: Callable[[], SlipJob]) -> Printed:
        """Print a slip and return once it is out.

        Args:
            make: Lays the slip out; called in the worker, because a page takes some 30 ms. What it raises comes through.

        Raises:
            PrintFailed: With its `outcome`; the receipt's QR code on the screen stands for the slip then.
        """
        try:
            printed = await self._worker.run(self._make_and_print, make, timeout_s=PRINT_LIMIT_S)
        except Busy as error:
            raise PrinterBusy("an earlier call has not returned") from error
        except TimedOut as error:
            raise PrintTimedOut("the driver hangs", outcome=PrintOutcome.UNKNOWN) from error
        except PrintFailed as error:
            self._saw(HealthState.GONE, f"reason.{error.text_key.removeprefix('error.').upper()}")
            raise
        self._saw(HealthState.OK, "")
        return printed

    async def look(self) -> Health:
        """Return how the printer is now."""
        try:
            condition = await self._worker.run(self._printer.condition, timeout_s=LOOK_LIMIT_S)
        except Busy:
            return self._health  # it prints
        except TimedOut:
            condition = PrinterCondition.OFFLINE
        match condition:
            case PrinterCondition.READY:
                return self._saw(HealthState.OK, "")
            case PrinterCondition.PAPER_LOW:
                return self._saw(HealthState.DEGRADED, condition.text_key)
            case _:
                return self._saw(HealthState.GONE, condition.text_key)

    async def close(self) -> None:
        """Give the printer back."""
        try:
            await self._worker.run(self._printer.close, timeout_s=1.0)
        except (Busy, TimedOut):
            logger.warning("printer: busy at the end")
        await self._worker.close()

    def _make_and_print(self, make: Callable[[], SlipJob]) -> Printed:
        """Thread: worker."""
        return self._printer.print_slip(make())

    def _saw(self, state: HealthState, detail_key: str) -> Health:
        before, self._health = self._health, self._health.changed(state, detail_key, self._now())
        if before.state is not self._health.state:
            logger.log(logging.INFO if state is HealthState.OK else logging.WARNING, "printer: %s %s", state.value, detail_key)
        return self._health
