"""The published rules on the line of time, as one transaction saw them: read once, then asked as often as is liked. Knows no rule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from server_stub.domain.clock import business_day
from server_stub.domain.ledger.settling import passes_otherwise

if TYPE_CHECKING:
    from server_stub.services.ledger.programme import InForce
    from server_stub.storage.rule_sets import Beginning

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
_AN_INSTANT = timedelta(microseconds=1)


class RuleTimes:
    """Which version holds at which moment."""

    def __init__(self, beginnings: Sequence[Beginning], version: Callable[[str | None], InForce]) -> None:
        """Takes what was published.

        Args:
            beginnings: Of all versions, in the order in which one takes the place of another.
            version: Returns a version by its name; of None what holds before the first.
        """
        self._begin_at = [beginning.effective_from for beginning in beginnings]
        self._names = [beginning.version for beginning in beginnings]
        self._version = version

    def at(self, moment: datetime) -> InForce:
        """Returns the version of a moment; of those that begin together the one published last."""
        place = bisect_right(self._begin_at, moment)
        return self._version(self._names[place - 1] if place else None)

    def since(self, moment: datetime) -> date | None:
        """Returns the first day of the version of a moment; None before the first."""
        place = bisect_right(self._begin_at, moment)
        return business_day(self._begin_at[place - 1]) if place else None

    def changes(self, after: datetime, until: datetime) -> tuple[datetime, ...]:
        """Returns the moments in (after, until] at which other rules took effect, in order."""
        return tuple(dict.fromkeys(self._begin_at[bisect_right(self._begin_at, after) : bisect_right(self._begin_at, until)]))

    def next_turn(self, after: datetime) -> datetime | None:
        """Returns the first moment after another at which time begins to do otherwise; None: as far as is published, never."""
        turns = self.changes(after, _END_OF_TIME)
        return next((turn for turn in turns if passes_otherwise(self.at(turn - _AN_INSTANT).parameters, self.at(turn).parameters)), None)
