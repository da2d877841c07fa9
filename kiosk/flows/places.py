"""Places that a journey may lead to: the session turns each into the flow that begins there."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.ports.feedback import Said
from kiosk.ports.values import Draft, Reason, Receipt, Visitor


@dataclass(frozen=True, slots=True)
class ToAttract:
    """The start; the session is over and wiped."""


@dataclass(frozen=True, slots=True)
class ToMenu:
    """The menu of a guest."""


@dataclass(frozen=True, slots=True)
class ToRegister:
    """Joining; of a child, where a guardian who is signed in joins one; `mending` begins a returned application anew."""

    guardian: Visitor | None = None
    mending: Draft | None = None


@dataclass(frozen=True, slots=True)
class ToSignIn:
    """Signing in: by card, or at once by phone; on the way to a campaign, or to what was written, where given (kiosk.session.goals)."""

    by_phone: bool = False
    campaign_id: str = ""
    said: Said | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ToScan:
    """Showing a code to the camera."""


@dataclass(frozen=True, slots=True)
class ToStatus:
    """Asking after an application; the number is known where its slip was shown."""

    number: str = ""


@dataclass(frozen=True, slots=True)
class ToIssueCard:
    """Writing the card: by a grant, or, where the card on the reader is half written, by that card alone."""

    grant: str
    receipt: Receipt | None = None
    resume: bool = False


@dataclass(frozen=True, slots=True)
class ToMember:
    """The member's own pages; `page` is that of a visit which goes on, by the name of its errand, or empty."""

    visitor: Visitor
    page: str = ""


@dataclass(frozen=True, slots=True)
class ToFeedback:
    """Feedback: of a member who comes back to their own pages, or of a guest.

    Attributes:
        campaign_id: Campaign that it is about, or empty.
        case_digits: Number and secret of a slip that was shown: its case is looked up at once.
        said: What was written before, where it goes on.
    """

    visitor: Visitor | None = None
    campaign_id: str = ""
    case_digits: str = field(default="", repr=False)
    said: Said | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ToCoupons:
    """The member's coupons."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class ToBenefits:
    """The member's benefits and what changes."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class ToChildren:
    """A guardian's children."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class ToPoints:
    """The member's points; the number is masked."""

    visitor: Visitor
    number: str


@dataclass(frozen=True, slots=True)
class ToPurchases:
    """The member's purchases; the number is masked."""

    visitor: Visitor
    number: str


@dataclass(frozen=True, slots=True)
class ToRewards:
    """What the member's points buy."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class ToLostCard:
    """A card is lost, or one was found; the visitor is who comes by the own pages."""

    visitor: Visitor | None = None


@dataclass(frozen=True, slots=True)
class ToFoundCard:
    """Somebody hands in a card."""


@dataclass(frozen=True, slots=True)
class ToCampaigns:
    """Campaigns, of a member or of a guest; one of them at once where its id is given."""

    visitor: Visitor | None = None
    campaign_id: str = ""


@dataclass(frozen=True, slots=True)
class ToFault:
    """The page that says that the kiosk itself failed; the visit is wiped, its language stays."""

    reason: Reason


Place = (
    ToAttract
    | ToMenu
    | ToRegister
    | ToSignIn
    | ToScan
    | ToStatus
    | ToIssueCard
    | ToMember
    | ToFeedback
    | ToCoupons
    | ToBenefits
    | ToChildren
    | ToPoints
    | ToPurchases
    | ToRewards
    | ToLostCard
    | ToFoundCard
    | ToCampaigns
    | ToFault
)
