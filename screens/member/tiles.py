"""What the tiles of the member's home look like: one line for each way on. Knows no place; kiosk.flows.member.errands does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.flows.member.errands import Errand
from kiosk.ports.perks import OwnNews
from kiosk.ports.values import Membership
from kiosk.texts import Texts


def _no_badge(_tr: Texts, _membership: Membership, _news: OwnNews) -> str:
    return ""


def _badge_alone(_tr: Texts, _membership: Membership, badge: str) -> str:
    return badge


def _benefit_news(tr: Texts, _membership: Membership, news: OwnNews) -> str:
    """What changes comes before the gift, which has a band of its own."""
    if news.changes:
        return tr("member.news.changes", count=news.changes)
    return tr("member.news.gift") if news.gift is not None else ""


def usable(membership: Membership) -> int:
    """Return how many coupons a till takes today."""
    return sum(coupon.usable for coupon in membership.coupons)


def _claimable(membership: Membership) -> int:
    return sum(coupon.claimable for coupon in membership.coupons)


def _coupons_to_claim(tr: Texts, membership: Membership, _news: OwnNews) -> str:
    count = _claimable(membership)
    return tr("member.tile.coupons.claim", count=count) if count else ""


def _coupons_large(tr: Texts, membership: Membership, _badge: str) -> str:
    return tr("member.tile.coupons.large", count=usable(membership), claimable=_claimable(membership))


@dataclass(frozen=True, slots=True)
class Look:
    """A tile; title and note are `member.tile.<tile>` and `member.tile.<tile>.note`, to which `values` gives its variables.

    Attributes:
        badge: Takes the place of the caret; "" for none.
        large: What a note says in large type where there is a badge, which has no room there.
    """

    icon: str
    hue: str
    values: Callable[[Membership], Mapping[str, object]] = lambda _membership: {}
    badge: Callable[[Texts, Membership, OwnNews], str] = _no_badge
    large: Callable[[Texts, Membership, str], str] = _badge_alone


LOOKS: Mapping[Errand, Look] = {
    Errand.REDEEM: Look("shopping-bag", "violet"),
    Errand.POINTS: Look("coins", "gold"),
    Errand.COUPONS: Look("ticket", "red", lambda membership: {"count": usable(membership)}, _coupons_to_claim, _coupons_large),
    Errand.PURCHASES: Look("receipt", "blue"),
    Errand.BENEFITS: Look("gift", "gold", badge=_benefit_news),
    Errand.CAMPAIGNS: Look("calendar-star", "violet"),
    Errand.FEEDBACK: Look("smiley", "green"),
    Errand.CHILDREN: Look("users-three", "blue"),
    Errand.LOST_CARD: Look("cardholder", "red"),
}
