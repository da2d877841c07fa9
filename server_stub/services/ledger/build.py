"""Puts the ledger's services together. Knows no configuration."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.config import RewardSettings
from server_stub.services.coupons import Coupons
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.accounts import Accounts
from server_stub.services.ledger.adjustment_requests import AdjustmentRequests
from server_stub.services.ledger.adjustments import Adjustments
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.gifts import PointsGifts
from server_stub.services.ledger.joining import Joining
from server_stub.services.ledger.merging import CouponMoves, Merging
from server_stub.services.ledger.pickups import Pickups
from server_stub.services.ledger.programme import Programme
from server_stub.services.ledger.proof import Proof
from server_stub.services.ledger.redemptions import Redemptions
from server_stub.services.ledger.returns import Returns
from server_stub.services.ledger.sales import Sales
from server_stub.services.ledger.tiers import Tiers
from server_stub.services.visits import Visits


@dataclass(frozen=True, slots=True)
class LedgerServices:
    """The desks of ``desks.LedgerDesks``, and what other services book with in transactions of their own."""

    joining: Joining
    sales: Sales
    returns: Returns
    redemptions: Redemptions
    adjustments: Adjustments
    merging: Merging
    accounts: Accounts
    programme: Programme
    proof: Proof
    tiers: Tiers
    adjustment_requests: AdjustmentRequests
    booking: Booking
    gifts: PointsGifts


def build_ledger(base: Foundation, coupons: CouponMoves | None = None, rewards: RewardSettings | None = None) -> LedgerServices:
    """Returns the services; coupons that no other service has are made for them."""
    programme = Programme(base)
    booking = Booking(base, programme)
    adjustments = Adjustments(booking)
    return LedgerServices(
        joining=Joining(booking),
        sales=Sales(booking),
        returns=Returns(booking),
        redemptions=Redemptions(booking, Pickups(base.random_below, rewards or RewardSettings())),
        adjustments=adjustments,
        merging=Merging(booking, coupons or Coupons(base, Visits(base.ids, base.handles))),
        accounts=Accounts(booking),
        programme=programme,
        proof=Proof(booking),
        tiers=Tiers(booking),
        adjustment_requests=AdjustmentRequests(booking, adjustments),
        booking=booking,
        gifts=PointsGifts(booking),
    )
