"""The parameters of a rule set, with their defaults; a rule set names what differs. Knows no file format and no arithmetic.

Source: till-script.md section 4; the names are those of rule files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from server_stub.domain.program.choices import (
    BirthdayScope,
    ExclusionOrder,
    ExpiredTakeback,
    Expiry,
    Feb29,
    ReturnRule,
    RoundAt,
    RoundingMode,
    Shortfall,
    SpendOrder,
    Stacking,
)

ALL_MONTHS = tuple(range(1, 13))


@dataclass(frozen=True, slots=True)
class Multiplier:
    """More points for a sale where its one condition holds; the other conditions are None or False.

    Attributes:
        pct: Percent of the usual points, 100 to 100000.
        dates: First and last days, both inclusive, in Asia/Shanghai.
        birthday: On the member's birthday.
        tag: A tag of the sale.
        tier: The member's tier just before the sale.
        tender_only: Type of tender that paid all of it.
    """

    code: str
    pct: int
    dates: tuple[tuple[date, date], ...] | None = None
    birthday: bool = False
    tag: str | None = None
    tier: str | None = None
    tender_only: str | None = None


@dataclass(frozen=True, slots=True)
class TierLevel:
    """A tier and the points of a calendar year that reach it."""

    name: str
    min: int


@dataclass(frozen=True, slots=True)
class RewardTerms:
    """What a reward costs and who gets it; None: no such limit.

    Attributes:
        points: For one piece, at least 1.
        stock: Pieces that may be held or spent on altogether.
        min_tier: Lowest tier.
        per_member: Pieces for one member.
        stores: Stores that hand it out.
        from_day: First day, inclusive; ``from`` in rule files.
        until_day: Last day, inclusive; ``until`` in rule files.
    """

    points: int
    stock: int | None = None
    min_tier: str | None = None
    per_member: int | None = None
    stores: tuple[str, ...] | None = None
    from_day: date | None = None
    until_day: date | None = None
    adult_only: bool = False


@dataclass(frozen=True, slots=True)
class Parameters:
    """One version of a programme's rules; the defaults are the rule set ``plain``.

    Attributes:
        fen_per_point: Fen that earn one point, 1 to 2**53 - 1.
        multipliers: In the order in which they are named in results.
        pending_days: Days until a sale's points can be spent, 0 to 3650.
        expiry_months: For rolling and inactivity, 1 to 1200.
        void_below: Year points below which the year review takes everything.
        tiers: The lowest first; empty: the programme has none.
        redeem_months: Months of the year, 1 to 12, in which points can be spent.
        redeem_stores: None: all.
        rewards: By id.
        hold_minutes: 1 to 1440.
        adjust_limit: Largest amount of one adjustment.
        max_late_days: Days of 24 hours by which a sale may be told late, 0 to 365.
        pooling: Whether memberships may be merged.
        unmerge_days: Days within which a merge can be undone, 0 to 3650.
    """

    fen_per_point: int = 100
    round_at: RoundAt = RoundAt.END
    rounding_mode: RoundingMode = RoundingMode.DOWN
    excluded_categories: tuple[str, ...] = ()
    excluded_sale_tags: tuple[str, ...] = ()
    exclusion_order: ExclusionOrder = ExclusionOrder.BEFORE
    multipliers: tuple[Multiplier, ...] = ()
    stacking: Stacking = Stacking.HIGHEST
    birthday_scope: BirthdayScope = BirthdayScope.DAY
    feb29: Feb29 = Feb29.FEB28
    pending_days: int = 0
    expiry: Expiry = Expiry.NONE
    expiry_months: int = 12
    void_below: int = 0
    void_spares_join_year: bool = False
    spend_order: SpendOrder = SpendOrder.EXPIRES_FIRST
    return_rule: ReturnRule = ReturnRule.PRO_RATA
    shortfall: Shortfall = Shortfall.DEBT
    expired_takeback: ExpiredTakeback = ExpiredTakeback.FORGIVE
    tiers: tuple[TierLevel, ...] = ()
    redeem_months: tuple[int, ...] = ALL_MONTHS
    redeem_stores: tuple[str, ...] | None = None
    redeem_rewards_only: bool = False
    rewards: Mapping[str, RewardTerms] = field(default_factory=dict)
    hold_minutes: int = 15
    adjust_limit: int = 10_000
    max_late_days: int = 7
    pooling: bool = True
    unmerge_days: int = 90
