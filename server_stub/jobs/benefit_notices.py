"""Tells members of changes of benefits from the notice day on, in batches of a transaction each. Knows no scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.benefit_changes import BenefitChanges

TELLER = SystemActor("benefit-notices")
_BATCH = 200


class BenefitNotices:
    """The job."""

    def __init__(self, changes: BenefitChanges, batch: int = _BATCH) -> None:
        self._changes = changes
        self._batch = batch

    def run(self, actor: Actor = TELLER) -> int:
        """Queues what is due and returns to how many members; where it is cut short, it goes on there the next time.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        total = 0
        while told := self._changes.tell_next(actor, self._batch):
            total += told
        return total
