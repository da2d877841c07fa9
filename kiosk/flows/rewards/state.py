"""States and events of redeeming."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kiosk.flows.phone_proof.state import PhoneState
from kiosk.ports.perks import ExplanationLine
from kiosk.ports.rewards import OwnRedemption, Pieces, Quote, Redemption, Reward
from kiosk.ports.values import Membership, Reason, Receipt, Visitor

MOST_PIECES = 20
"""Of one redemption at a kiosk, whatever there is: nobody carries more."""


# The catalogue, and what is chosen from it.


@dataclass(frozen=True, slots=True)
class LoadingRewards:
    """The centre is asked for the catalogue; `page` is what is to be shown of it, as it was before."""

    visitor: Visitor
    page: RewardList | Choosing | CannotHave | None = None


@dataclass(frozen=True, slots=True)
class RewardList:
    """The catalogue of this store.

    Attributes:
        is_only_available: Only what the member can have now.
        first: Place of the first reward that is shown, of those that are meant.
    """

    visitor: Visitor
    membership: Membership
    rewards: tuple[Reward, ...]
    is_only_available: bool = False
    first: int = 0

    @property
    def meant(self) -> tuple[Reward, ...]:
        """The rewards that the filter leaves."""
        return tuple(one for one in self.rewards if one.refusal is None or not self.is_only_available)

    def reward(self, reward_id: str) -> Reward | None:
        """Return a reward of the catalogue."""
        return next((one for one in self.rewards if one.reward_id == reward_id), None)


@dataclass(frozen=True, slots=True)
class Choosing:
    """A reward, how many pieces, and what they would cost.

    Attributes:
        quote: None until the centre has said so.
        was_points: Price of a piece that was agreed to and held no more; 0 where none did.
        phone_proof: Of a code that was typed before the price changed; "" else.
    """

    visitor: Visitor
    among: RewardList
    reward: Reward
    qty: int = 1
    quote: Quote | None = None
    was_points: int = 0
    phone_proof: str = field(default="", repr=False)

    @property
    def wanted(self) -> Pieces:
        """What is to be bought."""
        return Pieces(self.reward.reward_id, self.qty)

    @property
    def has_new_price(self) -> bool:
        """A piece costs other points than the member agreed to."""
        return self.was_points not in (0, self.reward.points)

    @property
    def most(self) -> int:
        """Pieces that can be chosen, 1 or more: by stock, by the member's limit and by points."""
        limits = [limit for limit in (self.reward.left, self.reward.left_for_member) if limit >= 0]
        by_points = self.among.membership.points_available // max(1, self.reward.points)
        return max(1, min(*limits, by_points, MOST_PIECES))


@dataclass(frozen=True, slots=True)
class LookingForAlternative:
    """It went away between choosing and confirming: the centre is asked what comes nearest."""

    visitor: Visitor
    choice: Choosing
    reason: Reason


@dataclass(frozen=True, slots=True)
class CannotHave:
    """Why it cannot be had, and what comes nearest; `frees_on` where points are short is the first day on which they will do."""

    visitor: Visitor
    among: RewardList
    reward: Reward
    reason: Reason
    frees_on: str = ""
    alternative: Reward | None = None


# A code before much is spent.


@dataclass(frozen=True, slots=True)
class AskingForCode:
    """The centre is asked to send a code to the member's own number, which nobody types."""

    visitor: Visitor
    choice: Choosing
    attempt: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class ProvingSpender:
    """The code is typed; the inner state says how far."""

    visitor: Visitor
    choice: Choosing
    phone: PhoneState


@dataclass(frozen=True, slots=True)
class CodeNotSent:
    """No code came, or too many were wrong; `wait_s` says for how long to wait."""

    visitor: Visitor
    choice: Choosing
    reason: Reason
    wait_s: int = 0


# Spending.


