"""Closed choices among the parameters of a rule set; each value stands in rule files as it is. Knows no arithmetic."""

from __future__ import annotations

from enum import StrEnum


class RoundAt(StrEnum):
    """Where a sale's points are rounded: once at the end, or at the base before the multiplier too."""

    END = "end"
    BASE = "base"


class RoundingMode(StrEnum):
    """How points are rounded."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


class ExclusionOrder(StrEnum):
    """Whether excluded goods are taken off before the points are worked out, or their points after."""

    BEFORE = "before"
    AFTER = "after"


class Stacking(StrEnum):
    """What several multipliers that hold together make."""

    HIGHEST = "highest"
    MULTIPLY = "multiply"


class BirthdayScope(StrEnum):
    """For how long a birthday lasts."""

    DAY = "day"
    MONTH = "month"


class Feb29(StrEnum):
    """Where 29 February falls in a common year."""

    FEB28 = "feb28"
    MAR01 = "mar01"


class Expiry(StrEnum):
    """When points end."""

    NONE = "none"
    ROLLING = "rolling"
    ANNIVERSARY = "anniversary"
    INACTIVITY = "inactivity"
    YEAR_REVIEW = "year_review"


class SpendOrder(StrEnum):
    """Which points are spent first."""

    EXPIRES_FIRST = "expires_first"
    EARNED_FIRST = "earned_first"


class ReturnRule(StrEnum):
    """How many points go back with returned goods."""

    PRO_RATA = "pro_rata"
    RECOMPUTE = "recompute"


class Shortfall(StrEnum):
    """What happens where a return takes back more points than there are."""

    DEBT = "debt"
    REFUSE = "refuse"


class ExpiredTakeback(StrEnum):
    """Whether points that expired before they were taken back are forgiven."""

    FORGIVE = "forgive"
    CHARGE = "charge"
