"""Turns what became of a printout into the event that journeys hear. Thread: loop."""

from __future__ import annotations

from collections.abc import Awaitable

from hardware.errors import DeviceError
from hardware.printer.errors import PrintFailed, PrintOutcome
from kiosk.flows.register.state import SlipFailed, SlipPrinted
from kiosk.session.device_reasons import device_reason


async def printed(printing: Awaitable[None], number: str = "") -> SlipPrinted | SlipFailed:
    """Wait for a printout and return what became of it; `number` is that of its receipt."""
    try:
        await printing
    except DeviceError as error:
        is_unknown = isinstance(error, PrintFailed) and error.outcome is PrintOutcome.UNKNOWN
        return SlipFailed(device_reason(error), is_unknown, number)
    return SlipPrinted(number)
