"""What goes back with returned goods, exact for every split: everything is a difference of cumulative values. Knows no row.

Source: till-script.md section 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.earning import earned_points
from server_stub.domain.ledger.lots import Lot, take
from server_stub.domain.ledger_commands import ReturnLine
from server_stub.domain.program.choices import ExpiredTakeback, ReturnRule
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of the sale and how many pieces of it have come back before."""

    qty: int
    net_fen: int
    is_eligible: bool
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale as far as returns need it.

    Attributes:
        earned: Points (P).
        pcts: Percents of the sale's multipliers.
        rules: By which the sale was judged; whatever came into force since, its goods come back by the same.
        taken_back: Earned points that returns have taken so far.
    """

    lines: tuple[SoldLine, ...]
    earned: int
    pcts: tuple[int, ...]
    rules: Parameters
    taken_back: int = 0

    @property
    def total_fen(self) -> int:
        """Returns N."""
        return sum(line.net_fen for line in self.lines)

    @property
    def eligible_fen(self) -> int:
        """Returns E."""
        return sum(line.net_fen for line in self.lines if line.is_eligible)


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """What a return comes to, before any lot is looked at.

    Attributes:
        pieces: Returned now, by line from 1.
        refund_fen: For this return.
        refunded_fen: For all returns of the sale so far, this one included (r).
        taken_back: Earned points to take back now.
    """

    pieces: Mapping[int, int]
    refund_fen: int
    refunded_fen: int
    taken_back: int


def plan_return(sold: Sold, lines: tuple[ReturnLine, ...] | None) -> ReturnPlan:
    """Returns what goes back; no lines: all that is left.

    Raises:
        Refusal: LINE_UNKNOWN, BAD_QTY, RETURN_EXCEEDS_SALE.
    """
    pieces = _pieces(sold, lines)
    before = [line.returned for line in sold.lines]
    after = [line.returned + pieces.get(number, 0) for number, line in enumerate(sold.lines, 1)]
    refunded = _back(sold, after)
    return ReturnPlan(
        pieces=pieces,
        refund_fen=refunded - _back(sold, before),
        refunded_fen=refunded,
        # What was taken is counted and not worked out again: in older books another rule may have taken it.
        taken_back=max(0, _points_back(sold, after) - sold.taken_back),
    )


def _pieces(sold: Sold, lines: tuple[ReturnLine, ...] | None) -> dict[int, int]:
    left = {number: line.qty - line.returned for number, line in enumerate(sold.lines, 1)}
    if lines is None:
        asked = {number: qty for number, qty in left.items() if qty}
    else:
        asked = {line.line: line.qty for line in lines}
        _check_pieces(lines, left, asked)
    if not asked:
        raise refuse(Reason.RETURN_EXCEEDS_SALE)
    return asked


def _check_pieces(lines: tuple[ReturnLine, ...], left: Mapping[int, int], asked: Mapping[int, int]) -> None:
    if len(asked) != len(lines):
        raise refuse(Reason.REQUEST_MALFORMED)
    if any(line.line not in left for line in lines):
        raise refuse(Reason.LINE_UNKNOWN)
    if any(line.qty < 1 for line in lines):
        raise refuse(Reason.BAD_QTY)
    if any(line.qty > left[line.line] for line in lines):
        raise refuse(Reason.RETURN_EXCEEDS_SALE)


def _back(sold: Sold, returned: list[int], *, only_eligible: bool = False) -> int:
    """back(k) = floor(net x k / qty), summed over the lines."""
    lines = zip(sold.lines, returned, strict=True)
    return sum(line.net_fen * pieces // line.qty for line, pieces in lines if line.is_eligible or not only_eligible)


def _points_back(sold: Sold, returned: list[int]) -> int:
    """T(c): earned points that go back for the pieces returned so far."""
    eligible = sold.eligible_fen
    if eligible == 0 or sold.earned == 0:
        # A sale without a member earned nothing, whatever its amounts would have earned.
        return 0
    back = _back(sold, returned, only_eligible=True)
    match sold.rules.return_rule:
        case ReturnRule.PRO_RATA:
            return sold.earned * back // eligible
        case ReturnRule.RECOMPUTE:
            return sold.earned - earned_points(eligible - back, sold.total_fen - back, sold.pcts, sold.rules)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How points that go back were met: forgiven ones and the rest, which an entry takes."""

    forgiven: int
    posted: int
    short: int


def take_back(book: Book, own: Lot | None, points: int) -> TakenBack:
    """Takes earned points back from the book (till-script 3.3, steps 1 to 4); what no lot gives becomes debt.

    Args:
        book: Of the sale's member, settled.
        own: The sale's own lot, None where it earned nothing.
        points: To take back.
    """
    owed = points
    if own is not None:
        owed -= sum(share.points for share in take([own], owed))
    forgiven = 0
    if own is not None and book.rules.expired_takeback is ExpiredTakeback.FORGIVE:
        forgiven = min(owed, own.expired - own.forgiven)
        own.forgiven += forgiven
    owed -= forgiven
    owed -= sum(share.points for share in take(book.live(), owed))
    book.debt += owed
    return TakenBack(forgiven, points - forgiven, owed)


def due_back(spent: int, refunded_fen: int, total_fen: int, given_back: int) -> int:
    """Returns spent points to give back now: floor(S x r / N) less what was given back, never below 0 (till-script 3.3)."""
    return max(0, spent * refunded_fen // total_fen - given_back)
