"""Ranges of the whole numbers among the parameters, both ends inclusive; readers and the JSON schema share them. Knows no reader."""

from __future__ import annotations

MOST = 2**53 - 1
LONGEST_TEXT = 200

PCT = (100, 100_000)
LIMITS = {
    "fen_per_point": (1, MOST),
    "pending_days": (0, 3650),
    "expiry_months": (1, 1200),
    "void_below": (0, MOST),
    "redeem_months": (1, 12),
    "hold_minutes": (1, 1440),
    "adjust_limit": (0, MOST),
    "max_late_days": (0, 365),
    "unmerge_days": (0, 3650),
    "multipliers.pct": PCT,
    "tiers.min": (0, MOST),
    "rewards.points": (1, MOST),
    "rewards.stock": (0, MOST),
    "rewards.per_member": (0, MOST),
}
