"""The real clock and the real request ids."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime

from kiosk.ports.values import RequestId


class SystemClock:
    """See kiosk.ports.clock.Clock."""

    def now(self) -> datetime:
        """Return aware UTC time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()


class Uuid7Ids:
    """See kiosk.ports.clock.RequestIds; UUIDv7 of RFC 9562, 5.7: 48 bits of Unix time in ms, then 74 random bits."""

    def new(self) -> RequestId:
        """Return a new id."""
        milliseconds = time.time_ns() // 1_000_000
        value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
        value = value & ~(0xF000 << 64) | (0x7000 << 64)
        value = value & ~(0xC000 << 48) | (0x8000 << 48)
        return RequestId(str(uuid.UUID(int=value)))
