"""States, events and effects of campaigns. A visitor is None where nobody is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.ports.campaigns import CampaignLook, Joined, PublicCampaign
from kiosk.ports.values import Reason, Visitor


@dataclass(frozen=True, slots=True)
class LoadingBoard:
    """The kiosk's own memory is asked; the id is of the campaign to go on to, or empty."""

    visitor: Visitor | None
    campaign_id: str = ""


@dataclass(frozen=True, slots=True)
class CampaignList:
    """The campaigns that are shown now; none is fine."""

    visitor: Visitor | None
    campaigns: tuple[PublicCampaign, ...]


@dataclass(frozen=True, slots=True)
class OpeningCampaign:
    """The centre is asked how it stands."""

    visitor: Visitor | None
    among: CampaignList
    campaign: PublicCampaign


@dataclass(frozen=True, slots=True)
class CampaignShown:
    """One campaign; from memory, where the centre could not be asked: then nothing is known of the member and of places."""

    visitor: Visitor | None
    among: CampaignList
    look: CampaignLook
    is_from_memory: bool = False


@dataclass(frozen=True, slots=True)
class JoiningCampaign:
    """The centre lets the member take part, or not."""

    visitor: Visitor
    shown: CampaignShown


@dataclass(frozen=True, slots=True)
class CampaignJoined:
    """Taken part: what it gave, and the slip: printing, printed, failed or unknown."""

    visitor: Visitor
    shown: CampaignShown
    joined: Joined
    slip: str = "printing"
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class AskingReminder:
    """One message is agreed to, or not."""

    visitor: Visitor
    shown: CampaignShown


@dataclass(frozen=True, slots=True)
class WishingReminder:
    """The wish is sent."""

    visitor: Visitor
    shown: CampaignShown


@dataclass(frozen=True, slots=True)
class ReminderNoted:
    """The member will be told once."""

    visitor: Visitor
    shown: CampaignShown


@dataclass(frozen=True, slots=True)
class CampaignRefused:
    """It was not to be had; what was asked can be asked again where the answer was lost."""

    visitor: Visitor
    asked: JoiningCampaign | WishingReminder
    reason: Reason


@dataclass(frozen=True, slots=True)
class CampaignGone:
    """It was stopped, or is over, while it was being read."""

    visitor: Visitor | None
    reason: Reason


CampaignsState = (
    LoadingBoard
    | CampaignList
    | OpeningCampaign
    | CampaignShown
    | JoiningCampaign
    | CampaignJoined
    | AskingReminder
    | WishingReminder
    | ReminderNoted
    | CampaignRefused
    | CampaignGone
)


# Events of touches.


@dataclass(frozen=True, slots=True)
class CampaignChosen:
    """One campaign, please."""

    campaign_id: str


@dataclass(frozen=True, slots=True)
class JoinChosen:
    """Take part; signs in first where nobody is."""


@dataclass(frozen=True, slots=True)
class ReminderChosen:
    """Tell me when I can."""


@dataclass(frozen=True, slots=True)
class CampaignFeedbackChosen:
    """Say something about it."""


@dataclass(frozen=True, slots=True)
class OwnCouponsChosen:
    """See what taking part gave, where that was a coupon."""


# Answers to effects, and news.


@dataclass(frozen=True, slots=True)
class BoardKnown:
    """What the kiosk knows; an answer, or news while one reads. `ended` are the ids of those that are over by their dates."""

    campaigns: tuple[PublicCampaign, ...]
    ended: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CampaignOpened:
    """How it stands."""

    look: CampaignLook


@dataclass(frozen=True, slots=True)
class PartTaken:
    """Taken part."""

    joined: Joined = field(repr=False)


@dataclass(frozen=True, slots=True)
class WishNoted:
    """The wish is kept."""


# Effects.


@dataclass(frozen=True, slots=True)
class LoadBoard:
    """Ask the kiosk's own memory; answers BoardKnown."""


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """Ask how one stands; answers CampaignOpened."""

    visit_token: str
    campaign_id: str


@dataclass(frozen=True, slots=True)
class JoinCampaign:
    """Take part; answers PartTaken."""

    visit_token: str
    campaign_id: str


@dataclass(frozen=True, slots=True)
class WishReminder:
    """Agree to one message; answers WishNoted."""

    visit_token: str
    campaign_id: str
