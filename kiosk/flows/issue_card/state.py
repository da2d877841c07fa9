"""States, events and effects of issuing a card."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ports.values import AbortCause, CardSeen, Issued, IssueStage, Reason, Receipt


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued: the centre's permission, and how the journey came here."""

    grant: str
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class WaitingForBlank:
    """Lay a blank card on the reader; the dispenser's place is here."""

    order: Order


@dataclass(frozen=True, slots=True)
class WritingCard:
    """The centre writes through the kiosk; `issue_id` is empty until it answered."""

    order: Order
    card: CardSeen
    issue_id: str = ""
    stage: IssueStage = IssueStage.CHECKING
    done: int = 0
    total: int = 0
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class CardPulled:
    """The card was taken away while it was written: put it back and it goes on."""

    order: Order
    card: CardSeen
    issue_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class WrongCard:
    """Not a card that can be issued; nothing was written. Goes on when it is taken away."""

    order: Order
    reason: Reason


@dataclass(frozen=True, slots=True)
class Activating:
    """Written and verified; the centre makes it valid."""

    order: Order
    card: CardSeen
    issue_id: str


@dataclass(frozen=True, slots=True)
class ActivationUncertain:
    """No answer; trying again uses the same request id. The member keeps the card: it is good."""

    order: Order
    card: CardSeen
    issue_id: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The link to the centre or to the reader broke while writing; lay the card down again to go on."""

    order: Order
    card: CardSeen
    issue_id: str
    reason: Reason
    attempt: int


@dataclass(frozen=True, slots=True)
class GivingUp:
    """The centre is told that this issue is given up."""

    order: Order
    issue_id: str
    cause: AbortCause
    reason: Reason


@dataclass(frozen=True, slots=True)
class CardSpoiled:
    """This card is of no use: hand it to staff. Another blank may be tried."""

    order: Order
    reason: Reason


@dataclass(frozen=True, slots=True)
class IssueRefused:
    """The centre refuses to issue; the reason says why and what helps."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class CardIssued:
    """Take the card; benefits, receipt.

    Attributes:
        is_taken: The reader is empty.
        slip: "printing", "printed", "failed", or "unknown" where it may have come out.
        is_copy: What was printed last is the one copy that may be made.
    """

    issued: Issued
    is_taken: bool = False
    slip: str = "printing"
    is_copy: bool = False


IssueState = (
    WaitingForBlank
    | WritingCard
    | CardPulled
    | WrongCard
    | Activating
    | ActivationUncertain
    | Interrupted
    | GivingUp
    | CardSpoiled
    | IssueRefused
    | CardIssued
)


# Events.


@dataclass(frozen=True, slots=True)
class IssueProgress:
    """The dialogue with the card goes on."""

    issue_id: str
    stage: IssueStage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CardWritten:
    """Read back and found good by the centre."""

    issue_id: str


@dataclass(frozen=True, slots=True)
class WritingStopped:
    """The dialogue ended early: the card went away or did not answer; what it holds is not known."""

    issue_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class CardActivated:
    """The card is valid."""

    issued: Issued


@dataclass(frozen=True, slots=True)
class IssueAborted:
    """The centre has noted it."""

    is_spoiled: bool
    grant: str


@dataclass(frozen=True, slots=True)
class HomeChosen:
    """To my membership."""


# Effects.


@dataclass(frozen=True, slots=True)
class WriteCard:
    """Hold the dialogue between centre and card; answers IssueProgress, CardWritten, WritingStopped or a desk event."""

    grant: str
    card: CardSeen
    attempt: int


@dataclass(frozen=True, slots=True)
class ActivateCard:
    """Confirm the issue; answers CardActivated."""

    issue_id: str


@dataclass(frozen=True, slots=True)
class AbortIssue:
    """Give the issue up; answers IssueAborted."""

    issue_id: str
    cause: AbortCause


@dataclass(frozen=True, slots=True)
class PrintMembershipSlip:
    """Print the membership slip; answers SlipPrinted or SlipFailed."""

    issued: Issued
    is_copy: bool


@dataclass(frozen=True, slots=True)
class LookAtReader:
    """Tell what lies on the reader now: answers CardInserted or CardRemoved."""
