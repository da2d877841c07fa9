"""What is remembered while a script is played: plain objects that the other modules read and change; knows no rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tests.model.parameters import Program


@dataclass(eq=False)
class Member:
    """A member; points and other things belong to one by their `owner`."""

    name: str
    joined_on: date
    birthday: date | None
    minor: bool
    id_token: str | None
    last_activity: date
    debt: int = 0
    merged_into: str | None = None


@dataclass(eq=False)
class TierPoints:
    """Points of a year that were given with the member and count for tiers."""

    owner: str
    year: int
    points: int


@dataclass(eq=False)
class Lot:
    """Points of one sale or adjustment. `fixed_expiry` None: none is known, or it follows the owner's activity (`follows`)."""

    source: str
    owner: str
    order: int
    posted: date
    available_on: date
    fixed_expiry: date | None
    follows: bool
    free: int
    expired: int = 0
    forgiven: int = 0
    dead: bool = False


@dataclass(eq=False)
class SaleLine:
    """A line of a sale; `returned` pieces so far."""

    net: int
    qty: int
    eligible: bool
    returned: int = 0

    def back(self) -> int:
        """Fen of the pieces returned so far."""
        return self.net * self.returned // self.qty


@dataclass(eq=False)
class Sale:
    """A sale; `owner` None: nobody's, it earned nothing."""

    name: str
    owner: str | None
    year: int
    lines: list[SaleLine]
    factor: Fraction
    earned: int = 0
    taken_back: int = 0
    lot: Lot | None = None

    def total(self) -> int:
        """N: fen of all lines."""
        return sum(line.net for line in self.lines)

    def eligible(self) -> int:
        """E: fen of the lines that are not excluded."""
        return sum(line.net for line in self.lines if line.eligible)

    def refunded(self) -> int:
        """r: fen refunded so far."""
        return sum(line.back() for line in self.lines)

    def eligible_back(self) -> int:
        """c: fen of eligible lines refunded so far."""
        return sum(line.back() for line in self.lines if line.eligible)


class RedemptionState(StrEnum):
    """States of a redemption."""

    HELD = "HELD"
    COMMITTED = "COMMITTED"
    REVERSED = "REVERSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(eq=False)
class Payment:
    """Points that a redemption took (or holds) of a lot, less what went back into it."""

    lot: Lot
    points: int


@dataclass(eq=False)
class Redemption:
    """A redemption of `points`; `pieces` of `reward` where there is one."""

    name: str
    owner: str
    points: int
    payments: list[Payment]
    ends_at: datetime
    state: RedemptionState = RedemptionState.HELD
    reward: str | None = None
    pieces: int = 0
    device: str | None = None
    sale: str | None = None
    given_back: int = 0


class CouponState(StrEnum):
    """States of a coupon that are stored; EXPIRED follows from the day."""

    ISSUED = "ISSUED"
    CLAIMED = "CLAIMED"
    REDEEMED = "REDEEMED"
    ROLLED_BACK = "ROLLED_BACK"
    VOID = "VOID"
    EXPIRED = "EXPIRED"


@dataclass(eq=False)
class Coupon:
    """A coupon; `terms` is the event that issued it."""

    name: str
    owner: str
    terms: dict[str, Any]
    state: CouponState = CouponState.ISSUED
    sale: str | None = None


@dataclass(eq=False)
class Merge:
    """A merge and all that it moved from `source` to `target`."""

    source: str
    target: str
    day: date
    moved: list[Lot | Sale | Redemption | Coupon | TierPoints]
    undone: bool = False


@dataclass
class World:
    """Everything that is so at `now`, the clock of the last event that passed the shape checks."""

    program: Program
    now: datetime
    members: dict[str, Member] = field(default_factory=dict)
    tier_points: list[TierPoints] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    sales: dict[str, Sale] = field(default_factory=dict)
    returns: set[str] = field(default_factory=set)
    redemptions: dict[str, Redemption] = field(default_factory=dict)
    coupons: dict[str, Coupon] = field(default_factory=dict)
    merges: dict[str, Merge] = field(default_factory=dict)
    ledger: dict[str, int] = field(default_factory=dict)
    posted: list[dict[str, Any]] = field(default_factory=list)
    expired_reported: int = 0
    doubts: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """Shanghai's date."""
        return self.now.date()

    def doubt(self, about: str) -> None:
        """Notes that the result of this event depends on a reading of the format that others may not share."""
        self.doubts.add(about)
