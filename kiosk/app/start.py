"""Starts the kiosk so that its first screen is seen first: window, attract screen, then everything that works behind it."""

from __future__ import annotations

import asyncio

from kiosk.app.front import Front
from kiosk.config import Settings


async def serve(settings: Settings, front: Front) -> None:
    """Run until SIGTERM, SIGINT or the window's end."""
    window = asyncio.create_task(front.run(), name="window")
    shown = asyncio.create_task(front.shown(), name="first screen")
    await asyncio.wait((window, shown), return_when=asyncio.FIRST_COMPLETED)
    # gRPC, card and paper libraries take as long to load as the window took; the glass is not dark meanwhile.
    from kiosk.app.kiosk import Kiosk  # noqa: PLC0415

    await Kiosk(settings, front).run(window)
