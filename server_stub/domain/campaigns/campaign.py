"""A campaign: what it says, when and where it runs, whom it is for, how many may take part, what it gives. Knows no file and no table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from server_stub.domain.clock import business_day
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason

_AN_INSTANT = timedelta(microseconds=1)


class CampaignState(StrEnum):
    """Where a campaign stands (vocabulary.md 5.2); what comes before and after belongs to planning and evaluation."""

    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Words:
    """What a campaign says in one language; a Chinese character counts as two letters.

    Attributes:
        title: Up to 24 letters.
        line: One line under it, up to 40.
        body: What happens there, up to 160.
        conditions: Small print, up to 120, or empty.
    """

    title: str
    line: str
    body: str
    conditions: str


@dataclass(frozen=True, slots=True)
class PurchaseTerms:
    """So many purchases within the last days; ``here``: at the store of the kiosk."""

    count: int
    days: int
    here: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom a campaign is for; None and False where nothing is asked. At most three things are.

    Attributes:
        min_tier: Name of a tier of the programme.
        joined_from: First day of joining that counts.
        joined_until: Last one.
        adult_only: What the law asks of alcohol and tobacco; no other age can be asked for.
        marketing_consent: The member must have agreed to offers.
    """

    min_tier: str | None = None
    joined_from: date | None = None
    joined_until: date | None = None
    purchases: PurchaseTerms | None = None
    adult_only: bool = False
    marketing_consent: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """How many may take part; None and no entry: as many as come."""

    total: int | None
    per_store: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CouponGrant:
    """A coupon for who takes part; amounts in fen, days the first one included."""

    value_fen: int
    minimum_spend_fen: int
    valid_days: int


@dataclass(frozen=True, slots=True)
class PointsGrant:
    """Points for who takes part, and for how many days they can be spent."""

    points: int
    valid_days: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """One version of a campaign.

    Attributes:
        picture: Key of the picture on the kiosks.
        starts: First moment at which members may take part, aware.
        ends: First moment at which they may no more.
        shown_from: First moment at which kiosks show it.
        shown_until: First moment at which they do not any more.
        stores: None: all.
        per_member: How often one member may take part.
        grant: None: taking part is all.
        has_reminder: Members may wish to be told when they can take part.
    """

    campaign_id: str
    words: Mapping[Language, Words]
    picture: str
    starts: datetime
    ends: datetime
    shown_from: datetime
    shown_until: datetime
    stores: tuple[str, ...] | None
    segment: Segment
    quota: Quota
    per_member: int
    grant: CouponGrant | PointsGrant | None
    has_reminder: bool

    @property
    def last_day(self) -> date:
        """Returns the last day on which members may take part."""
        return business_day(self.ends - _AN_INSTANT)

    def is_in(self, store_id: str) -> bool:
        """Returns whether a store takes part."""
        return self.stores is None or store_id in self.stores

    def cause(self, ordinal: int) -> str:
        """Returns why the n-th gift of a member is given; a member gets one for a cause, ever."""
        return f"campaign:{self.campaign_id}:{ordinal}"


def state_of(campaign: Campaign, now: datetime, *, is_stopped: bool) -> CampaignState:
    """Returns where a campaign stands; one that is over is over, also where it was stopped."""
    if now >= campaign.ends:
        return CampaignState.ENDED
    if is_stopped:
        return CampaignState.PAUSED
    return CampaignState.RUNNING if now >= campaign.starts else CampaignState.SCHEDULED


@dataclass(frozen=True, slots=True)
class Room:
    """What has been taken.

    Attributes:
        own: How often this member took part.
        left: Places that are left here; None where they are not counted.
    """

    own: int
    left: int | None


_CLOSED = {
    CampaignState.PAUSED: Reason.CAMPAIGN_STOPPED,
    CampaignState.SCHEDULED: Reason.CAMPAIGN_NOT_STARTED,
    CampaignState.ENDED: Reason.CAMPAIGN_ENDED,
}


def first_refusal(campaign: Campaign, state: CampaignState, store_id: str) -> Reason | None:
    """Returns why nobody can take part here and now; None where whoever is eligible can."""
    if state in _CLOSED:
        return _CLOSED[state]
    return None if campaign.is_in(store_id) else Reason.CAMPAIGN_OTHER_STORE


def member_refusal(campaign: Campaign, room: Room, *, is_eligible: bool) -> Reason | None:
    """Returns why this member cannot take part, in the order in which it helps most to know it."""
    if room.own >= campaign.per_member:
        return Reason.CAMPAIGN_CLAIMED_ALREADY
    if not is_eligible:
        return Reason.CAMPAIGN_NOT_ELIGIBLE
    return Reason.CAMPAIGN_QUOTA_GONE if room.left == 0 else None
