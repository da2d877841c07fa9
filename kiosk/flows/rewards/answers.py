"""Answers to the effects of redeeming."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ports.perks import ExplanationLine
from kiosk.ports.rewards import OwnRedemption, Pieces, Quote, Redemption, Reward
from kiosk.ports.values import Membership, Reason, Receipt


@dataclass(frozen=True, slots=True)
class RewardsLoaded:
    """The catalogue, and what the member has."""

    membership: Membership
    rewards: tuple[Reward, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What pieces would cost; `wanted` says of which question it is the answer."""

    wanted: Pieces
    quote: Quote


@dataclass(frozen=True, slots=True)
class NotQuoted:
    """The question has no answer now."""

    wanted: Pieces
    reason: Reason


@dataclass(frozen=True, slots=True)
class Redeemed:
    """It is spent."""

    redemption: Redemption


@dataclass(frozen=True, slots=True)
class RedemptionUndone:
    """It is given back, and what proves it."""

    redemption: Redemption
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class RedemptionsLoaded:
    """What the member redeemed."""

    redemptions: tuple[OwnRedemption, ...]


@dataclass(frozen=True, slots=True)
class ReceiptFetched:
    """The receipt of a redemption, None where it could not be had."""

    redemption_id: str
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class RedemptionExplained:
    """The centre's lines on a redemption, none where they could not be had."""

    redemption_id: str
    lines: tuple[ExplanationLine, ...]


@dataclass(frozen=True, slots=True)
class CardUpdated:
    """What became of the card."""

    is_done: bool
