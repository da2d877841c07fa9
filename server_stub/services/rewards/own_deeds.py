"""Which redemptions a visit may act on and whose pick-up codes it may see. Knows no code and no ledger.

A card or a paper that was found must not fetch what its member redeemed, nor give it back (F15): who has the pick-up code gets the piece.
"""

from __future__ import annotations

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.visits import Running
from server_stub.storage.redemptions import RedemptionRow


def is_own_deed(running: Running, row: RedemptionRow) -> bool:
    """Returns whether the visit's holder is proved, or the visit made the redemption itself."""
    visit = running.visit
    # A device has one visit at a time, so what was made there since the visit began was made by it.
    return running.is_holder_proved or (row.device_id == visit.device_id and row.made_at >= visit.began_at)


def require_own_deed(running: Running, row: RedemptionRow) -> None:
    """Lets through what the visit may act on.

    Raises:
        Refusal: HOLDER_PROOF.
    """
    if not is_own_deed(running, row):
        raise refuse(Reason.HOLDER_PROOF)
