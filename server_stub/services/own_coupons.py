"""A member's own coupons, as the visit at a device shows them: all of them, and the code of one. Knows no till; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import USABLE_STATES, CouponState, require_shown
from server_stub.domain.explaining.coupons import GivenCoupon, explain_coupon
from server_stub.domain.explaining.lines import Line
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.coupons import Coupons
from server_stub.services.foundation import Foundation
from server_stub.services.visits import Visits
from server_stub.storage.coupons import CouponRow, coupons_of, find_coupon
from server_stub.storage.database import Tx
from server_stub.storage.members import IdentifiedBy

MOST_PAST = 200


@dataclass(frozen=True, slots=True)
class OwnCoupon:
    """A coupon as its member sees it; amounts in fen, days as YYYY-MM-DD.

    Attributes:
        stores: Empty for every store.
        weekdays: From 1 (Monday) to 7; empty for every day.
        redeemed_on: Empty where it is not used.
        lines: What it was given for, and what is still to be done.
    """

    coupon_id: str
    text_key: str
    value_fen: int
    minimum_spend_fen: int
    valid_from: str
    valid_until: str
    state: CouponState
    awaits_card: bool
    stores: tuple[str, ...]
    in_this_store: bool
    weekdays: tuple[int, ...]
    redeemed_on: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ShownCoupon:
    """A coupon and what a till takes for it."""

    code: str
    coupon: OwnCoupon


class OwnCoupons:
    """Shows members their coupons. Every method raises ``Refusal`` with NOT_PERMITTED, VISIT_OVER and MEMBER_INACTIVE, and its own."""

    def __init__(self, base: Foundation, visits: Visits, coupons: Coupons) -> None:
        self._base = base
        self._visits = visits
        self._coupons = coupons

    def all(self, actor: Actor, visit_token: str) -> tuple[OwnCoupon, ...]:
        """Returns what can be used, what ends first at the top, then what cannot any more, the newest first, at most 200 of these."""
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> tuple[OwnCoupon, ...]:
            member, today = self._visits.require(tx, visit_token, device), business_day(tx.now)
            rows = coupons_of(tx, member.member_id)
            usable = [row for row in rows if row.coupon.state_on(today) in USABLE_STATES]
            past = [row for row in reversed(rows) if row.coupon.state_on(today) not in USABLE_STATES]
            return tuple(_seen(row, device, today) for row in (*usable, *past[:MOST_PAST]))

        return self._base.database.read(reading)

    def show(self, actor: Actor, visit_token: str, coupon_id: str) -> ShownCoupon:
        """Returns the code of a coupon that can be used, today or from its first day on.

        Raises:
            Refusal: HOLDER_PROOF, the visit began with a receipt; COUPON_UNKNOWN, and those of ``domain.coupons.require_shown``.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)

        def reading(tx: Tx) -> ShownCoupon:
            running, today = self._visits.running(tx, visit_token, device), business_day(tx.now)
            if running.visit.identified_by is IdentifiedBy.RECEIPT:
                # A till takes what is shown here, and paper spends nothing by itself.
                raise refuse(Reason.HOLDER_PROOF)
            row = find_coupon(tx, coupon_id)
            if row is None:
                raise refuse(Reason.COUPON_UNKNOWN)
            require_shown(row.coupon, running.member.member_id, today)
            return ShownCoupon(self._coupons.code(row.coupon_id), _seen(row, device, today))

        return self._base.database.read(reading)


def _seen(row: CouponRow, device: DeviceActor, today: date) -> OwnCoupon:
    state = row.coupon.state_on(today)
    is_used = state is CouponState.REDEEMED and row.redeemed_at is not None
    return OwnCoupon(
        coupon_id=row.coupon_id,
        text_key=row.text_key,
        value_fen=row.value_fen,
        minimum_spend_fen=row.minimum_spend_fen,
        valid_from=row.valid_from.isoformat(),
        valid_until=row.valid_until.isoformat(),
        state=state,
        awaits_card=row.awaits is Awaits.CARD_ACTIVATION,
        stores=tuple(row.stores or ()),
        in_this_store=row.stores is None or device.store_id in row.stores,
        weekdays=tuple(row.weekdays or ()),
        redeemed_on=business_day(row.redeemed_at).isoformat() if is_used and row.redeemed_at else "",
        lines=explain_coupon(GivenCoupon(row.coupon, row.cause, business_day(row.issued_at), row.rules_version), today),
    )
