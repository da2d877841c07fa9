"""Values of coupons and benefits that flows pass about. Money in fen, days as YYYY-MM-DD."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.ports.values import Reason


@dataclass(frozen=True, slots=True, repr=False)
class ExplanationLine:
    """A line of the centre's answer to "why?": the key of a text of ours and the values of its variables, by name.

    Days are YYYY-MM-DD, points whole numbers, amounts yuan with two places; names are in the language that was asked for.

    Attributes:
        rules: Version of the rules that say so, "" where the line names none.
    """

    key: str
    values: tuple[tuple[str, str], ...] = ()
    rules: str = ""


class CouponState(StrEnum):
    """Where a coupon stands today."""

    ISSUED = "issued"
    CLAIMED = "claimed"
    REDEEMED = "redeemed"
    ROLLED_BACK = "rolled_back"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class OwnCoupon:
    """A coupon of the member who is here.

    Attributes:
        minimum_spend_fen: Purchase from which it can be used, 0 where any will do.
        awaits_card: It can be used only once the card is active.
        everywhere: It can be used in every store.
        here: It can be used in this one.
        weekdays: From 1 (Monday) to 7; empty for every day.
        redeemed_on: Empty where it was not used.
        why: What it was given for and what is still to be done; nothing from a centre of before.
    """

    coupon_id: str
    text_key: str
    value_fen: int
    minimum_spend_fen: int
    valid_from: str
    valid_until: str
    state: CouponState
    awaits_card: bool = False
    everywhere: bool = True
    here: bool = True
    weekdays: tuple[int, ...] = ()
    redeemed_on: str = ""
    why: tuple[ExplanationLine, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ShownCoupon:
    """A coupon and the code that a till takes for it; the code is worth money and never logged."""

    code: str
    coupon: OwnCoupon


class GiftState(StrEnum):
    """Whether the birthday gift can be had."""

    OPEN = "open"
    GIVEN = "given"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class BirthdayGift:
    """How it stands with the gift of the birthday; `reason` says why and is set where it is CLOSED, the rest where it is not."""

    state: GiftState
    reason: Reason | None = None
    text_key: str = ""
    value_fen: int = 0
    valid_until: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ReferralOffer:
    """The member's code for others who join, and what it brings both; leads to the member and is never logged."""

    code: str
    referrer_points: int
    referee_points: int
    minimum_spend_fen: int
    return_days: int


@dataclass(frozen=True, slots=True)
class AnnouncedChange:
    """A change of benefits that members are told of, in the language that was asked for."""

    change_id: str
    title: str
    text: str
    effective_on: str


@dataclass(frozen=True, slots=True)
class OwnNews:
    """What a member's home points at: the birthday gift where it can be had today, and how many changes of benefits are announced."""

    gift: BirthdayGift | None = None
    changes: int = 0


@dataclass(frozen=True, slots=True)
class WhyBenefits:
    """Why the tier and the birthday gift are as they are, in at most three lines each; no tier, no lines of one."""

    tier: tuple[ExplanationLine, ...]
    gift: tuple[ExplanationLine, ...]


@dataclass(frozen=True, slots=True)
class OwnBenefits:
    """What the page of benefits shows; the change that takes effect first at the top. `why` is None where the centre could not say."""

    gift: BirthdayGift
    referral: ReferralOffer
    changes: tuple[AnnouncedChange, ...]
    why: WhyBenefits | None = None
