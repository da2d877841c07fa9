"""What the tiles of the member's home look like: one line for each way on. Knows no place; kiosk.flows.member.errands does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.flows.member.errands import Errand
from kiosk.ports.perks import OwnNews
from kiosk.ports.values import Membership
from kiosk.texts import Texts


def _no_badge(_tr: Texts, _news: OwnNews) -> str:
    return ""


def _benefit_news(tr: Texts, news: OwnNews) -> str:
    """The gift comes before what changes: it can be had today."""
    if news.gift is not None:
        return tr("member.news.gift")
    return tr("member.news.changes", count=news.changes) if news.changes else ""


@dataclass(frozen=True, slots=True)
class Look:
    """A tile; title and note are `member.tile.<tile>` and `member.tile.<tile>.note`, to which `values` gives its variables.

    Attributes:
        badge: Takes the place of the caret; "" for none.
    """

    icon: str
    hue: str
    values: Callable[[Membership], Mapping[str, object]] = lambda _membership: {}
    badge: Callable[[Texts, OwnNews], str] = _no_badge


LOOKS: Mapping[Errand, Look] = {
    Errand.REDEEM: Look("shopping-bag", "violet"),
    Errand.POINTS: Look("coins", "gold"),
    Errand.COUPONS: Look("ticket", "red", lambda membership: {"count": sum(coupon.usable for coupon in membership.coupons)}),
    Errand.PURCHASES: Look("receipt", "blue"),
    Errand.BENEFITS: Look("gift", "gold", badge=_benefit_news),
    Errand.CAMPAIGNS: Look("calendar-star", "violet"),
    Errand.FEEDBACK: Look("smiley", "green"),
    Errand.CHILDREN: Look("users-three", "blue"),
    Errand.LOST_CARD: Look("cardholder", "red"),
}
