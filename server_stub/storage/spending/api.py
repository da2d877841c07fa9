"""What the fast path of spending points is asked and what it answers; one module for each database behind it.

Only what is plain is spent here. Whatever needs more than the account's row (something is due, too little is there, the price is not the
one that was agreed to, a reward with limits, a visit that is over, a request that is known with another body) is left alone, and the
ledger's use case decides it and words the refusal.
Both write the same rows, which a test compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from server_stub.domain.entry_kinds import RedemptionState

# Names and ids that the statements put together; the use case takes them from here.
OPERATION = "SPEND_OWN_POINTS"
ACTION = "redemption.committed"
BUILT_IN_RULES = "built-in:plain"
# Visits that began with a code to the member's phone; the others may spend so much within 24 hours and no more. An issued card began one
# of the others: a half-written card can be finished by whoever finds it.
BY_PHONE = "PHONE"
# Visits that were taken up with a receipt always need a code, which only the slow way asks for.
BY_PAPER = "RECEIPT"
_REDEMPTION = "red_"

# What one operation may ask for at most, so that no sum of a batch leaves 64 bits; more goes the slow way.
MOST_POINTS = 2**40
# No device asks for more either: at the highest price there is (2**53) they still cost what a number of the contract can say (2**63).
MOST_PIECES = 1000
MOST_AT_ONCE = 256


def redemption_id_of(request_id: str) -> str:
    """Returns the id of the redemption that a request makes."""
    return _REDEMPTION + request_id


@dataclass(frozen=True, slots=True)
class Spend:
    """One request to spend, ready to be stored.

    Attributes:
        points: 1 to ``MOST_POINTS``; None where a reward is named.
        qty: 1 to ``MOST_PIECES``; 1 where points are named.
        agreed_points: Only what costs so much is spent; 0: whatever it costs. 0 where points are named.
        pickup_code: For a reward, used where it is one that is picked up.
        body_mac: Keyed digest of the command, 32 bytes.
        row_mac: Keyed digest of the row in the log of requests, 32 bytes.
        entry_id: Id for the entry.
        event_id: Id for the audit event.
        event_mac: Keyed digest of the audit event, 32 bytes.
        queue: Operations of one queue take effect in their order: behind one that is left alone, the later ones are left alone too.
    """

    request_id: str
    visit_id: str
    device_id: str
    device_seq: int
    store_id: str
    points: int | None
    reward_id: str | None
    qty: int
    agreed_points: int
    pickup_code: str | None
    body_mac: bytes
    row_mac: bytes
    entry_id: str
    event_id: str
    event_mac: bytes
    queue: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a whole batch.

    Attributes:
        now: Moment of every row, aware.
        day: That day in Asia/Shanghai.
        rules_version: Rules that the requests were judged by; where others are in force nothing is spent.
        card_limit: Points that a visit by card alone may make the member's 24 hours reach.
        pickup_until: Moment until which what is bought now can be picked up.
    """

    now: datetime
    day: date
    rules_version: str
    card_limit: int
    pickup_until: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """A redemption that was made now or before.

    Attributes:
        available: Points that can be spent after it, now.
        pickup_code: Nine characters; None where nothing waits to be picked up.
        is_replay: The same request with the same body had been accepted before.
    """

    points: int
    available: int
    state: RedemptionState
    is_replay: bool
    pickup_code: str | None = None
    pickup_until: datetime | None = None


class SpendStore(Protocol):
    """A database on which points are spent.

    Thread:
        loop.
    """

    async def spend(self, spends: Sequence[Spend], terms: Terms) -> list[Spent | None]:
        """Spends in one transaction and returns what became of each, in order; None: nothing was written, ask the use case.

        Args:
            spends: 1 to ``MOST_AT_ONCE``, of distinct request ids; several may be of one account.
            terms: Of all of them.

        Raises:
            Exception: Of the driver. Whether something was written is then not known; the use case finds out by the request ids.
        """
        ...

    async def close(self) -> None:
        """Closes every connection."""
        ...
