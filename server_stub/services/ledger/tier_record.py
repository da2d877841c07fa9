"""Records a member's tier whenever saving an account shows another than the one recorded last. Knows no use case.

What time alone did since (a year that counts no more, other rules) is recorded from 1 January or from the first day of the rules on, what
the command did from today on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from server_stub.domain.clock import business_day
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.tiers import tier_of_years
from server_stub.services.ledger.programme import InForce
from server_stub.storage.database import Tx
from server_stub.storage.members import TierRow, add_tier, current_tier


@dataclass(frozen=True, slots=True)
class TierSeen:
    """An account that is being saved.

    Attributes:
        rules_since: First day of the rules; None where none was published.
        found_years: Year points as they were found, by account and year.
    """

    member_id: str
    book: Book
    rules: InForce
    rules_since: date | None
    found_years: Mapping[tuple[str, int], int]


def record_tier(tx: Tx, seen: TierSeen) -> None:
    """Records the changes; none where the rules have no tiers."""
    if not seen.rules.parameters.tiers:
        return
    today = business_day(tx.now)
    last = current_tier(tx, seen.member_id)
    for tier, from_day in _changes(seen, last, today):
        last = TierRow(seen.member_id, last.sequence + 1 if last else 1, tier, from_day, seen.rules.version, tx.now)
        add_tier(tx, last)


def _changes(seen: TierSeen, last: TierRow | None, today: date) -> Iterator[tuple[str, date]]:
    known = last.tier if last else ""
    found = [sum(n for (_, year), n in seen.found_years.items() if year == wanted) for wanted in (today.year, today.year - 1)]
    by_time = tier_of_years(seen.rules.parameters, *found)
    if by_time is not None and by_time != known:
        known = by_time
        since = last.from_day if last else seen.book.joined_on
        yield by_time, max(since, seen.rules_since or since, today.replace(month=1, day=1))
    now = seen.book.tier(today)
    if now is not None and now != known:
        yield now, today
