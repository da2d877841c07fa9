"""Time and ids as flows and session get them, so that tests can hold both."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from kiosk.ports.values import RequestId


class Clock(Protocol):
    """Time of the world and of waiting."""

    def now(self) -> datetime:
        """Return aware UTC time."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        ...


class RequestIds(Protocol):
    """Maker of request ids."""

    def new(self) -> RequestId:
        """Return a new UUIDv7."""
        ...
