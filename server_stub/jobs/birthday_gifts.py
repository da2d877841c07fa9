"""Gives birthday gifts by the calendar. Each batch is a transaction of its own; running it again gives nothing twice.

Knows no scheduler: the composition root calls ``run`` every hour, so that a service that stood still catches up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.birthdays import Birthdays

GIVER = SystemActor("birthdays")
_BATCH = 200


class BirthdayGifts:
    """The job."""

    def __init__(self, birthdays: Birthdays, batch: int = _BATCH) -> None:
        self._birthdays = birthdays
        self._batch = batch

    def run(self, actor: Actor = GIVER) -> int:
        """Notes the birthdays of new members, gives what is due and returns how many gifts that were.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        while self._birthdays.note_next(actor, self._batch):
            pass
        return sum(self._run_year(actor, year) for year in self._birthdays.years_open())

    def _run_year(self, actor: Actor, year: int) -> int:
        total, after = 0, ""
        while True:
            given, last = self._birthdays.give_next(actor, year, after, self._batch)
            total += given
            if not last:
                return total
            after = last
