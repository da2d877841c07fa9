"""Tells whoever started an emulator where it listens, and ends it on a signal. Knows no protocol."""

from __future__ import annotations

import asyncio
import json
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def announce(path: Path | None, ports: dict[str, int]) -> None:
    """Writes the ports as JSON into the file, whole or not at all."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(ports), encoding="utf-8")
    temporary.replace(path)


async def until_told_to_end() -> None:
    """Waits for SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()
