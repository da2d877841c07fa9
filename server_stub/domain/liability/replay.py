"""Replays entries in their order and adds up what became of each cohort. Knows no amount but the sales' own, and no table.

The reader gives the entries of one account at a time, or, where accounts were merged, of all of them together; see ``ordering``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.liability.allocation import deferred_micro, taken_back_micro
from server_stub.domain.liability.cohorts import Cohort, CohortFacts, Origin
from server_stub.domain.liability.lots import Holding, LedgerContradiction, Lot, Named, Use
from server_stub.domain.liability.months import month_of
from server_stub.domain.liability.rules import LiabilityRules


@dataclass(frozen=True, slots=True)
class PointsFact:
    """An entry as the accounts see it.

    Attributes:
        day: Business day on which it was posted.
        source: Of an accrual and its reversal the sale; of a redemption and its reversal the redemption; else empty or the entry.
        gone_on: Of an entry that makes a lot: first day on which the points are gone, or None.
        sale_fen: Of an accrual: what was paid for the sale, with tax; 0 where the points were given for nothing.
        lot_id: Of an entry that makes a lot: as others refer to it.
        lots: Of an entry that takes points: from which lots, as far as that is known.
    """

    account_id: str
    kind: EntryKind
    points: int
    day: date
    source: str = ""
    gone_on: date | None = None
    sale_fen: int = 0
    lot_id: str = ""
    lots: Named = ()


@dataclass(frozen=True, slots=True)
class AccountsJoined:
    """Two memberships became one: everything of one account is the other's from here on."""

    merge_id: str
    from_id: str
    into_id: str


@dataclass(frozen=True, slots=True)
class AccountsParted:
    """A merge was undone: the lots that came by it go back as they are now."""

    merge_id: str


_USE_OF = {
    EntryKind.REDEMPTION: Use.REDEEMED,
    EntryKind.REDEMPTION_REVERSAL: Use.REDEEMED,
    EntryKind.EXPIRY: Use.EXPIRED,
    EntryKind.ADJUSTMENT: Use.WITHDRAWN,
    EntryKind.ALLOWANCE_OUT: Use.LENT,
    EntryKind.ALLOWANCE_IN: Use.LENT,
}

Event = PointsFact | AccountsJoined | AccountsParted


@dataclass(slots=True)
class Tally:
    """What the replays added up to.

    Attributes:
        owed: Points that members spent and no longer have, because goods came back.
        entries: Sum of all entries.
        overdue: Points that are past their last day and for which no entry says so yet.
    """

    cohorts: dict[Cohort, CohortFacts] = field(default_factory=dict)
    owed: int = 0
    entries: int = 0
    overdue: int = 0

    @property
    def outstanding(self) -> int:
        """Returns the points that members hold, before what they owe."""
        return sum(facts.outstanding for facts in self.cohorts.values())

    @property
    def is_proven(self) -> bool:
        """Returns whether the cohorts explain every point of the entries."""
        return self.outstanding - self.owed == self.entries - self.overdue


