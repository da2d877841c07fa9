"""UUIDv7: time-ordered identifiers (RFC 9562, section 5.7). Knows only the injected clock and the system's randomness."""

from __future__ import annotations

import secrets
import threading
import uuid
from datetime import datetime
from typing import Protocol

from server_stub.domain.clock import Clock

_COUNTER_LIMIT = 1 << 12


class IdSource(Protocol):
    """Makes identifiers."""

    def new(self, prefix: str) -> str:
        """Returns ``prefix_`` followed by a UUIDv7; never the same twice."""
        ...


class Uuid7Source:
    """Makes UUIDv7 identifiers that grow strictly within one process.

    The 12 bits after the version are a counter within the millisecond (RFC 9562, section 6.2, method 1), so that rows
    written one after another also sort that way.

    Thread:
        any.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last_ms = 0
        self._counter = 0

    def new(self, prefix: str) -> str:
        """Returns ``prefix_`` followed by a UUIDv7 in its text form."""
        return f"{prefix}_{self.uuid()}"

    def uuid(self) -> uuid.UUID:
        """Returns the next UUIDv7."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        with self._lock:
            if now_ms > self._last_ms:
                self._last_ms, self._counter = now_ms, 0
            else:
                self._counter += 1
                if self._counter == _COUNTER_LIMIT:
                    self._last_ms, self._counter = self._last_ms + 1, 0
            high = (self._last_ms << 16) | 0x7000 | self._counter
        return uuid.UUID(int=(high << 64) | (0b10 << 62) | secrets.randbits(62))


def least_id_at(prefix: str, moment: datetime) -> str:
    """Returns the id that sorts before all that are made from a moment on, cut to milliseconds."""
    high = (int(moment.timestamp() * 1000) << 16) | 0x7000
    return f"{prefix}_{uuid.UUID(int=(high << 64) | (0b10 << 62))}"


def is_uuid7(text: str) -> bool:
    """Returns whether the text is a UUIDv7 in its canonical form (36 characters, lower case)."""
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return False
    return str(parsed) == text and parsed.version == 7
