"""What can be asked of coupons and what is answered: plain values that tills, kiosks and desks share. Knows no rule.

Amounts are whole fen; ids are opaque; days are those of Asia/Shanghai. The moment at which a command is carried out is the transaction's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server_stub.domain.coupons import CouponState


@dataclass(frozen=True, slots=True)
class IssueCoupon:
    """Give a member a coupon.

    Attributes:
        valid_to: Last day, inclusive.
        stores: None: every store.
        weekdays: From 1 (Monday) to 7; None: every day.
    """

    coupon_id: str
    member_id: str
    off_fen: int
    valid_from: date
    valid_to: date
    min_spend_fen: int = 0
    stores: tuple[str, ...] | None = None
    weekdays: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ClaimCoupon:
    """Take a coupon that was issued to the member."""

    coupon_id: str
    member_id: str


@dataclass(frozen=True, slots=True)
class RedeemCoupon:
    """Write a coupon off against a sale, which need not be recorded yet; ``basket_fen`` before the coupon."""

    coupon_id: str
    member_id: str
    sale_id: str
    store_id: str
    basket_fen: int


@dataclass(frozen=True, slots=True)
class RollBackCoupon:
    """Undo a redemption: the sale did not come about."""

    coupon_id: str


@dataclass(frozen=True, slots=True)
class VoidCoupon:
    """Make a coupon worthless for good."""

    coupon_id: str


CouponCommand = IssueCoupon | ClaimCoupon | RedeemCoupon | RollBackCoupon | VoidCoupon


@dataclass(frozen=True, slots=True)
class CouponBooked:
    """A coupon after a command.

    Attributes:
        off_fen: What the sale becomes cheaper by; None for commands other than redeeming.
        is_replay: True where the request was accepted before; then everything is as it was first answered.
    """

    coupon_id: str
    state: CouponState
    off_fen: int | None = None
    is_replay: bool = False
