"""The book of one account: its lots, holds, debt and year points, and what can be done with them. Knows no row and no clock.

A book belongs to the one transaction that loaded it and is changed in place. It must be settled (``settling.advance``) before anything is
asked of it or done to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from server_stub.domain.ledger.lot_set import LotSet, Totals, is_available
from server_stub.domain.ledger.lots import Lot, Share, end_of, in_spend_order, take
from server_stub.domain.ledger.tiers import tier_of_years
from server_stub.domain.program.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Hold:
    """Points set aside for a redemption until a moment."""

    redemption_id: str
    ends_at: datetime
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class LotExpired:
    """Points of a lot that expired; an entry has to be posted for it.

    Attributes:
        before: Points of the lot that had expired before; makes the event unique.
    """

    lot_id: str
    points: int
    before: int
    at: datetime


@dataclass(slots=True)
class Book:
    """One account.

    Attributes:
        settled_at: Everything that was due by this moment has been done.
        years: Points that count for tiers and the year review (till-script 3.5), by account on which they were earned, and year.
        expired: Points lost by expiry so far; they go along with their lots.
        lots: Lots with free or held points, others as far as they were needed; by id.
        expiries: What expired since the book was loaded, in order.
        ended_holds: Redemptions whose hold ended since the book was loaded.
    """

    account_id: str
    joined_on: date
    rules: Parameters
    settled_at: datetime
    last_activity_on: date
    debt: int = 0
    expired: int = 0
    years: dict[tuple[str, int], int] = field(default_factory=dict)
    lots: LotSet = field(default_factory=LotSet)
    holds: dict[str, Hold] = field(default_factory=dict)
    expiries: list[LotExpired] = field(default_factory=list)
    ended_holds: list[str] = field(default_factory=list)

    def totals(self, day: date) -> Totals:
        """Returns what can be spent on the day, what is not available yet and what is held."""
        return self.lots.totals(day)

    def live(self) -> list[Lot]:
        """Returns lots with free points in spend order, pending ones included."""
        return self._ordered(lot for lot in self.lots.values() if lot.free)

    def spendable(self, day: date) -> list[Lot]:
        """Returns lots with free points that can be spent on the day, in spend order."""
        return self._ordered(lot for lot in self.lots.values() if lot.free and is_available(lot, day))

    def end_of(self, lot: Lot) -> date | None:
        """Returns the first day on which a lot is gone, as far as it is known."""
        return end_of(lot, self.last_activity_on)

    def year_points(self, year: int) -> int:
        """Returns the points of a calendar year (till-script 3.5)."""
        return sum(points for (_, earned_in), points in self.years.items() if earned_in == year)

    def count_year(self, account_id: str, year: int, points: int) -> None:
        """Adds earned points to a year, or takes them off."""
        self.years[account_id, year] = self.years.get((account_id, year), 0) + points

    def tier(self, day: date, rules: Parameters | None = None) -> str | None:
        """Returns the tier of the day by rules, the book's own unless others are named; None where they have none."""
        return tier_of_years(rules or self.rules, self.year_points(day.year), self.year_points(day.year - 1))

    def note_activity(self, day: date) -> None:
        """Moves the last day of activity (till-script 3.2, inactivity)."""
        self.last_activity_on = max(self.last_activity_on, day)

    def put_back(self, lot: Lot, points: int, at: datetime, day: date) -> None:
        """Makes points of a lot free again; where the lot has ended they expire at once (till-script 3.6)."""
        end = self.end_of(lot)
        if end is not None and end <= day:
            lot.ended_on = end
            self.expire(lot, points, at)
        else:
            lot.free += points

    def expire(self, lot: Lot, points: int, at: datetime) -> None:
        """Records that points of the lot, which are free no more, expired."""
        self.expiries.append(LotExpired(lot.lot_id, points, lot.expired, at))
        lot.expired += points
        self.expired += points

    def pay_debt(self) -> None:
        """Pays debt from any free points, pending ones included; no entry, the sum of entries holds it already (till-script 3.4)."""
        if self.debt:
            self.debt -= sum(share.points for share in take(self.live(), self.debt))

    def hold(self, hold: Hold) -> None:
        """Sets points aside that were taken already."""
        for share in hold.shares:
            self.lots[share.lot_id].held += share.points
        self.holds[hold.redemption_id] = hold

    def close_hold(self, redemption_id: str) -> tuple[Share, ...]:
        """Ends a hold and returns its shares, which are then neither held nor free."""
        shares = self.holds.pop(redemption_id).shares
        for share in shares:
            self.lots[share.lot_id].held -= share.points
        return shares

    def release_hold(self, redemption_id: str, at: datetime, day: date) -> None:
        """Ends a hold and makes its points free."""
        for share in self.close_hold(redemption_id):
            self.put_back(self.lots[share.lot_id], share.points, at, day)

    def _ordered(self, lots: Iterable[Lot]) -> list[Lot]:
        return in_spend_order(lots, self.rules.spend_order, self.last_activity_on)
