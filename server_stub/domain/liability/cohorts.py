"""Cohorts: points by the month in which they were earned and by whether something was paid for them. Plain sums."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server_stub.domain.liability.months import Month


class Origin(StrEnum):
    """Where points come from: sales defer revenue, gifts (welcome points, corrections) were paid for by nobody."""

    SALE = "SALE"
    GIFT = "GIFT"


@dataclass(frozen=True, slots=True, order=True)
class Cohort:
    """Points that are estimated together."""

    month: Month
    origin: Origin


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """What became of a cohort's points; every number is at least 0.

    Attributes:
        earned: Before returns.
        returned: Taken back because goods came back.
        expired: Ended by time.
        withdrawn: Taken away by corrections.
        sale_fen: Sales that earned the points, with tax, before returns.
        allocated_micro: Deferred shares of those sales, in millionths of a fen, before returns.
        returned_micro: Part of them that returns reversed, at the original allocation.
    """

    earned: int = 0
    returned: int = 0
    redeemed: int = 0
    expired: int = 0
    withdrawn: int = 0
    sale_fen: int = 0
    allocated_micro: int = 0
    returned_micro: int = 0

    def __add__(self, other: CohortFacts) -> CohortFacts:
        """Returns the sums."""
        return CohortFacts(
            earned=self.earned + other.earned,
            returned=self.returned + other.returned,
            redeemed=self.redeemed + other.redeemed,
            expired=self.expired + other.expired,
            withdrawn=self.withdrawn + other.withdrawn,
            sale_fen=self.sale_fen + other.sale_fen,
            allocated_micro=self.allocated_micro + other.allocated_micro,
            returned_micro=self.returned_micro + other.returned_micro,
        )

    @property
    def kept(self) -> int:
        """Returns the points that were earned and not returned."""
        return self.earned - self.returned

    @property
    def outstanding(self) -> int:
        """Returns the points that members still hold, held and lent ones included."""
        return self.kept - self.redeemed - self.expired - self.withdrawn
