"""Tells a test where the targets of the present screen are; exists in the development profile only.

A Unix socket; each line that comes in is answered by one line of JSON: the state's name, the language, the overlay and the
targets as `test_id: [x, y, width, height]` in window pixels, origin top left. No text and no value of a field is told.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Probe:
    """Serves one description to whoever asks. Thread: loop."""

    def __init__(self, path: Path, describe: Callable[[], dict[str, Any]]) -> None:
        self._path = path
        self._describe = describe
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; a file that an earlier process left is removed."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path=str(self._path))
        self._path.chmod(0o600)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(json.dumps(self._describe(), ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def stop(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
