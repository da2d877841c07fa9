"""Effects of redeeming: what the session is to do, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.ports.rewards import Bargain, Pieces
from kiosk.ports.values import Receipt, Visitor


@dataclass(frozen=True, slots=True)
class LoadRewards:
    """Ask for the catalogue; answers RewardsLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class QuoteReward:
    """Ask what it would cost; answers Quoted or NotQuoted."""

    visit_token: str
    wanted: Pieces


@dataclass(frozen=True, slots=True, repr=False)
class RedeemReward:
    """Spend; answers Redeemed. The proof is no part of what is meant: with it the same request is asked again."""

    visit_token: str
    bargain: Bargain
    phone_proof: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class LoadRedemptions:
    """Ask for what was redeemed; answers RedemptionsLoaded."""

    visit_token: str


@dataclass(frozen=True, slots=True)
class UndoRedemption:
    """Give it back; answers RedemptionUndone."""

    visit_token: str
    redemption_id: str


@dataclass(frozen=True, slots=True)
class FetchReceipt:
    """Ask for the signed receipt; answers ReceiptFetched."""

    visit_token: str
    redemption_id: str


@dataclass(frozen=True, slots=True)
class ExplainRedemption:
    """Ask why it cost what it did, and what became of it; answers RedemptionExplained."""

    visit_token: str
    redemption_id: str


@dataclass(frozen=True, slots=True)
class PrintRedemption:
    """Print the receipt; answers SlipPrinted or SlipFailed."""

    receipt: Receipt
    name_masked: str
    is_copy: bool


@dataclass(frozen=True, slots=True)
class UpdateCard:
    """Write on the card what is left, where it lies on the reader; answers CardUpdated. Nothing else hangs on it."""

    visitor: Visitor