class Replay:
    """Adds accounts to a tally, one group after the other."""

    def __init__(self, rules: LiabilityRules, as_of: date) -> None:
        """Begins with nothing.

        Args:
            rules: Prices of points by day.
            as_of: Last day that counts; what is gone on that day has ended, whether or not an entry says so yet.
        """
        self._rules = rules
        self._as_of = as_of
        self._place = 0
        self.tally = Tally()

    def add(self, events: Iterable[Event]) -> None:
        """Replays accounts from their first entry on, in order. Where that is refused nothing of them counts.

        Raises:
            LedgerContradiction: The entries cannot be.
            ValueError: The rules say nothing about the day of a sale.
        """
        entries = 0
        holdings: dict[str, Holding] = {}
        came_from: dict[str, AccountsJoined] = {}
        for event in events:
            match event:
                case PointsFact():
                    entries += event.points
                    self._post(holdings, event)
                case AccountsJoined():
                    came_from[event.merge_id] = event
                    _join(holdings, event)
                case AccountsParted():
                    if event.merge_id not in came_from:
                        raise LedgerContradiction("a merge was undone that never was")
                    _part(holdings, came_from.pop(event.merge_id))
                case _:
                    assert_never(event)
        self.tally.entries += entries
        for holding in holdings.values():
            self._close(holding)

    def _post(self, holdings: dict[str, Holding], fact: PointsFact) -> None:
        holding = holdings.setdefault(fact.account_id, Holding())
        if fact.kind is EntryKind.MERGE:
            return  # The lots moved with AccountsJoined; the two entries add up to nothing.
        if fact.kind is EntryKind.ACCRUAL_REVERSAL:
            holding.take_back(fact.source, -fact.points)
        elif fact.kind is EntryKind.ACCRUAL or (fact.kind is EntryKind.ADJUSTMENT and fact.points > 0):
            holding.add(self._lot(fact))
        elif fact.points < 0:
            holding.take(_USE_OF[fact.kind], -fact.points, fact.source, fact.lots)
        else:
            # After a merge was undone, what paid may be found on the other account.
            left = fact.points
            for one in (holding, *(other for other in holdings.values() if other is not holding)):
                left = one.give_back(_USE_OF[fact.kind], left, fact.source) if left else 0
            if left:
                raise LedgerContradiction(f"more was given back than was {_USE_OF[fact.kind].value}")

    def _lot(self, fact: PointsFact) -> Lot:
        self._place += 1
        paid = fact.sale_fen > 0
        return Lot(
            cohort=Cohort(month_of(fact.day), Origin.SALE if paid else Origin.GIFT),
            source=fact.source,
            earned=fact.points,
            gone_on=fact.gone_on,
            place=self._place,
            sale_fen=fact.sale_fen,
            lot_id=fact.lot_id,
            allocated_micro=deferred_micro(fact.sale_fen, fact.points, self._rules.price_on(fact.day)) if paid else 0,
        )

    def _close(self, holding: Holding) -> None:
        free = sum(lot.free for lot in holding.lots)
        holding.expire(self._as_of)
        self.tally.overdue += free - sum(lot.free for lot in holding.lots)
        self.tally.owed += holding.owed
        # Lent points stay outstanding for the accounts, though the entries count them out.
        self.tally.entries += sum(lot.taken[Use.LENT] for lot in holding.lots)
        for lot in holding.lots:
            self.tally.cohorts[lot.cohort] = self.tally.cohorts.get(lot.cohort, CohortFacts()) + _facts(lot)


def _facts(lot: Lot) -> CohortFacts:
    return CohortFacts(
        earned=lot.earned,
        returned=lot.returned,
        redeemed=lot.taken[Use.REDEEMED],
        expired=lot.taken[Use.EXPIRED],
        withdrawn=lot.taken[Use.WITHDRAWN],
        sale_fen=lot.sale_fen,
        allocated_micro=lot.allocated_micro,
        returned_micro=taken_back_micro(lot.allocated_micro, lot.earned, lot.returned),
    )


def _join(holdings: dict[str, Holding], joined: AccountsJoined) -> None:
    source = holdings.pop(joined.from_id, Holding())
    target = holdings.setdefault(joined.into_id, Holding())
    for lot in source.lots:
        lot.joins.append(joined.merge_id)
    target.takings = [*source.takings, *target.takings]
    target.lots += source.lots
    target.lendable += source.lendable
    target.pay()


def _part(holdings: dict[str, Holding], joined: AccountsJoined) -> None:
    merged = holdings[joined.into_id]
    back = [lot for lot in merged.lots if joined.merge_id in lot.joins]
    for lot in back:
        del lot.joins[lot.joins.index(joined.merge_id) :]
    gone = {id(lot) for lot in back}
    parted = holdings.setdefault(joined.from_id, Holding())
    parted.lots += back
    parted.lendable += merged.lendable
    parted.takings += [taking for taking in merged.takings if taking.lot is not None and id(taking.lot) in gone]
    merged.lots = [lot for lot in merged.lots if id(lot) not in gone]
    merged.takings = [taking for taking in merged.takings if taking.lot is None or id(taking.lot) not in gone]
