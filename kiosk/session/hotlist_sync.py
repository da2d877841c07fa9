"""Keeps the list of lost cards up to date: at the start and every minute, what changed since. Thread: loop."""

from __future__ import annotations

import asyncio
import logging

from kiosk.ports.desks import LossDesk
from kiosk.ports.errors import DeskError
from kiosk.ports.own_card import Hotlist

log = logging.getLogger(__name__)

EVERY_S = 60.0
AGAIN_S = 5.0


async def fetch_hotlist(desk: LossDesk, hotlist: Hotlist) -> None:
    """Fetch and keep everything that is new.

    Raises:
        DeskError: refused or unreachable; what was fetched before is kept.
    """
    while True:
        known = hotlist.version()
        delta = await desk.hotlist(known)
        if delta.version != known:
            hotlist.apply(delta)
            log.info("list of lost cards: version %d", delta.version)
        if not delta.has_more or hotlist.version() == known:
            return


async def follow_hotlist(desk: LossDesk, hotlist: Hotlist) -> None:
    """Fetch until cancelled."""
    while True:
        try:
            await fetch_hotlist(desk, hotlist)
            pause_s = EVERY_S
        except DeskError:
            pause_s = AGAIN_S
        await asyncio.sleep(pause_s)
