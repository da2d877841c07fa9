"""Tells members that a reward still waits, and gives the points back for what nobody fetched.

Each batch is a transaction of its own; running it again changes nothing. Knows no scheduler: the composition root calls ``run`` every hour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server_stub.domain.actors import Actor, SystemActor
from server_stub.services.rewards.handing_over import HandingOver

WATCHER = SystemActor("pick-ups")
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Watched:
    """How many members were told, how many redemptions gave their points back, how many old tries were deleted."""

    told: int
    lapsed: int
    tries_deleted: int


class UnclaimedRewards:
    """The job."""

    def __init__(self, desk: HandingOver) -> None:
        self._desk = desk

    def run(self, actor: Actor = WATCHER) -> Watched:
        """Does what is due.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        lapsed = _all(lambda: self._desk.lapse_next(actor, _BATCH))
        return Watched(_all(lambda: self._desk.tell_next(actor, _BATCH)), lapsed, self._desk.forget_tries(actor))


def _all(work: Callable[[], int]) -> int:
    total = 0
    while done := work():
        total += done
    return total
