"""One account's lots as the accounts need them: who paid for what, in the order in which points are spent. Knows no other account.

A spend takes the lots that the ledger says paid for it; where that is not settled yet, what ends first, then what was earned first. A
return takes its own lot's points; where they were spent already, the spending is taken to have used other lots, as if the returned points
had never been earned; what no lot can pay is owed until new points pay it. The same holds where a named lot was used up by such a move. So
every lot stays at 0 or above, and the lots' outstanding points less what is owed are the sum of the entries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from server_stub.domain.liability.cohorts import Cohort


class LedgerContradiction(Exception):
    """The entries cannot be: more was used, given back or returned than there was."""


class Use(StrEnum):
    """What takes points from a lot."""

    REDEEMED = "REDEEMED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    LENT = "LENT"


Named = tuple[tuple[str, int], ...]
"""Lots by id, and how many points of each."""


@dataclass(slots=True)
class Lot:
    """Points that came in at once.

    Attributes:
        source: The sale, or the entry that made it.
        lot_id: As the ledger calls it; empty where nothing refers to it.
        gone_on: First day on which its points are gone; None where none is known.
        place: Order of earning.
        allocated_micro: Deferred share of its sale in millionths of a fen; 0 for gifts.
        joins: Merges by which it came to this account, the latest last.
    """

    cohort: Cohort
    source: str
    earned: int
    gone_on: date | None
    place: int
    sale_fen: int = 0
    allocated_micro: int = 0
    lot_id: str = ""
    returned: int = 0
    taken: dict[Use, int] = field(default_factory=lambda: dict.fromkeys(Use, 0))
    joins: list[str] = field(default_factory=list)

    @property
    def free(self) -> int:
        """Returns what can be taken."""
        return self.earned - self.returned - sum(self.taken.values())

    @property
    def order(self) -> tuple[date, int]:
        """Returns its place in the order of spending."""
        return self.gone_on or date.max, self.place


@dataclass(slots=True)
class Taking:
    """Points that were taken from a lot, or, without a lot, are owed. Mutable: a return moves them to another lot."""

    use: Use
    source: str
    lot: Lot | None
    points: int


@dataclass(slots=True)
class Holding:
    """The lots of one account and what was taken from them, oldest first.

    Attributes:
        lendable: Points that ever went back with goods. Held ones stay with their hold, so that much can be spent without there being any.
    """

    lots: list[Lot] = field(default_factory=list)
    takings: list[Taking] = field(default_factory=list)
    lendable: int = 0

    @property
    def owed(self) -> int:
        """Returns the points that were spent and that no lot has paid."""
        return sum(taking.points for taking in self.takings if taking.lot is None)

    def add(self, lot: Lot) -> None:
        """Adds a lot; what is owed is paid from it at once."""
        self.lots.append(lot)
        self.pay()

    def take(self, use: Use, points: int, source: str, named: Named = ()) -> None:
        """Takes points from the named lots, the rest in the order of spending.

        Raises:
            LedgerContradiction: There are not so many.
        """
        for lot_id, part in named:
            for lot in [one for one in self.lots if one.lot_id == lot_id]:
                points -= self._take_named(lot, use, min(part, points), source)
        missing = self._take(use, points, source)
        if missing > self.lendable - self.owed:
            raise LedgerContradiction(f"{use.value} of more points than there are")
        self._owe(use, missing, source)
        self._tidy()

    def give_back(self, use: Use, points: int, source: str) -> int:
        """Gives back what was taken for a source, last taken first, and returns what was not taken here; an empty source means any."""
        for taking in reversed(self.takings):
            if taking.use is use and source in {"", taking.source}:
                points -= self._undo(taking, points)
        self._tidy()
        self.pay()
        return points

    def take_back(self, source: str, points: int) -> None:
        """Takes back points of a sale whose goods came back.

        Raises:
            LedgerContradiction: The sale earned nothing, or less.
        """
        lots = [lot for lot in self.lots if lot.source == source]
        self.lendable += points
        for lot in lots:
            points -= self._return_free(lot, points)
        for lot in lots:
            points -= self._return_taken(lot, points)
        if points:
            raise LedgerContradiction("more was taken back than was earned")
        self._tidy()

    def pay(self) -> None:
        """Pays what is owed from what is free, oldest debt first."""
        for taking in [one for one in self.takings if one.lot is None]:
            taking.points = self._take(taking.use, taking.points, taking.source)
        self._tidy()

    def expire(self, day: date) -> None:
        """Ends what is free in lots that are gone on that day, whether or not an entry says so yet."""
        for lot in self.lots:
            if lot.gone_on is not None and lot.gone_on <= day and lot.free:
                self._use(lot, Use.EXPIRED, lot.free, "")

    def _take(self, use: Use, points: int, source: str) -> int:
        if not points:
            return 0
        for lot in sorted((lot for lot in self.lots if lot.free), key=lambda lot: lot.order):
            taken = min(lot.free, points)
            if taken:
                self._use(lot, use, taken, source)
                points -= taken
        return points

    def _take_named(self, lot: Lot, use: Use, points: int, source: str) -> int:
        """Returns how many points were taken from the lot; what had used it without a name uses others."""
        free = min(lot.free, points)
        if free:
            self._use(lot, use, free, source)
        moved = self._move_off(lot, points - free, but=source)
        if moved:
            self._use(lot, use, sum(taking.points for taking in moved), source)
        self._take_elsewhere(moved)
        return free + sum(taking.points for taking in moved)

    def _move_off(self, lot: Lot, points: int, but: str = "") -> list[Taking]:
        """Frees points of a lot and returns what had taken them; what ended there stays until nothing else is left.

        Where they are freed for another use (`but`), nothing that was taken for that and nothing that ended has to move.
        """
        takers = [one for one in reversed(self.takings) if one.lot is lot]
        if but:
            takers = [one for one in takers if one.source != but and one.use is not Use.EXPIRED]
        moved = []
        for taking in sorted(takers, key=lambda one: one.use is Use.EXPIRED):
            part = self._undo(taking, points)
            points -= part
            if part:
                moved.append(Taking(taking.use, taking.source, None, part))
        return moved

    def _take_elsewhere(self, moved: list[Taking]) -> None:
        for taking in moved:
            self._owe(taking.use, self._take(taking.use, taking.points, taking.source), taking.source)

    def _owe(self, use: Use, points: int, source: str) -> None:
        if points:
            self.takings.append(Taking(use, source, None, points))

    def _use(self, lot: Lot, use: Use, points: int, source: str) -> None:
        lot.taken[use] += points
        self.takings.append(Taking(use, source, lot, points))

    @staticmethod
    def _undo(taking: Taking, points: int) -> int:
        undone = min(taking.points, points)
        taking.points -= undone
        if taking.lot is not None:
            taking.lot.taken[taking.use] -= undone
        return undone

    @staticmethod
    def _return_free(lot: Lot, points: int) -> int:
        returned = min(lot.free, points)
        lot.returned += returned
        return returned

    def _return_taken(self, lot: Lot, points: int) -> int:
        """Returns how many points went back although they had been taken; what took them takes others, or is owed."""
        moved = self._move_off(lot, points)
        back = sum(taking.points for taking in moved)
        lot.returned += back
        self._take_elsewhere(moved)
        return back

    def _tidy(self) -> None:
        self.takings = [taking for taking in self.takings if taking.points]
