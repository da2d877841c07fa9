"""Puts the services of rewards together. Knows no configuration file."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.config import RewardSettings
from server_stub.services.enrollment.codes import OwnershipCodes
from server_stub.services.ledger.build import LedgerServices
from server_stub.services.receipts import Receipts
from server_stub.services.rewards.catalogue import Catalogue
from server_stub.services.rewards.handing_over import HandingOver
from server_stub.services.rewards.own_history import OwnHistory
from server_stub.services.rewards.own_redemptions import OwnRedemptions
from server_stub.services.rewards.own_spending import OwnSpending, SpendingDesks
from server_stub.services.rewards.redemption_desk import RedemptionDesk
from server_stub.services.rewards.redemption_receipts import RedemptionReceipts
from server_stub.services.rewards.shelf import Shelf
from server_stub.services.rewards.step_up import StepUp
from server_stub.services.rewards.stock import Stock
from server_stub.services.telling import Telling
from server_stub.services.visits import Visits


@dataclass(frozen=True, slots=True)
class RewardParts:
    """What the services of rewards need of others."""

    ledger: LedgerServices
    visits: Visits
    codes: OwnershipCodes
    receipts: Receipts
    telling: Telling


@dataclass(frozen=True, slots=True)
class RewardServices:
    """Everything of rewards."""

    catalogue: Catalogue
    stock: Stock
    handing_over: HandingOver
    step_up: StepUp
    shelf: Shelf
    own: OwnRedemptions
    history: OwnHistory
    spending: OwnSpending
    receipts: RedemptionReceipts
    desk: RedemptionDesk


def build_rewards(parts: RewardParts, settings: RewardSettings) -> RewardServices:
    """Returns the services."""
    booking = parts.ledger.booking
    step_up = StepUp(parts.codes, settings)
    redemptions = parts.ledger.redemptions
    spending = SpendingDesks(booking, redemptions, parts.visits, step_up, redemptions.pickups)
    receipts = RedemptionReceipts(booking.base, parts.visits, parts.receipts)
    handing_over = HandingOver(booking, parts.telling, settings)
    return RewardServices(
        catalogue=Catalogue(booking),
        stock=Stock(booking),
        handing_over=handing_over,
        step_up=step_up,
        shelf=Shelf(booking, parts.visits, step_up, handing_over, redemptions.pickups),
        history=OwnHistory(booking, parts.visits, handing_over),
        own=OwnRedemptions(booking, redemptions, parts.visits, step_up, receipts),
        spending=OwnSpending(spending, booking.base.random_below),
        receipts=receipts,
        desk=RedemptionDesk(booking, redemptions, parts.telling),
    )
