"""Puts what happened on accounts that were merged into one order. Knows no amount.

An account counts its own steps, and only they say what came first: the clocks of two processes need not agree to the second.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from server_stub.domain.liability.lots import LedgerContradiction
from server_stub.domain.liability.replay import Event


@dataclass(frozen=True, slots=True)
class Placed:
    """Something that happened, at its place.

    Attributes:
        steps: By account; a merge and its undoing have a step of both.
        day: Business day of the moment.
        mark: Decides between equal steps of merges of old, and equal moments.
    """

    event: Event
    steps: Mapping[str, int]
    at: datetime
    day: date
    mark: str


def until(of_account: Iterable[Placed], as_of: date) -> Iterator[Placed]:
    """Yields what happened on one account until a day, given in the order of its steps.

    What follows on something of a later day is later too, whatever the clock said that was behind.
    """
    return takewhile(lambda one: one.day <= as_of, of_account)


def in_one_order(placed: Iterable[Placed], as_of: date) -> Iterator[Event]:
    """Yields what happened on some accounts until a day: in the order of each one's steps, else in that of the moments.

    Raises:
        LedgerContradiction: No order follows the steps of all of them.
    """
    known: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        for account_id in one.steps:
            known[account_id].append(one)
    lines = {account_id: deque(until(sorted(line, key=_by_step(account_id)), as_of)) for account_id, line in known.items()}
    was_cut = any(len(lines[account_id]) < len(line) for account_id, line in known.items())
    while heads := [line[0] for line in lines.values() if line]:
        # A merge is the next one when it is so on both; where one account's part of the day ends before it, so does the other's.
        ready = [one for one in heads if all(lines[account_id] and lines[account_id][0] is one for account_id in one.steps)]
        if not ready:
            if was_cut:
                return
            raise LedgerContradiction("the steps of merged accounts contradict each other")
        first = min(ready, key=lambda one: (one.at, one.mark))
        for account_id in first.steps:
            lines[account_id].popleft()
        yield first.event


def _by_step(account_id: str) -> Callable[[Placed], tuple[int, int, datetime, str]]:
    return lambda one: (one.steps[account_id], len(one.steps), one.at, one.mark)
