"""Tells members once a day of points that end soon. Knows no rule and no scheduler: the composition root calls ``run``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.ledger.ending_points import EndingPoints

TELLER = SystemActor("points-ending")


class PointsEnding:
    """The job."""

    def __init__(self, ending: EndingPoints) -> None:
        self._ending = ending

    def run(self, actor: Actor = TELLER) -> str:
        """Tells whoever was not told yet.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        return f"{self._ending.tell_all(actor)} members told of points that end"
