"""Why points came or went, as their owner reads it: one closed list, from an entry's kind and cause. Knows no words and no storage."""

from __future__ import annotations

from enum import StrEnum

from server_stub.domain.entry_kinds import EntryKind


class PointsOrigin(StrEnum):
    """What a member is told about an entry or a lot."""

    PURCHASE = "PURCHASE"
    RETURN = "RETURN"
    WELCOME = "WELCOME"
    REFERRAL = "REFERRAL"
    CAMPAIGN = "CAMPAIGN"
    GIFT = "GIFT"
    GIFT_BACK = "GIFT_BACK"
    REDEMPTION = "REDEMPTION"
    REDEMPTION_BACK = "REDEMPTION_BACK"
    EXPIRY = "EXPIRY"
    CORRECTION = "CORRECTION"
    MERGE = "MERGE"
    ALLOWANCE = "ALLOWANCE"


_ACCRUALS = {
    "sale": PointsOrigin.PURCHASE,
    "welcome": PointsOrigin.WELCOME,
    "referral": PointsOrigin.REFERRAL,
    "campaign": PointsOrigin.CAMPAIGN,
}
# Kinds of which every entry has the same origin.
_PLAIN = {
    EntryKind.REDEMPTION: PointsOrigin.REDEMPTION,
    EntryKind.REDEMPTION_REVERSAL: PointsOrigin.REDEMPTION_BACK,
    EntryKind.EXPIRY: PointsOrigin.EXPIRY,
    EntryKind.ADJUSTMENT: PointsOrigin.CORRECTION,
    EntryKind.MERGE: PointsOrigin.MERGE,
    EntryKind.ALLOWANCE_OUT: PointsOrigin.ALLOWANCE,
    EntryKind.ALLOWANCE_IN: PointsOrigin.ALLOWANCE,
}
# Their cause names something that the member knows: a receipt, or a redemption's number. Other causes are the service's own.
_NUMBERED = frozenset({PointsOrigin.PURCHASE, PointsOrigin.RETURN, PointsOrigin.REDEMPTION})


def origin_of(kind: EntryKind, cause: str) -> PointsOrigin:
    """Returns the origin; a gift by a rule that is not known here is a gift."""
    prefix = cause.partition(":")[0]
    if kind is EntryKind.ACCRUAL:
        return _ACCRUALS.get(prefix, PointsOrigin.GIFT)
    if kind is EntryKind.ACCRUAL_REVERSAL:
        return PointsOrigin.RETURN if prefix == "return" else PointsOrigin.GIFT_BACK
    return _PLAIN[kind]


def number_of(origin: PointsOrigin, cause: str) -> str:
    """Returns the number that the member knows, or nothing."""
    return cause.partition(":")[2] if origin in _NUMBERED else ""


def campaign_of(origin: PointsOrigin, cause: str) -> str:
    """Returns the id of the campaign that gave the points, or nothing; see Campaign.cause."""
    return cause.split(":")[1] if origin is PointsOrigin.CAMPAIGN and cause.count(":") else ""


def store_of(counter: str) -> str:
    """Returns the store that the other half of an entry names, or nothing."""
    side, _, store_id = counter.partition(":")
    return store_id if side in ("issued", "redeemed") else ""
