"""Gives members back what devices held for them and never told of. Knows no scheduler: the composition root calls ``run`` every hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.ledger.allowances import Allowances

COLLECTOR = SystemActor("allowances")


class OverdueAllowances:
    """The job."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances

    def run(self, actor: Actor = COLLECTOR) -> str:
        """Brings back what is overdue.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        return f"{self._allowances.bring_back_overdue(actor)} allowances came back unused"
