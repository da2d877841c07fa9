"""States, events and effects of lost and found cards."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.phone_proof.state import PhoneState
from kiosk.ports.own_card import OwnCard
from kiosk.ports.values import CardSeen, Reason, Receipt, Visitor


@dataclass(frozen=True, slots=True)
class AskingWhich:
    """Is your card lost, or did you find one?"""


@dataclass(frozen=True, slots=True, repr=False)
class ProvingHolder:
    """The phone number is proved: a card is not there, or proves too little. The visitor is who came by the own pages."""

    phone: PhoneState
    visitor: Visitor | None = None


@dataclass(frozen=True, slots=True)
class IdentifyingHolder:
    """The centre looks the number up."""

    phone_proof: str
    visitor: Visitor | None = None


@dataclass(frozen=True, slots=True)
class LoadingCard:
    """The centre is asked how it stands with the card."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class ExplainingLoss:
    """What will happen; nothing has happened yet."""

    visitor: Visitor
    card: OwnCard


@dataclass(frozen=True, slots=True)
class ReportingLoss:
    """The centre is told."""

    visitor: Visitor
    card: OwnCard


@dataclass(frozen=True, slots=True)
class CardLost:
    """The card is refused everywhere: a new one now or later, or, for a moment, take it back; proved where it was reported just now."""

    visitor: Visitor
    card: OwnCard
    receipt: Receipt | None = None
    slip: str = "none"
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawingLoss:
    """The report is taken back."""

    visitor: Visitor
    card: OwnCard


@dataclass(frozen=True, slots=True)
class LossWithdrawn:
    """The card is valid again."""

    visitor: Visitor
    receipt: Receipt | None = None
    slip: str = "none"
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class AskingReplacement:
    """The centre is asked for the permission to write a new card."""

    visitor: Visitor
    card: OwnCard


@dataclass(frozen=True, slots=True)
class NoCardYet:
    """There is no card that could be lost: the first one is still to be fetched."""

    visitor: Visitor


Asked = IdentifyingHolder | LoadingCard | ReportingLoss | WithdrawingLoss | AskingReplacement


@dataclass(frozen=True, slots=True)
class LossFailed:
    """The centre said no, or nothing at all; `asked` may be asked again, under the same id where nothing was heard."""

    asked: Asked
    reason: Reason

    @property
    def visitor(self) -> Visitor | None:
        """Return who is here, where that is known."""
        return self.asked.visitor


@dataclass(frozen=True, slots=True)
class WaitingForFound:
    """Lay the card that you found on the reader; `reason` says what was wrong with the last one."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class AskingTurnIn:
    """Hand it in? Nothing is said about whose it is."""

    card: CardSeen


@dataclass(frozen=True, slots=True)
class TurningIn:
    """The centre is told."""

    card: CardSeen


@dataclass(frozen=True, slots=True)
class CardTurnedIn:
    """Thanks; give it to staff, who are called."""


@dataclass(frozen=True, slots=True)
class TurnInFailed:
    """Not noted; the card still belongs into the hands of staff."""

    card: CardSeen
    reason: Reason


LostState = (
    AskingWhich
    | ProvingHolder
    | IdentifyingHolder
    | LoadingCard
    | ExplainingLoss
    | ReportingLoss
    | CardLost
    | WithdrawingLoss
    | LossWithdrawn
    | AskingReplacement
    | NoCardYet
    | LossFailed
    | WaitingForFound
    | AskingTurnIn
    | TurningIn
    | CardTurnedIn
    | TurnInFailed
)


# Events.


@dataclass(frozen=True, slots=True)
class LossChosen:
    """My card is lost."""


@dataclass(frozen=True, slots=True)
class FoundChosen:
    """I found a card."""


@dataclass(frozen=True, slots=True)
class CardLoaded:
    """How it stands with the card."""

    card: OwnCard


@dataclass(frozen=True, slots=True)
class LossReported:
    """The card is refused from here on; the day as YYYY-MM-DD, and what proves it."""

    lost_on: str
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class WithdrawLossChosen:
    """It was a mistake."""


@dataclass(frozen=True, slots=True)
class LossTakenBack:
    """The centre has made the card valid again, and what proves it."""

    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class NewCardChosen:
    """A new card, now."""


@dataclass(frozen=True, slots=True)
class ReplacementGranted:
    """It may be written here."""

    grant: str


@dataclass(frozen=True, slots=True)
class TurnInNoted:
    """The centre knows that the card was handed in."""


# Effects.


@dataclass(frozen=True, slots=True)
class LoadCard:
    """Ask how it stands; answers CardLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class ReportLoss:
    """Have the card refused everywhere; answers LossReported."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class WithdrawLoss:
    """Make the card valid again; answers LossTakenBack."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class AskReplacement:
    """Ask for a new card; answers ReplacementGranted."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class TurnInCard:
    """Tell the centre that this card was handed in; answers TurnInNoted."""

    card: CardSeen
