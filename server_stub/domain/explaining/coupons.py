"""What a coupon was given for, and what is still to be done before a till takes it. Knows no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server_stub.domain.coupons import Coupon, CouponState
from server_stub.domain.explaining.lines import Line, by_rules, iso, three, yuan

_GIVEN_FOR = {
    "welcome": "explain.coupon.for_welcome",
    "birthday": "explain.coupon.for_birthday",
    "campaign": "explain.coupon.for_campaign",
}


@dataclass(frozen=True, slots=True)
class GivenCoupon:
    """A coupon of a member.

    Attributes:
        cause: For which it was given, its kind before a colon; who gave one by hand is nothing that a member is told.
        rules_version: By which it was given; empty where no rule did.
    """

    coupon: Coupon
    cause: str
    given_on: date
    rules_version: str


def explain_coupon(given: GivenCoupon, today: date) -> tuple[Line, ...]:
    """Returns three lines at most: what it was given for, from which purchase on, and what would make it usable."""
    terms = given.coupon.terms
    first = Line(_GIVEN_FOR.get(given.cause.partition(":")[0], "explain.coupon.given"), {"day": iso(given.given_on)})
    minimum = Line("explain.coupon.minimum", {"amount": yuan(terms.minimum_spend_fen)}) if terms.minimum_spend_fen else None
    # The version of a campaign stands behind its id, which tells a member nothing.
    return by_rules(three((first, minimum, _still_to_do(given.coupon, today))), given.rules_version.rpartition(":")[2])


def _still_to_do(coupon: Coupon, today: date) -> Line | None:
    state, terms = coupon.state_on(today), coupon.terms
    if state not in {CouponState.ISSUED, CouponState.CLAIMED, CouponState.ROLLED_BACK}:
        return None
    if coupon.awaits_card:
        return Line("explain.coupon.activate")
    if today < terms.valid_from:
        return Line("explain.coupon.from", {"day": iso(terms.valid_from)})
    return Line("explain.coupon.claim" if state is CouponState.ISSUED else "explain.coupon.until", {"day": iso(terms.valid_until)})
