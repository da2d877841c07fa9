"""Rewards referrals whose new member has bought and kept something, and takes rewards back. Knows no scheduler.

Each batch is a transaction of its own; running it again changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.referrals import Referrals

REWARDER = SystemActor("referrals")
_BATCH = 50


class ReferralRewards:
    """The job."""

    def __init__(self, referrals: Referrals, batch: int = _BATCH) -> None:
        self._referrals = referrals
        self._batch = batch

    def run(self, actor: Actor = REWARDER) -> int:
        """Takes every step that is due and returns how many referrals changed.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        total, after = 0, ""
        while True:
            changed, last = self._referrals.settle_next(actor, after, self._batch)
            total += changed
            if not last:
                return total
            after = last
