"""Why a sale earned what it earned, and what would have earned more. Reads the decision that was kept; decides nothing again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server_stub.domain.explaining.lines import TIMES, Line, factor, three, yuan
from server_stub.domain.ledger.earning import earned_points
from server_stub.domain.ledger.prepared import Considered
from server_stub.domain.program.choices import Stacking
from server_stub.domain.program.parameters import Multiplier, Parameters

_WHOLE_PCT = 100


@dataclass(frozen=True, slots=True)
class DecidedSale:
    """A booked sale as it was judged.

    Attributes:
        multipliers: Each of the rule set of its time, and what became of it.
        taken_back: Points that returns have taken back so far.
        rules: By which it was booked.
        conditions: The multipliers themselves, in the same order; empty where the rules of its time are not known any more.
    """

    total_fen: int
    eligible_fen: int
    earned: int
    multipliers: Sequence[Considered]
    taken_back: int
    rules: Parameters
    conditions: Sequence[Multiplier] = ()

    @property
    def pcts(self) -> tuple[int, ...]:
        """Returns the percents that were used."""
        return tuple(m.pct for m in self.multipliers if m.used)


def explain_sale(sale: DecidedSale) -> tuple[Line, ...]:
    """Returns three lines at most: what it earned, what made it more or less, and what is nearest to more."""
    excluded = sale.total_fen - sale.eligible_fen
    return three(
        (
            _earned(sale),
            Line("explain.sale.returned", {"points": str(sale.taken_back)}) if sale.taken_back else None,
            _multiplied(sale),
            Line("explain.sale.excluded", {"amount": yuan(excluded)}) if excluded else None,
            _could_be_multiplied(sale),
            _next_point(sale),
        )
    )


def fen_to_next_point(sale: DecidedSale) -> int | None:
    """Returns how much more of goods that count would have earned one more point; None where no amount does."""

    def earns_more(more: int) -> bool:
        return earned_points(sale.eligible_fen + more, sale.total_fen + more, sale.pcts, sale.rules) > sale.earned

    most = 2 * sale.rules.fen_per_point
    if not earns_more(most):
        return None
    least = 0
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if earns_more(middle) else (middle, most)
    return most


def _earned(sale: DecidedSale) -> Line:
    if sale.earned == 0:
        return Line("explain.sale.nothing", {"amount": yuan(sale.total_fen)})
    return Line("explain.sale.earned", {"points": str(sale.earned), "amount": yuan(sale.eligible_fen)})


def _multiplied(sale: DecidedSale) -> Line | None:
    used = [m for m in sale.multipliers if m.used]
    if not used:
        return None
    said = {"multiplier": TIMES.join(m.code for m in used), "factor": factor(*sale.pcts)}
    return Line("explain.sale.multiplied", said)


def _could_be_multiplied(sale: DecidedSale) -> Line | None:
    """What members have in their hands: how they pay."""
    best = max(sale.pcts, default=_WHOLE_PCT) if sale.rules.stacking is Stacking.HIGHEST else _WHOLE_PCT
    for considered, condition in zip(sale.multipliers, sale.conditions, strict=False):
        if condition.tender_only is not None and not considered.holds and considered.pct > best:
            return Line("explain.sale.could_be", {"multiplier": considered.code, "factor": factor(considered.pct)})
    return None


def _next_point(sale: DecidedSale) -> Line | None:
    if sale.eligible_fen == 0:
        return None
    more = fen_to_next_point(sale)
    return None if more is None else Line("explain.sale.next_point", {"amount": yuan(more)})
