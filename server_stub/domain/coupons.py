"""The life of a coupon: ISSUED, CLAIMED, REDEEMED, ROLLED_BACK; EXPIRED by the calendar alone; VOID. Knows no table and no clock.

The order of the refusals is part of the contract with tills: the first that is true is the answer. A coupon counts as expired because
its last day has passed, not because a job ran; so EXPIRED is never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse

_WEEKDAYS = frozenset(range(1, 8))


class CouponState(StrEnum):
    """State of a coupon (vocabulary.md 5.2)."""

    ISSUED = "ISSUED"
    CLAIMED = "CLAIMED"
    REDEEMED = "REDEEMED"
    ROLLED_BACK = "ROLLED_BACK"
    EXPIRED = "EXPIRED"
    VOID = "VOID"


# In these something can still come of the coupon.
USABLE_STATES = frozenset({CouponState.ISSUED, CouponState.CLAIMED, CouponState.ROLLED_BACK})


@dataclass(frozen=True, slots=True)
class Terms:
    """What a coupon is good for; amounts in fen.

    Attributes:
        valid_until: Last day, inclusive.
        stores: None: every store.
        weekdays: From 1 (Monday) to 7; None: every day.
    """

    value_fen: int
    minimum_spend_fen: int
    valid_from: date
    valid_until: date
    stores: tuple[str, ...] | None = None
    weekdays: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon as it is stored.

    Attributes:
        recorded: State that the last command left; never EXPIRED.
        awaits_card: True until the member's card is active; nothing can be done with it before.
    """

    member_id: str
    terms: Terms
    recorded: CouponState
    awaits_card: bool = False

    def state_on(self, today: date) -> CouponState:
        """Returns the state on a day."""
        is_final = self.recorded in {CouponState.REDEEMED, CouponState.VOID}
        return self.recorded if is_final or today <= self.terms.valid_until else CouponState.EXPIRED


@dataclass(frozen=True, slots=True)
class Purchase:
    """Where a coupon is shown.

    Attributes:
        basket_fen: Total before the coupon.
        has_coupon: True where another coupon is redeemed on the same sale.
    """

    member_id: str
    store_id: str
    basket_fen: int
    has_coupon: bool


def require_sound(terms: Terms) -> None:
    """Lets terms through that make sense at all.

    Raises:
        Refusal: REQUEST_MALFORMED.
    """
    bad_days = terms.weekdays is not None and not (terms.weekdays and _WEEKDAYS.issuperset(terms.weekdays))
    if bad_days or terms.value_fen < 1 or terms.minimum_spend_fen < 0 or terms.valid_until < terms.valid_from:
        raise refuse(Reason.REQUEST_MALFORMED)


def require_future(terms: Terms, today: date) -> None:
    """Lets terms through that can still be used.

    Raises:
        Refusal: EXPIRY_IN_PAST.
    """
    if terms.valid_until < today:
        raise refuse(Reason.EXPIRY_IN_PAST)


def claim(coupon: Coupon, member_id: str, today: date) -> CouponState:
    """Returns the state after the member took the coupon.

    Raises:
        Refusal: COUPON_NOT_YOURS, COUPON_VOID, COUPON_EXPIRED, COUPON_ALREADY_CLAIMED, COUPON_NOT_STARTED (it awaits the card).
    """
    _require_own(coupon, member_id)
    state = coupon.state_on(today)
    if state is CouponState.EXPIRED:
        raise refuse(Reason.COUPON_EXPIRED)
    if state is not CouponState.ISSUED:
        raise refuse(Reason.COUPON_ALREADY_CLAIMED)
    if coupon.awaits_card:
        raise refuse(Reason.COUPON_NOT_STARTED)
    return CouponState.CLAIMED


def redeem(coupon: Coupon, purchase: Purchase, today: date) -> int:
    """Returns by how many fen the purchase becomes cheaper: never more than it costs.

    Raises:
        Refusal: COUPON_NOT_YOURS, COUPON_VOID, COUPON_ALREADY_REDEEMED, COUPON_EXPIRED, COUPON_NOT_CLAIMED, COUPON_NOT_STARTED,
            COUPON_WRONG_DAY, COUPON_WRONG_STORE, COUPON_BASKET_TOO_SMALL, COUPON_STACKED.
    """
    _require_own(coupon, purchase.member_id)
    _require_redeemable(coupon.state_on(today))
    _require_terms(coupon.terms, purchase, today)
    if purchase.has_coupon:
        raise refuse(Reason.COUPON_STACKED)
    return min(coupon.terms.value_fen, purchase.basket_fen)


def require_shown(coupon: Coupon, member_id: str, today: date) -> None:
    """Lets a coupon through whose code is of use: today, or from its first day on.

    Raises:
        Refusal: COUPON_NOT_YOURS, COUPON_VOID, COUPON_ALREADY_REDEEMED, COUPON_EXPIRED, COUPON_NOT_STARTED (it awaits the card),
            COUPON_NOT_CLAIMED.
    """
    _require_own(coupon, member_id)
    state = coupon.state_on(today)
    if state is CouponState.ISSUED and coupon.awaits_card:
        raise refuse(Reason.COUPON_NOT_STARTED)
    _require_redeemable(state)


def roll_back(coupon: Coupon) -> CouponState:
    """Returns the state that is recorded after the redemption was undone; late, it is EXPIRED by the calendar.

    Raises:
        Refusal: COUPON_NOT_REDEEMED.
    """
    if coupon.recorded is not CouponState.REDEEMED:
        raise refuse(Reason.COUPON_NOT_REDEEMED)
    return CouponState.ROLLED_BACK


def void(coupon: Coupon) -> CouponState:
    """Returns the state after the coupon was made worthless; an expired one may be.

    Raises:
        Refusal: COUPON_ALREADY_REDEEMED, COUPON_VOID.
    """
    if coupon.recorded is CouponState.REDEEMED:
        raise refuse(Reason.COUPON_ALREADY_REDEEMED)
    if coupon.recorded is CouponState.VOID:
        raise refuse(Reason.COUPON_VOID)
    return CouponState.VOID


def _require_own(coupon: Coupon, member_id: str) -> None:
    if coupon.member_id != member_id:
        raise refuse(Reason.COUPON_NOT_YOURS)
    if coupon.recorded is CouponState.VOID:
        raise refuse(Reason.COUPON_VOID)


def _require_redeemable(state: CouponState) -> None:
    refusals = {
        CouponState.REDEEMED: Reason.COUPON_ALREADY_REDEEMED,
        CouponState.EXPIRED: Reason.COUPON_EXPIRED,
        CouponState.ISSUED: Reason.COUPON_NOT_CLAIMED,
    }
    if state in refusals:
        raise refuse(refusals[state])


def _require_terms(terms: Terms, purchase: Purchase, today: date) -> None:
    if today < terms.valid_from:
        raise refuse(Reason.COUPON_NOT_STARTED)
    if terms.weekdays is not None and today.isoweekday() not in terms.weekdays:
        raise refuse(Reason.COUPON_WRONG_DAY)
    if terms.stores is not None and purchase.store_id not in terms.stores:
        raise refuse(Reason.COUPON_WRONG_STORE)
    if purchase.basket_fen < terms.minimum_spend_fen:
        raise refuse(Reason.COUPON_BASKET_TOO_SMALL)
