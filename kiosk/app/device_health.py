"""Looks after the devices while nobody asks: features go one by one, and come back. Thread: loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hardware.card.station import CardStation
from hardware.health import HealthState
from hardware.printer.station import PrinterStation
from kiosk.app.link import PartsOk
from kiosk.app.scanner import CameraScanner

LOOK_EVERY_S = 5.0


async def watch_devices(
    cards: CardStation, printer: PrinterStation, scanner: CameraScanner | None, changed: Callable[[PartsOk], None]
) -> None:
    """Report which devices can work whenever that changes, until cancelled. No command is sent to a card."""
    known = PartsOk()
    while True:
        card, paper = cards.health(), await printer.look()
        has_camera = scanner is not None and await scanner.is_usable()
        now = PartsOk(card.state is not HealthState.GONE, paper.state is not HealthState.GONE, has_camera)
        if now != known:
            known = now
            changed(now)
        await asyncio.sleep(LOOK_EVERY_S)
