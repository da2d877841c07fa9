"""Makes the lots of an account again from nothing but what happened, to prove those that are kept. Knows no row and no clock.

Source: the same clauses as everywhere in this package; each fact is carried out by the function that carried it out the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from server_stub.domain.clock import business_day
from server_stub.domain.ledger.allowances import AllowanceUse, who_pays
from server_stub.domain.ledger.book import Book, Hold
from server_stub.domain.ledger.lots import Lot, Share, take
from server_stub.domain.ledger.redeeming import last_taken_first
from server_stub.domain.ledger.returns import take_back


class Contradiction(Exception):
    """The facts cannot have happened: something was spent that was not there."""


@dataclass(frozen=True, slots=True)
class LotPosted:
    """Points were added."""

    lot: Lot


@dataclass(frozen=True, slots=True)
class SaleBooked:
    """A sale counted as an activity and for its year."""

    points: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Points were spent: those held for the redemption, or available ones; without a redemption a correction took them."""

    points: int
    redemption_id: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Points were set aside."""

    redemption_id: str
    points: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LetGo:
    """A hold was cancelled."""

    redemption_id: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Spent points went back to the lots that paid."""

    redemption_id: str
    points: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Goods of a sale came back with what they had earned."""

    lot_id: str | None
    year: int
    points: int


@dataclass(frozen=True, slots=True)
class Lent:
    """Points were moved to an allowance of a device."""

    allowance_id: str
    points: int


@dataclass(frozen=True, slots=True)
class CameHome:
    """An allowance came back: what was used of it, and the rest."""

    allowance_id: str
    uses: tuple[AllowanceUse, ...]


What = LotPosted | SaleBooked | Spent | Held | LetGo | GivenBack | TakenBack | Lent | CameHome


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, at its place in the account."""

    step: int
    at: datetime
    what: What


@dataclass(slots=True)
class Rebuilding:
    """A book that is being made again.

    Attributes:
        settle: Lets time pass over the book until a moment, each part of it under its own rules.
        card_active_at: When points that awaited the card became available; None: not yet.
    """

    book: Book
    settle: Callable[[Book, datetime], None]
    card_active_at: datetime | None = None
    shares: dict[str, tuple[Share, ...]] = field(default_factory=dict)
    lent: dict[str, tuple[Share, ...]] = field(default_factory=dict)

    def run(self, facts: Iterable[Fact], until: datetime) -> None:
        """Carries out the facts in their order and lets time pass until a moment.

        Raises:
            Contradiction: They cannot have happened.
        """
        for fact in sorted(facts, key=lambda fact: fact.step):
            self.settle(self.book, fact.at)
            self._release(fact.at)
            self._carry_out(fact)
            self.book.pay_debt()
        self.settle(self.book, until)
        self._release(until)

    def _release(self, at: datetime) -> None:
        if self.card_active_at is not None and self.card_active_at <= at:
            for lot in self.book.lots.values():
                lot.available_on = lot.available_on or business_day(self.card_active_at)

    def _carry_out(self, fact: Fact) -> None:
        book, day = self.book, business_day(fact.at)
        match fact.what:
            case LotPosted(lot):
                book.lots[lot.lot_id] = lot
            case SaleBooked(points):
                book.count_year(book.account_id, day.year, points)
                book.note_activity(day)
            case Spent(points, redemption_id):
                self._spend(redemption_id, points, fact.at)
            case GivenBack(redemption_id, points):
                self._give_back(redemption_id, points, fact.at)
            case TakenBack(lot_id, year, points):
                take_back(book, self._lot(lot_id) if lot_id else None, points)
                book.count_year(book.account_id, year, -points)
            case Held() | LetGo() | Lent() | CameHome():
                self._set_aside(fact.what, fact.at)
            case _:
                assert_never(fact.what)

    def _set_aside(self, what: Held | LetGo | Lent | CameHome, at: datetime) -> None:
        match what:
            case Held(redemption_id, points, ends_at):
                self.shares[redemption_id] = self._taken(points, at)
                self.book.hold(Hold(redemption_id, ends_at, self.shares[redemption_id]))
            case LetGo(redemption_id):
                self._held(redemption_id)
                self.book.release_hold(redemption_id, at, business_day(at))
            case Lent(allowance_id, points):
                self.lent[allowance_id] = self._taken(points, at)
            case CameHome(allowance_id, uses):
                self._come_home(allowance_id, uses, at)
            case _:
                assert_never(what)

    def _spend(self, redemption_id: str, points: int, at: datetime) -> None:
        if redemption_id in self.book.holds:
            self.book.close_hold(redemption_id)
        else:
            shares = self._taken(points, at)
            if redemption_id:
                self.shares[redemption_id] = shares
        if redemption_id:
            self.book.note_activity(business_day(at))

    def _taken(self, points: int, at: datetime) -> tuple[Share, ...]:
        shares = take(self.book.spendable(business_day(at)), points)
        if sum(share.points for share in shares) != points:
            raise Contradiction(f"{points} points were taken where there were fewer")
        return shares

    def _come_home(self, allowance_id: str, uses: tuple[AllowanceUse, ...], at: datetime) -> None:
        if sum(use.points for use in uses) > sum(share.points for share in self.lent.get(allowance_id, ())):
            raise Contradiction(f"more was given out under {allowance_id} than it held")
        paid, unused = who_pays(self.lent.pop(allowance_id, ()), uses)
        self.shares.update(paid)
        for share in unused:
            self.book.put_back(self.book.lots[share.lot_id], share.points, at, business_day(at))
        if uses:
            self.book.note_activity(business_day(at))

    def _lot(self, lot_id: str) -> Lot:
        if lot_id not in self.book.lots:
            raise Contradiction(f"goods came back of a sale whose lot {lot_id} was never posted")
        return self.book.lots[lot_id]

    def _held(self, redemption_id: str) -> None:
        if redemption_id not in self.book.holds:
            raise Contradiction(f"{redemption_id} was let go and not held")

    def _give_back(self, redemption_id: str, points: int, at: datetime) -> None:
        shares = list(self.shares.get(redemption_id, ()))
        for position, back in last_taken_first(shares, points):
            share = shares[position]
            self.book.put_back(self.book.lots[share.lot_id], back, at, business_day(at))
            shares[position] = replace(share, given_back=share.given_back + back)
            points -= back
        if points:
            raise Contradiction(f"more was given back of {redemption_id} than was spent")
        self.shares[redemption_id] = tuple(shares)
