"""Gives what is bought for points its pick-up code and the last moment for it. Knows no desk.

Only rewards of a loaded catalogue are picked up at a store, whoever says their terms; what rules alone brought, and points against a
sale, are not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server_stub.config import RewardSettings
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.calendar import start_of
from server_stub.domain.numbering import RandomBelow
from server_stub.domain.rewards.pickup_code import new_code
from server_stub.storage.database import Tx
from server_stub.storage.pickups import redemption_by_code
from server_stub.storage.redemptions import RewardRow
from server_stub.storage.reward_listings import find_listing


@dataclass(frozen=True, slots=True)
class Pickup:
    """How a reward is picked up.

    Attributes:
        until: First moment at which it can be picked up no more, midnight in Shanghai.
    """

    code: str = field(repr=False)
    until: datetime


class Pickups:
    """Gives codes."""

    def __init__(self, random_below: RandomBelow, settings: RewardSettings) -> None:
        self._random_below = random_below
        self._days = settings.pickup_days

    def begin(self, tx: Tx, reward: RewardRow | None, store_id: str | None) -> Pickup | None:
        """Returns code and end for a reward that is being spent on now; None where nothing is picked up."""
        until = self.end_of(tx, reward, store_id)
        return None if until is None else Pickup(self.free_code(tx), until)

    def end_of(self, tx: Tx, reward: RewardRow | None, store_id: str | None) -> datetime | None:
        """Returns when the time to pick up would end for a reward that is spent on now; None where nothing is picked up."""
        if reward is None or store_id is None or (reward.rules_version and find_listing(tx, reward.reward_id) is None):
            return None
        return self.end(tx.now)

    def end(self, moment: datetime) -> datetime:
        """Returns when the time to pick up ends for what is spent on at a moment."""
        return start_of(business_day(moment) + timedelta(days=self._days + 1))

    def free_code(self, tx: Tx) -> str:
        """Returns a code that no redemption has ever had."""
        while True:
            code = new_code(self._random_below)
            if redemption_by_code(tx, code) is None:
                return code
