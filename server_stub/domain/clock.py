"""Time as the service asks for it: an injected clock, and the calendar day of the chain. Knows no time zone but Asia/Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# China keeps one zone without summer time (since 1991); a fixed offset needs no zone database on the machine.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Returns the present moment, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Returns the present moment, aware, UTC."""
        return datetime.now(UTC)


def business_day(moment: datetime) -> date:
    """Returns the calendar day in Asia/Shanghai of an aware moment."""
    return moment.astimezone(CHINA).date()
