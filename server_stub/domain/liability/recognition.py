"""How much of a cohort's deferred revenue is recognised: in proportion to the redemption that is expected (IFRS 15 B46). Pure.

Everything is a function of the sums so far. What belongs to a period is the difference of two measurements, so a changed estimate counts
at once for all that was recognised before (cumulative catch-up).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from server_stub.domain.liability.allocation import MICRO, rounded, whole_fen
from server_stub.domain.liability.cohorts import CohortFacts
from server_stub.domain.liability.rules import Estimate


@dataclass(frozen=True, slots=True)
class Measured:
    """A cohort in the accounts, cumulative, in whole fen; allocated - returned = used + breakage + ended + deferred.

    Attributes:
        expected_points: Points that will have been redeemed in the end, rounded.
        is_outrun: True where the floor of the estimate holds: members redeemed more than was expected.
        allocated_fen: Deferred by the sales.
        returned_fen: Of it reversed by returns.
        used_fen: Recognised: the redeemed points' own share.
        breakage_fen: Recognised along with them for points that are expected never to be redeemed.
        ended_fen: Recognised because points expired or were withdrawn.
        deferred_fen: Contract liability.
    """

    expected_points: int
    is_outrun: bool
    allocated_fen: int
    returned_fen: int
    used_fen: int
    breakage_fen: int
    ended_fen: int
    deferred_fen: int

    @property
    def recognised_fen(self) -> int:
        """Returns all that became revenue."""
        return self.used_fen + self.breakage_fen + self.ended_fen


def expected_redemption(facts: CohortFacts, estimate: Estimate) -> Fraction:
    """Returns how many points will have been redeemed in the end: never fewer than already are, never more than still can be."""
    still = facts.redeemed + facts.outstanding
    return min(Fraction(still), max(estimate.redeemed_share * facts.kept, _floor(facts, estimate)))


def measure(facts: CohortFacts, estimate: Estimate) -> Measured:
    """Returns the cohort in the accounts."""
    net = Fraction(facts.allocated_micro - facts.returned_micro, MICRO)
    expected = expected_redemption(facts, estimate)
    # As if nothing had ended yet: what the ending adds is shown by itself.
    unended = CohortFacts(earned=facts.kept, redeemed=facts.redeemed)
    shares = (
        _share(facts.redeemed, Fraction(facts.kept)),
        _share(facts.redeemed, expected_redemption(unended, estimate)),
        _share(facts.redeemed, expected),
    )
    used, with_breakage, recognised = (rounded(net * share) for share in shares)
    allocated, kept_fen = whole_fen(facts.allocated_micro), rounded(net)
    return Measured(
        expected_points=rounded(expected),
        is_outrun=facts.outstanding > 0 and _floor(facts, estimate) > estimate.redeemed_share * facts.kept,
        allocated_fen=allocated,
        returned_fen=allocated - kept_fen,
        used_fen=used,
        breakage_fen=with_breakage - used,
        ended_fen=recognised - with_breakage,
        deferred_fen=kept_fen - recognised,
    )


def _floor(facts: CohortFacts, estimate: Estimate) -> Fraction:
    return facts.redeemed + estimate.least_of_outstanding * facts.outstanding


def _share(redeemed: int, expected: Fraction) -> Fraction:
    # Where nothing will be redeemed, nothing is owed.
    return redeemed / expected if expected else Fraction(1)
