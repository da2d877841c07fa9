"""Points arithmetic: what the entries of an account add up to on a day. Pure; the entries are the truth (decisions.md, Ledger).

How spending divides over lots is a function of the entries in order: what ends first is spent first. No money anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry as the arithmetic sees it.

    Attributes:
        sequence: Place in the account, from 1.
        points: Positive: a lot is added; negative: lots are used.
        awaits_card: True where the lot cannot be spent until the card is active.
        expires_on: Last day on which the lot can be spent, or None.
    """

    sequence: int
    points: int
    awaits_card: bool = False
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds.

    Attributes:
        expiring: Points that end next, on ``expire_on``; 0 and None where none end.
        overdue: Points whose last day has passed and for which no expiry entry exists yet.
    """

    available: int
    pending: int
    expiring: int
    expire_on: date | None
    overdue: int


def remaining_lots(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """Returns the lots that are left, each with its remaining points, those that end first at the top.

    Raises:
        ValueError: More was used than there was; the ledger is broken.
    """
    lots: list[Movement] = []
    for movement in movements:
        if movement.points > 0:
            lots.append(movement)
            lots.sort(key=lambda lot: (lot.expires_on or date.max, lot.sequence))
        else:
            lots = _use(lots, -movement.points)
    return tuple(lots)


def balance(movements: Iterable[Movement], today: date, *, card_is_active: bool) -> Balance:
    """Returns what the entries add up to on a day (Asia/Shanghai)."""
    lots = remaining_lots(movements)
    current = [lot for lot in lots if lot.expires_on is None or lot.expires_on >= today]
    pending = sum(lot.points for lot in current if lot.awaits_card and not card_is_active)
    ends = [lot.expires_on for lot in current if lot.expires_on]
    next_end = min(ends, default=None)
    return Balance(
        available=sum(lot.points for lot in current) - pending,
        pending=pending,
        expiring=sum(lot.points for lot in current if lot.expires_on == next_end) if next_end else 0,
        expire_on=next_end,
        overdue=sum(lot.points for lot in lots) - sum(lot.points for lot in current),
    )


def _use(lots: list[Movement], points: int) -> list[Movement]:
    left: list[Movement] = []
    for lot in lots:
        used = min(lot.points, points)
        points -= used
        if lot.points > used:
            left.append(replace(lot, points=lot.points - used))
    if points:
        raise ValueError("more points were used than there were")
    return left
