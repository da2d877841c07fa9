"""Why an event of a till script is refused: the closed list of codes, and the exception that carries one."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import Any


class Reason(StrEnum):
    """The codes, in the order of the format's description; the value is the name."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name

    # shape, program
    BAD_JSON = auto()
    UNKNOWN_OP = auto()
    UNKNOWN_FIELD = auto()
    MISSING_FIELD = auto()
    BAD_FIELD = auto()
    CLOCK_BACKWARDS = auto()
    PROGRAM_MISSING = auto()
    PROGRAM_TWICE = auto()
    # requests, members
    REQUEST_ID_REUSED = auto()
    UNKNOWN_REQUEST = auto()
    DUPLICATE_ID = auto()
    MEMBER_UNKNOWN = auto()
    MEMBER_MERGED = auto()
    GUARDIAN_NEEDED = auto()
    # sale
    BAD_QTY = auto()
    DISCOUNT_TOO_LARGE = auto()
    AMOUNT_TOO_LARGE = auto()
    AMOUNT_ZERO = auto()
    TENDER_MISMATCH = auto()
    CURRENCY_NOT_CNY = auto()
    FUTURE_DATE = auto()
    TOO_LATE = auto()
    BEFORE_JOINING = auto()
    # return
    SALE_UNKNOWN = auto()
    LINE_UNKNOWN = auto()
    RETURN_EXCEEDS_SALE = auto()
    POINTS_SHORT = auto()
    # redeem
    INSUFFICIENT_AVAILABLE = auto()
    REWARD_REQUIRED = auto()
    REWARD_UNKNOWN = auto()
    REDEMPTION_CLOSED = auto()
    REWARD_NOT_OPEN = auto()
    WRONG_STORE = auto()
    TIER_TOO_LOW = auto()
    ADULT_ONLY = auto()
    LIMIT_REACHED = auto()
    OUT_OF_STOCK = auto()
    NOT_YOUR_SALE = auto()
    SALE_HAS_RETURNS = auto()
    REDEMPTION_UNKNOWN = auto()
    WRONG_STATE = auto()
    HOLD_EXPIRED = auto()
    WRONG_DEVICE = auto()
    AMOUNT_CHANGED = auto()
    # adjust
    CASE_MISSING = auto()
    SECOND_PERSON_MISSING = auto()
    SELF_APPROVAL = auto()
    OVER_LIMIT = auto()
    EXPIRY_IN_PAST = auto()
    # coupon
    COUPON_UNKNOWN = auto()
    COUPON_NOT_YOURS = auto()
    COUPON_VOID = auto()
    COUPON_EXPIRED = auto()
    COUPON_ALREADY_CLAIMED = auto()
    COUPON_NOT_CLAIMED = auto()
    COUPON_ALREADY_REDEEMED = auto()
    COUPON_NOT_REDEEMED = auto()
    COUPON_NOT_STARTED = auto()
    COUPON_WRONG_DAY = auto()
    COUPON_WRONG_STORE = auto()
    COUPON_BASKET_TOO_SMALL = auto()
    COUPON_STACKED = auto()
    # merge
    SAME_MEMBER = auto()
    POOLING_FORBIDDEN = auto()
    IDENTITY_MISMATCH = auto()
    OPEN_HOLD = auto()
    MERGE_UNKNOWN = auto()
    UNMERGE_TOO_LATE = auto()


class Refused(Exception):
    """An event is refused for `reason`; `more` are further keys of its result line."""

    def __init__(self, reason: Reason, **more: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.more = more


def refuse_if(condition: bool, reason: Reason) -> None:
    """Raises Refused where the condition holds."""
    if condition:
        raise Refused(reason)
