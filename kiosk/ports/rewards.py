"""What points buy, as journeys know it: the catalogue of the store, what a reward would cost, and what was redeemed.

Days are YYYY-MM-DD in the zone of the stores, points whole numbers, never money. Everything here is personal by its visit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.ports.values import Language, Reason, Receipt, RequestId

NOT_COUNTED = -1
"""Where pieces or pieces of a member are not counted."""


@dataclass(frozen=True, slots=True, repr=False)
class Reward:
    """A reward as the member who is here sees it.

    Attributes:
        picture: Key of its picture, "" for none.
        left: Pieces that this store can give, or NOT_COUNTED.
        left_for_member: Pieces that this member may still have, or NOT_COUNTED.
        until_day: Last day on which it can be had, "" where none is known.
        refusal: Why it cannot be had now, None where it can.
        frees_on: Where points are short, first day on which those to come will do, or "".
        alternative: Where it cannot be had, id of what comes nearest, or "".
    """

    reward_id: str
    title: str
    description: str
    picture: str
    points: int
    left: int = NOT_COUNTED
    min_tier: str = ""
    adult_only: bool = False
    left_for_member: int = NOT_COUNTED
    until_day: str = ""
    refusal: Reason | None = None
    frees_on: str = ""
    alternative: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Payer:
    """Points of one lot that would pay; `last_day` is "" where they do not end."""

    points: int
    last_day: str


@dataclass(frozen=True, slots=True, repr=False)
class Quote:
    """What pieces of a reward would cost; nothing is booked.

    Attributes:
        after: Points that would be left, or what there is where it cannot be had.
        payers: In the order in which they would pay.
        needs_code: A one-time code comes first.
        refusal: Why they cannot be had, None where they can.
        alternative: What comes nearest, where they cannot.
        last_day: Last day on which they could be picked up, were they bought now; "" where that is not known.
    """

    points: int
    after: int
    payers: tuple[Payer, ...] = ()
    needs_code: bool = False
    refusal: Reason | None = None
    frees_on: str = ""
    alternative: Reward | None = None
    last_day: str = ""


class RedemptionState(StrEnum):
    """Where a redemption stands, as a member is told."""

    WAITING = "waiting"
    PICKED_UP = "picked_up"
    GIVEN_BACK = "given_back"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Redemption:
    """A redemption as it is.

    Attributes:
        available: Points that can be spent now.
        pickup_code: In groups of three; whoever has it gets the piece; "" where nothing waits.
        last_day: Last day on which it can be picked up, "" where nothing waits.
    """

    redemption_id: str
    state: RedemptionState
    points: int
    available: int
    pickup_code: str = field(default="")
    last_day: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class OwnRedemption:
    """A redemption with what it was for.

    Attributes:
        made_on: "" where it was made just now.
        store_name: Where it is picked up; "" for this store.
        is_here: It was made at this device, where its receipt can be had unless it is masked.
    """

    redemption: Redemption
    title: str
    picture: str
    qty: int
    made_on: str
    store_name: str
    is_here: bool
    can_be_undone: bool

    @property
    def is_masked(self) -> bool:
        """It waits, and its code is not for this visit: the holder of a card or a paper need not be the member."""
        waiting = self.redemption
        return waiting.state is RedemptionState.WAITING and bool(waiting.last_day) and not waiting.pickup_code


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is to be bought."""

    reward_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class Bargain:
    """What is to be bought, and the points for all of it that the member read and agreed to: so many are taken, or none."""

    wanted: Pieces
    agreed_points: int


class RewardDesk(Protocol):
    """Rewards at the centre. Each call raises `kiosk.ports.errors.DeskError`; Thread: loop."""

    async def catalogue(self, visit_token: str, language: Language) -> tuple[Reward, ...]:
        """Return all that this store has, in its order."""
        ...

    async def quote(self, visit_token: str, wanted: Pieces, language: Language) -> Quote:
        """Return what it would cost; asks for nothing to be set aside."""
        ...

    async def redeem(self, request_id: RequestId, visit_token: str, bargain: Bargain, phone_proof: str) -> Redemption:
        """Spend the points that were agreed to, or none; the same id again gives the same redemption."""
        ...

    async def undo(
        self, request_id: RequestId, visit_token: str, redemption_id: str, language: Language
    ) -> tuple[Redemption, Receipt | None]:
        """Give back what was not picked up, and return what proves it, in that language; the same id again returns the same."""
        ...

    async def redemptions(self, visit_token: str, language: Language) -> tuple[OwnRedemption, ...]:
        """Return what the member redeemed, the newest first."""
        ...

    async def redemption_receipt(self, visit_token: str, redemption_id: str, language: Language) -> Receipt:
        """Return the signed receipt of what was redeemed at this device; the same one for ever, in the language asked for first."""
        ...
