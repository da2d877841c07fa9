"""What tills ask: previews, sales and returns of whoever's number was shown. Knows numbers of memberships; rules are the ledger's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from server_stub.domain.actors import Actor
from server_stub.domain.coupon_commands import CouponBooked, RedeemCoupon, RollBackCoupon
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import RecordReturn, RecordSale, ReturnBooked, SaleBooked
from server_stub.domain.numbering import is_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.coupons import Coupons, CouponWorth
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.desks import ReturnDesk, SaleDesk
from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_number


@dataclass(frozen=True, slots=True)
class TillSale:
    """A sale as a till reports it: the store is the till's, the member is who a number leads to.

    Attributes:
        sale: Its ``store_id`` and ``member_id`` are filled in here.
        membership_number: Empty where the customer showed none.
    """

    sale: RecordSale
    membership_number: str


@dataclass(frozen=True, slots=True)
class TillCoupon:
    """A coupon as a till scanned it, whose number was shown with it, and the sale that it is for; fen before the coupon."""

    code: str
    membership_number: str
    sale_id: str
    basket_fen: int


class Tills:
    """The desk of tills."""

    def __init__(self, base: Foundation, sales: SaleDesk, returns: ReturnDesk, coupons: Coupons) -> None:
        self._base = base
        self._sales = sales
        self._returns = returns
        self._coupons = coupons

    def preview(self, actor: Actor, told: TillSale) -> SaleBooked:
        """Returns what the sale would earn now; nothing is booked.

        Raises:
            Refusal: As ``desks.SaleDesk.record``.
        """
        return self._sales.preview(actor, self._sale(actor, told))

    def record_sale(self, actor: Actor, envelope: Envelope, told: TillSale) -> SaleBooked:
        """Books a sale.

        Raises:
            Refusal: As ``desks.SaleDesk.record``.
        """
        return self._sales.record(actor, envelope, self._sale(actor, told))

    def record_return(self, actor: Actor, envelope: Envelope, command: RecordReturn) -> ReturnBooked:
        """Books a return.

        Raises:
            Refusal: As ``desks.ReturnDesk.record``.
        """
        require_device(actor, Operation.RECORD_RETURN)
        return self._returns.record(actor, envelope, command)

    def validate_coupon(self, actor: Actor, told: TillCoupon) -> CouponWorth:
        """Returns what a coupon would do for a sale; nothing is booked.

        Raises:
            Refusal: NOT_PERMITTED, COUPON_UNKNOWN: forged or of something else; and as ``Coupons.redeem``.
        """
        return self._coupons.validate(actor, self._coupon(actor, told))

    def redeem_coupon(self, actor: Actor, envelope: Envelope, told: TillCoupon) -> CouponBooked:
        """Writes a coupon off; raises as ``validate_coupon``."""
        return self._coupons.redeem(actor, envelope, self._coupon(actor, told))

    def roll_back_coupon(self, actor: Actor, envelope: Envelope, code: str) -> CouponBooked:
        """Makes a coupon good again.

        Raises:
            Refusal: COUPON_UNKNOWN: forged or of something else; and as ``Coupons.roll_back``.
        """
        require_device(actor, Operation.ROLL_BACK_COUPON)
        return self._coupons.roll_back(actor, envelope, RollBackCoupon(self._coupons.opened(code)))

    def _coupon(self, actor: Actor, told: TillCoupon) -> RedeemCoupon:
        till = require_device(actor, Operation.REDEEM_COUPON)
        # A forged code is unknown without a look at any table.
        coupon_id = self._coupons.opened(told.code)
        member_id = self._base.database.read(lambda tx: _member_id(tx, told.membership_number))
        return RedeemCoupon(coupon_id, member_id, told.sale_id, till.store_id, told.basket_fen)

    def _sale(self, actor: Actor, told: TillSale) -> RecordSale:
        till = require_device(actor, Operation.RECORD_SALE)
        member_id = self._base.database.read(lambda tx: _member_id(tx, told.membership_number)) if told.membership_number else None
        return replace(told.sale, store_id=till.store_id, member_id=member_id)


def _member_id(tx: Tx, membership_number: str) -> str:
    # A mistyped number has a wrong check digit and is not looked up: nobody else's points for a slip of the finger.
    member = member_by_number(tx, membership_number) if is_membership_number(membership_number) else None
    if member is None:
        raise refuse(Reason.MEMBER_UNKNOWN)
    return member.member_id
