"""Why the desk gives a member something, or takes it back: closed lists. Knows no text for people and no deed."""

from __future__ import annotations

from enum import StrEnum


class CouponGivenFor(StrEnum):
    """Why a coupon is issued by hand."""

    SERVICE_FAILED = "SERVICE_FAILED"
    GOODS_FAULTY = "GOODS_FAULTY"
    BENEFIT_MISSED = "BENEFIT_MISSED"
    COUPON_REPLACED = "COUPON_REPLACED"


class CouponVoidedFor(StrEnum):
    """Why a coupon is made worthless by hand."""

    ISSUED_BY_MISTAKE = "ISSUED_BY_MISTAKE"
    ABUSED = "ABUSED"
    REPLACED = "REPLACED"
    MEMBER_ASKED = "MEMBER_ASKED"


class RedemptionReversedFor(StrEnum):
    """Why a redemption is reversed by hand."""

    NOT_HANDED_OVER = "NOT_HANDED_OVER"
    BROUGHT_BACK = "BROUGHT_BACK"
    PIECE_FAULTY = "PIECE_FAULTY"
    NOT_BY_MEMBER = "NOT_BY_MEMBER"


class StatementMadeFor(StrEnum):
    """Why the desk makes a statement of a member's points."""

    MEMBER_ASKED = "MEMBER_ASKED"
    COMPLAINT = "COMPLAINT"
    AUDIT = "AUDIT"


# Where it had been handed over: the piece is on the shelf again. For the other reasons it is broken or gone.
PIECE_IS_BACK = frozenset({RedemptionReversedFor.NOT_HANDED_OVER, RedemptionReversedFor.BROUGHT_BACK})
