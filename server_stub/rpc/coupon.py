"""CouponService: decode, call the service, encode. Decides nothing about coupons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import coupon_pb2 as pb
from proto.member.v1 import coupon_pb2_grpc
from server_stub.domain.program.limits import LONGEST_TEXT
from server_stub.domain.program.values import identifier
from server_stub.rpc import translate
from server_stub.rpc.explaining import encoded_lines
from server_stub.rpc.fields import read, require
from server_stub.services.tills import TillCoupon

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.coupons import Coupons
    from server_stub.services.own_coupons import OwnCoupon, OwnCoupons
    from server_stub.services.tills import Tills


class CouponServicer(coupon_pb2_grpc.CouponServiceServicer):
    """Coupons of members at kiosks and at tills.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, own: OwnCoupons, coupons: Coupons, tills: Tills) -> None:
        self._ground = ground
        self._own = own
        self._coupons = coupons
        self._tills = tills

    async def ListCoupons(self, request: pb.ListCouponsRequest, _context: object) -> pb.ListCouponsResponse:
        """Returns a member's coupons."""
        found = await self._ground.blocking.run(self._own.all, self._ground.caller.device, request.visit_token)
        return pb.ListCouponsResponse(coupons=[_coupon(one) for one in found])

    async def ClaimCoupon(self, request: pb.ClaimCouponRequest, _context: object) -> pb.ClaimCouponResponse:
        """Takes a coupon."""
        wanted = (self._ground.caller.device, translate.envelope(request), request.visit_token, request.coupon_id)
        booked = await self._ground.blocking.run(self._coupons.claim_own, *wanted)
        return pb.ClaimCouponResponse(state=_state(booked.state))

    async def ShowCoupon(self, request: pb.ShowCouponRequest, _context: object) -> pb.ShowCouponResponse:
        """Returns what a till takes."""
        wanted = (self._ground.caller.device, request.visit_token, request.coupon_id)
        shown = await self._ground.blocking.run(self._own.show, *wanted)
        return pb.ShowCouponResponse(code=shown.code, coupon=_coupon(shown.coupon))

    async def ValidateCoupon(self, request: pb.ValidateCouponRequest, _context: object) -> pb.ValidateCouponResponse:
        """Tells whether a coupon can be used."""
        worth = await self._ground.blocking.run(self._tills.validate_coupon, self._ground.caller.device, _use(request.use))
        return pb.ValidateCouponResponse(off_fen=worth.off_fen, valid_until=worth.valid_until.isoformat())

    async def RedeemCoupon(self, request: pb.RedeemCouponRequest, _context: object) -> pb.RedeemCouponResponse:
        """Writes a coupon off."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        booked = await self._ground.blocking.run(self._tills.redeem_coupon, device, envelope, _use(request.use))
        return pb.RedeemCouponResponse(off_fen=booked.off_fen or 0)

    async def RollBackCoupon(self, request: pb.RollBackCouponRequest, _context: object) -> pb.RollBackCouponResponse:
        """Undoes a redemption."""
        require(len(request.code) <= LONGEST_TEXT, "code")
        device, envelope = self._ground.caller.device, translate.envelope(request)
        booked = await self._ground.blocking.run(self._tills.roll_back_coupon, device, envelope, request.code)
        return pb.RollBackCouponResponse(state=_state(booked.state))


def _use(use: pb.CouponUse) -> TillCoupon:
    sale_id = read(identifier, use.sale_id, "use.sale_id")
    require(use.basket_fen >= 0, "use.basket_fen")
    require(max(len(use.code), len(use.membership_number)) <= LONGEST_TEXT, "use")
    return TillCoupon(use.code, use.membership_number, sale_id, use.basket_fen)


def _state(state: object) -> pb.CouponState.ValueType:
    return pb.CouponState.Value(f"COUPON_STATE_{state}")


def _coupon(one: OwnCoupon) -> pb.OwnCoupon:
    return pb.OwnCoupon(
        coupon_id=one.coupon_id,
        text_key=one.text_key,
        value_fen=one.value_fen,
        minimum_spend_fen=one.minimum_spend_fen,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        state=_state(one.state),
        awaits_card=one.awaits_card,
        stores=one.stores,
        in_this_store=one.in_this_store,
        weekdays=one.weekdays,
        redeemed_on=one.redeemed_on,
        lines=encoded_lines(one.lines),
    )
