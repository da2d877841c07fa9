"""How a device is, as a value: for the status bar, the technician's page and the heartbeat. Knows no device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HealthState(StrEnum):
    """How a device is."""

    OK = "ok"
    DEGRADED = "degraded"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Health:
    """State of one device.

    Attributes:
        state: How it is.
        detail_key: Key of a text that says why, in the kiosk's catalogue; empty where the state is OK.
        since: When this state began, aware UTC.
    """

    state: HealthState
    detail_key: str
    since: datetime

    def changed(self, state: HealthState, detail_key: str, at: datetime) -> Health:
        """Return the health after an observation; `since` stays where nothing changed."""
        if (state, detail_key) == (self.state, self.detail_key):
            return self
        return Health(state, detail_key, at)