@dataclass(frozen=True, slots=True, repr=False)
class Redeeming:
    """The centre is asked to spend."""

    visitor: Visitor
    choice: Choosing
    phone_proof: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class RedeemUncertain:
    """No answer came: it may be spent or not. It is asked for again, as the same request, until that is known.

    Attributes:
        is_asked: The kiosk asks just now, by itself. This is no state of its own: nobody wished it, so idle time goes on meanwhile.
    """

    visitor: Visitor
    choice: Choosing
    phone_proof: str = ""
    is_asked: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class CancellingRedeem:
    """The member gave up: the centre closes the fate of the request.

    Attributes:
        is_asked: The request itself is still under way; it is closed when that has ended, unless it was answered.
    """

    visitor: Visitor
    choice: Choosing
    phone_proof: str = ""
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class NothingSpent:
    """It is certain: nothing was spent and nothing will be."""

    visitor: Visitor


# What was redeemed.


class CardStanding(StrEnum):
    """How far the member's card is with what it says of their points."""

    NONE = "none"
    WRITING = "writing"
    DONE = "done"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class RedemptionList:
    """What the member redeemed, the newest first; `first` is the place of the first one that is shown."""

    visitor: Visitor
    redemptions: tuple[OwnRedemption, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class LoadingRedemptions:
    """The centre is asked for what was redeemed."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class RedemptionShown:
    """One redemption: its code, until when, and what can be done about it.

    Attributes:
        why: The centre's lines on it; None until they are here, empty where they cannot be had.
        is_why: They are shown instead of the code.
        back: The list that it was chosen from, None where it was bought just now.
        receipt: None until it is here, and for what was bought elsewhere.
        is_receipt_missing: It did not come; it is asked for again when it is printed.
        slip: State of the paper: none, printing, printed, failed, unknown.
        card: How far the card is.
    """

    visitor: Visitor
    own: OwnRedemption
    back: RedemptionList | None = None
    receipt: Receipt | None = None
    is_receipt_missing: bool = False
    slip: str = "none"
    is_copy: bool = False
    slip_reason: Reason | None = None
    card: CardStanding = CardStanding.NONE
    why: tuple[ExplanationLine, ...] | None = None
    is_why: bool = False


@dataclass(frozen=True, slots=True)
class AskingUndo:
    """Really give it back?"""

    visitor: Visitor
    shown: RedemptionShown


@dataclass(frozen=True, slots=True)
class Undoing:
    """The centre is asked to give it back."""

    visitor: Visitor
    shown: RedemptionShown


@dataclass(frozen=True, slots=True)
class UndoRefused:
    """It was not given back, or it is not known whether it was."""

    visitor: Visitor
    shown: RedemptionShown
    reason: Reason


@dataclass(frozen=True, slots=True)
class Undone:
    """Points and piece are back, and the slip that proves it: none, printing, printed, failed or unknown."""

    visitor: Visitor
    redemption: Redemption
    card: CardStanding = CardStanding.NONE
    receipt: Receipt | None = None
    slip: str = "none"
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class RewardsUnavailable:
    """Not to be had now; `again` is the state in which `asks` is asked once more."""

    visitor: Visitor
    reason: Reason
    again: Any
    asks: Any


# Events of touches.


@dataclass(frozen=True, slots=True)
class RewardChosen:
    """This one, please."""

    reward_id: str


@dataclass(frozen=True, slots=True)
class OnlyAvailableToggled:
    """Only what I can have, or everything again."""


@dataclass(frozen=True, slots=True)
class RowsTurned:
    """Other rows, from this place on."""

    first: int


@dataclass(frozen=True, slots=True)
class QtyStepped:
    """One piece more, or one less."""

    step: int


@dataclass(frozen=True, slots=True)
class AlternativeChosen:
    """What comes nearest, please."""


@dataclass(frozen=True, slots=True)
class RedemptionsChosen:
    """Show what I redeemed."""


@dataclass(frozen=True, slots=True)
class RedemptionChosen:
    """One of them."""

    redemption_id: str


@dataclass(frozen=True, slots=True)
class SlipChosen:
    """Print the receipt, or print it once more."""


@dataclass(frozen=True, slots=True)
class UndoChosen:
    """Give it back."""


@dataclass(frozen=True, slots=True)
class RedemptionWhyChosen:
    """Why, please. Once more: enough of that."""
