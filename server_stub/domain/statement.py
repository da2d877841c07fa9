"""A statement of a member's points between two days, as the desk makes it. Knows no storage and no paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from server_stub.domain.points_origin import PointsOrigin


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of points.

    Attributes:
        number: Of the sale, return or redemption; empty for every other origin.
        store_id: Where it happened; empty where it was no store.
        balance: Points on the account after it: available, pending and held, less the debt.
        campaign_titles: Of the campaign that gave the points, one for each language of the paper; none where no campaign did.
    """

    at: datetime
    origin: PointsOrigin
    number: str
    store_id: str
    points: int
    balance: int
    campaign_titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Movements of days of Asia/Shanghai, the oldest first.

    Attributes:
        number_masked: Membership number with its middle hidden.
        last_day: Inclusive.
        opening: Balance before the first day.
        closing: Balance at the end of the last one.
    """

    number_masked: str
    first_day: date
    last_day: date
    opening: int
    closing: int
    lines: tuple[StatementLine, ...]
