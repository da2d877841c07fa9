"""Campaigns as flows and screens know them. Moments are aware, amounts in fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.ports.perks import ShownCoupon
from kiosk.ports.values import Language, Reason, Receipt

CLAIMED = Reason("CAMPAIGN_CLAIMED_ALREADY")
"""The refusal of who has taken part."""


_NO_RECEIPT = Receipt("", "")


@dataclass(frozen=True, slots=True)
class Words:
    """What a campaign says in one language; `conditions` may be empty."""

    title: str
    line: str
    body: str
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class PublicCampaign:
    """What anybody may read of a campaign.

    Attributes:
        picture: Key of the picture.
        starts: First moment at which members can take part.
        ends: First moment at which they cannot any more.
        shown_from: First moment at which it is shown.
        shown_until: First moment at which it is not any more.
        value_fen: Of the coupon that it gives, 0 for none.
        minimum_spend_fen: Purchase from which that can be used, 0 where any will do.
        points: That it gives, 0 for none.
    """

    campaign_id: str
    version: int
    words: Mapping[Language, Words] = field(hash=False)
    picture: str
    starts: datetime
    ends: datetime
    shown_from: datetime
    shown_until: datetime
    is_everywhere: bool = True
    value_fen: int = 0
    minimum_spend_fen: int = 0
    points: int = 0

    def is_shown(self, now: datetime) -> bool:
        """Tell whether it is shown at a moment; this needs no link."""
        return self.shown_from <= now < self.shown_until

    def has_begun(self, now: datetime) -> bool:
        """Tell whether members can take part by its dates; it may be shown earlier."""
        return self.starts <= now


@dataclass(frozen=True, slots=True)
class Board:
    """The campaigns of this store; `campaigns` is None where nothing changed since the version that was known."""

    version: int
    campaigns: tuple[PublicCampaign, ...] | None


@dataclass(frozen=True, slots=True)
class Line:
    """A text by its key, with the values of its variables as the centre sends them."""

    key: str
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked and how it stands with the member; both None for nobody."""

    what: Line
    standing: Line | None = None
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class CampaignLook:
    """One campaign as it stands with the member, or for nobody.

    Attributes:
        refusal: Why it cannot be taken part in; None where it can.
        conditions: Three at most, those that are met first.
        way: How it could be taken part in, three lines at most.
        left: Places, -1 where they are not counted.
    """

    campaign: PublicCampaign
    refusal: Reason | None = None
    conditions: tuple[Condition, ...] = ()
    way: tuple[Line, ...] = ()
    left: int = -1
    may_wish: bool = False
    has_wished: bool = False

    @property
    def gave_coupon(self) -> bool:
        """The member has taken part, and holds, or held, a coupon for it."""
        return self.refusal == CLAIMED and self.campaign.value_fen > 0


@dataclass(frozen=True, slots=True)
class Joined:
    """What taking part gave, and what proves it; the coupon with its code where it could be fetched."""

    coupon_id: str = ""
    points: int = 0
    coupon: ShownCoupon | None = None
    receipt: Receipt = _NO_RECEIPT
