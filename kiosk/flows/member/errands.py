"""What a member can do from their own pages: one line for each journey, in the order in which the tiles lie, and each comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from kiosk.flows.places import (
    Place,
    ToBenefits,
    ToCampaigns,
    ToChildren,
    ToCoupons,
    ToFeedback,
    ToLostCard,
    ToPoints,
    ToPurchases,
    ToRewards,
)
from kiosk.ports.values import Membership, Visitor


class Errand(StrEnum):
    """A tile of the member's home; what is not here is not shown."""

    REDEEM = "redeem"
    POINTS = "points"
    COUPONS = "coupons"
    PURCHASES = "purchases"
    BENEFITS = "benefits"
    FEEDBACK = "feedback"
    CAMPAIGNS = "campaigns"
    CHILDREN = "children"
    LOST_CARD = "lost_card"


PLACES: Mapping[Errand, Callable[[Visitor, Membership], Place]] = {
    Errand.REDEEM: lambda visitor, _membership: ToRewards(visitor),
    Errand.POINTS: lambda visitor, membership: ToPoints(visitor, membership.membership_number_masked),
    Errand.COUPONS: lambda visitor, _membership: ToCoupons(visitor),
    Errand.PURCHASES: lambda visitor, membership: ToPurchases(visitor, membership.membership_number_masked),
    Errand.BENEFITS: lambda visitor, _membership: ToBenefits(visitor),
    Errand.FEEDBACK: lambda visitor, _membership: ToFeedback(visitor),
    Errand.CAMPAIGNS: lambda visitor, _membership: ToCampaigns(visitor),
    Errand.CHILDREN: lambda visitor, _membership: ToChildren(visitor),
    Errand.LOST_CARD: lambda visitor, _membership: ToLostCard(visitor),
}
"""Where an errand leads, for the member who is here."""

_PAGES: Mapping[type, Errand] = {
    ToRewards: Errand.REDEEM,
    ToPoints: Errand.POINTS,
    ToCoupons: Errand.COUPONS,
    ToPurchases: Errand.PURCHASES,
    ToBenefits: Errand.BENEFITS,
    ToFeedback: Errand.FEEDBACK,
    ToCampaigns: Errand.CAMPAIGNS,
    ToChildren: Errand.CHILDREN,
    ToLostCard: Errand.LOST_CARD,
}


def page_of(place: Place) -> str:
    """Return the name under which a visit that is left at a place goes on there; empty where no errand leads to it."""
    errand = _PAGES.get(type(place))
    return errand.value if errand is not None else ""
