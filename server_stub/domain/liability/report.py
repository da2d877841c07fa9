"""The report: one line for each cohort, their sums, and the movement since the last closed period. Knows no table and no paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from server_stub.domain.liability.cohorts import Cohort, CohortFacts, Origin
from server_stub.domain.liability.months import Month
from server_stub.domain.liability.recognition import measure
from server_stub.domain.liability.replay import Tally
from server_stub.domain.liability.rules import LiabilityRules


@dataclass(frozen=True, slots=True)
class Sums:
    """Points and whole fen that can be added up over cohorts; cumulative since the first entry.

    Attributes:
        earned: Points before returns; earned = returned + redeemed + expired + withdrawn + outstanding.
        expected: Points that will have been redeemed in the end.
        breakage: Points that will never be: earned - returned - expected.
        allocated_fen: Deferred by sales; allocated = returned + used + breakage + ended + deferred.
        used_fen: Recognised for points that were redeemed.
        breakage_fen: Recognised with them for points that are expected never to be.
        ended_fen: Recognised because points expired or were withdrawn.
        deferred_fen: Contract liability.
    """

    earned: int = 0
    returned: int = 0
    redeemed: int = 0
    expired: int = 0
    withdrawn: int = 0
    outstanding: int = 0
    expected: int = 0
    breakage: int = 0
    allocated_fen: int = 0
    returned_fen: int = 0
    used_fen: int = 0
    breakage_fen: int = 0
    ended_fen: int = 0
    deferred_fen: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Returns the sums of both."""
        return Sums(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Sums)))

    def __sub__(self, other: Sums) -> Sums:
        """Returns what was added since the other."""
        return Sums(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(Sums)))


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort.

    Attributes:
        age_months: Completed months since the month of earning.
        redeemed_share: Expected share as the rules write it, e.g. ``19/20``.
        is_outrun: Members redeemed more than was expected; finance should look at the estimate.
    """

    month: str
    origin: Origin
    age_months: int
    redeemed_share: str
    is_outrun: bool
    sums: Sums


@dataclass(frozen=True, slots=True)
class Movement:
    """What happened since a period was closed; opening + allocated - returned - used - breakage - ended = closing.

    Attributes:
        since: The closed period, or empty where none is.
        change: Differences of the sums.
    """

    since: str
    opening_fen: int
    change: Sums
    closing_fen: int


@dataclass(frozen=True, slots=True)
class LiabilityReport:
    """The points liability at the end of a day.

    Attributes:
        lines: By month, oldest first, sales before gifts.
        owed: Points that members spent and no longer have; they are paid from the next that they earn.
        is_proven: The accounts agree with their entries, and the cohorts explain every point.
        contradicting: Accounts whose entries cannot be, and those that merges connect with them; none of their points is in any figure.
    """

    as_of: date
    rules_version: str
    lines: tuple[CohortLine, ...]
    total: Sums
    owed: int
    is_proven: bool
    contradicting: tuple[str, ...]
    movement: Movement


@dataclass(frozen=True, slots=True)
class Opening:
    """Sums of the last closed period; empty where none is."""

    period: str = ""
    total: Sums = Sums()


@dataclass(frozen=True, slots=True)
class Doubts:
    """What keeps a report from being proven.

    Attributes:
        differing: How many accounts do not say what their entries add up to.
        contradicting: Accounts that were left out, because their entries cannot be.
    """

    differing: int = 0
    contradicting: tuple[str, ...] = ()


def build_report(tally: Tally, rules: LiabilityRules, as_of: date, opening: Opening, doubts: Doubts) -> LiabilityReport:
    """Returns the report.

    Args:
        tally: All accounts, replayed up to the day.
        rules: Estimates as they are known on the day.
        as_of: The day.
        opening: Last period that was closed before.
        doubts: What was found before.
    """
    lines = tuple(_line(cohort, facts, rules, as_of) for cohort, facts in sorted(tally.cohorts.items(), key=_by_month))
    total = total_of(lines)
    return LiabilityReport(
        as_of=as_of,
        rules_version=rules.version,
        lines=lines,
        total=total,
        owed=tally.owed,
        is_proven=doubts == Doubts() and tally.is_proven,
        contradicting=doubts.contradicting,
        movement=Movement(opening.period, opening.total.deferred_fen, total - opening.total, total.deferred_fen),
    )


def total_of(lines: Iterable[CohortLine]) -> Sums:
    """Returns the sums over the lines."""
    return sum((line.sums for line in lines), start=Sums())


def _by_month(item: tuple[Cohort, CohortFacts]) -> tuple[Month, bool]:
    return item[0].month, item[0].origin is Origin.GIFT


def _line(cohort: Cohort, facts: CohortFacts, rules: LiabilityRules, as_of: date) -> CohortLine:
    estimate = rules.estimate_on(as_of, cohort.month)
    measured = measure(facts, estimate)
    sums = Sums(
        earned=facts.earned,
        returned=facts.returned,
        redeemed=facts.redeemed,
        expired=facts.expired,
        withdrawn=facts.withdrawn,
        outstanding=facts.outstanding,
        expected=measured.expected_points,
        breakage=facts.kept - measured.expected_points,
        allocated_fen=measured.allocated_fen,
        returned_fen=measured.returned_fen,
        used_fen=measured.used_fen,
        breakage_fen=measured.breakage_fen,
        ended_fen=measured.ended_fen,
        deferred_fen=measured.deferred_fen,
    )
    return CohortLine(str(cohort.month), cohort.origin, cohort.month.age_at(as_of), str(estimate.redeemed_share), measured.is_outrun, sums)
