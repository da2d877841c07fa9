"""The clock of a script: it stands where the last line put it. Knows no line."""

from __future__ import annotations

from datetime import UTC, datetime


class VirtualClock:
    """Implements ``domain.clock.Clock``."""

    def __init__(self, moment: datetime) -> None:
        """Begins at an aware moment."""
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Returns the moment, aware, UTC."""
        return self._moment

    def move_to(self, moment: datetime) -> None:
        """Puts the clock forward to an aware moment; callers see to it that it is not back."""
        self._moment = moment.astimezone(UTC)
