"""Closed lists of the ledger: kinds of entries and states of redemptions. Knows no arithmetic.

Source: vocabulary.md 5.2.
"""

from __future__ import annotations

from enum import StrEnum


class EntryKind(StrEnum):
    """Kinds of points entries."""

    ACCRUAL = "ACCRUAL"
    ACCRUAL_REVERSAL = "ACCRUAL_REVERSAL"
    REDEMPTION = "REDEMPTION"
    REDEMPTION_REVERSAL = "REDEMPTION_REVERSAL"
    EXPIRY = "EXPIRY"
    ADJUSTMENT = "ADJUSTMENT"
    MERGE = "MERGE"
    ALLOWANCE_OUT = "ALLOWANCE_OUT"
    ALLOWANCE_IN = "ALLOWANCE_IN"


class RedemptionState(StrEnum):
    """States of a redemption."""

    QUOTED = "QUOTED"
    HELD = "HELD"
    COMMITTED = "COMMITTED"
    FULFILLED = "FULFILLED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REVERSED = "REVERSED"
