"""Makes the lots of an account again from what happened on it. Knows no arithmetic and changes nothing.

Accounts that were ever merged are left out: the order of what happened is known within one account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.ledger.allowances import AllowanceUse
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.lots import Lot
from server_stub.domain.ledger.rebuilding import (
    CameHome,
    Fact,
    GivenBack,
    Held,
    Lent,
    LetGo,
    LotPosted,
    Rebuilding,
    SaleBooked,
    Spent,
    TakenBack,
)
from server_stub.services.ledger.account_facts import AccountFacts
from server_stub.services.ledger.books import settle_under
from server_stub.services.ledger.open_account import lot_of
from server_stub.services.ledger.posting import REDEMPTION_CAUSE, REVERSAL_CAUSE
from server_stub.services.ledger.rule_times import RuleTimes
from server_stub.storage.ledger import EntryRow
from server_stub.storage.redemptions import RedemptionSteps
from server_stub.storage.sales import ReturnSteps, SaleSteps


def rebuilt_lots(times: RuleTimes, facts: AccountFacts) -> dict[str, Lot]:
    """Returns the lots of an account that was never merged, as its entries and facts make them, by id.

    Raises:
        Contradiction: They cannot have happened.
    """
    row = facts.row
    # Later entries are not divided over lots yet.
    steps = [fact for fact in _steps_of(facts) if fact.step <= row.settled_sequence]
    return dict(_made_again(times, facts, steps, row.settled_at).lots)


def books_within(times: RuleTimes, facts: AccountFacts, begins: datetime, ends: datetime) -> Iterator[Book]:
    """Yields the book of an account that was never merged, as it was at a moment and after each fact until another, which is left out.

    Raises:
        Contradiction: The facts cannot have happened.
    """
    steps = list(_steps_of(facts))
    for moment in sorted({begins, *(fact.at for fact in steps if begins <= fact.at < ends)}):
        yield _made_again(times, facts, [fact for fact in _steps_of(facts) if fact.at <= moment], moment)


def _steps_of(facts: AccountFacts) -> Iterator[Fact]:
    yield from _of_entries(facts.entries, facts.returns, {use.redemption_id for use in facts.uses})
    yield from _of_allowances(facts)
    yield from (Fact(sale.step, sale.at, SaleBooked(sale.earned)) for sale in facts.sales)
    yield from _of_returns(facts.returns, facts.sales)
    yield from _of_holds(facts.redemptions)


def _made_again(times: RuleTimes, facts: AccountFacts, steps: Sequence[Fact], until: datetime) -> Book:
    row = facts.row
    begun_at = min((fact.at for fact in steps), default=until)
    book = Book(
        account_id=row.account_id,
        joined_on=row.joined_on,
        rules=times.at(begun_at).parameters,
        settled_at=begun_at,
        last_activity_on=row.joined_on,
        years=_brought_along(facts),
    )
    Rebuilding(book, lambda book, moment: settle_under(times, book, moment), row.activated_at).run(steps, max(until, begun_at))
    return book


def _of_entries(entries: tuple[EntryRow, ...], returns: tuple[ReturnSteps, ...], lent: AbstractSet[str]) -> Iterator[Fact]:
    by_request: dict[str | None, str] = {row.request_id: row.return_id for row in returns}
    for entry in entries:
        match entry.kind:
            case EntryKind.ACCRUAL:
                yield Fact(entry.sequence, entry.at, LotPosted(lot_of(entry, "")))
            case EntryKind.ADJUSTMENT if entry.points > 0:
                yield Fact(entry.sequence, entry.at, LotPosted(lot_of(entry, "")))
            case EntryKind.ADJUSTMENT:
                yield Fact(entry.sequence, entry.at, Spent(-entry.points))
            case EntryKind.REDEMPTION if entry.cause.removeprefix(REDEMPTION_CAUSE) in lent:
                # Paid by what was lent before; the allowance tells of it.
                continue
            case EntryKind.REDEMPTION:
                yield Fact(entry.sequence, entry.at, Spent(-entry.points, entry.cause.removeprefix(REDEMPTION_CAUSE)))
            case EntryKind.REDEMPTION_REVERSAL:
                yield Fact(entry.sequence, entry.at, GivenBack(_redemption_of(entry, by_request), entry.points))
            case _:
                # What goes back with goods is told by the return, what expires by the calendar.
                continue


def _redemption_of(entry: EntryRow, returns: Mapping[str | None, str]) -> str:
    """Returns whose points went back: the cause is ``reversal:REDEMPTION`` or ``return:RETURN:REDEMPTION``, and ids may hold colons."""
    return_id = returns.get(entry.request_id)
    return entry.cause.removeprefix(REVERSAL_CAUSE if return_id is None else f"return:{return_id}:")


def _of_allowances(facts: AccountFacts) -> Iterator[Fact]:
    for row in facts.allowances:
        yield Fact(row.granted_step, row.granted_at, Lent(row.allowance_id, row.points))
        if row.settled_step is not None and row.settled_at is not None:
            of_it = [use for use in facts.uses if use.allowance_id == row.allowance_id]
            uses = tuple(AllowanceUse(use.redemption_id, use.points, use.occurred_at) for use in of_it)
            yield Fact(row.settled_step, row.settled_at, CameHome(row.allowance_id, uses))


def _of_returns(returns: tuple[ReturnSteps, ...], sales: tuple[SaleSteps, ...]) -> Iterator[Fact]:
    by_id = {sale.sale_id: sale for sale in sales}
    for row in returns:
        sale = by_id[row.sale_id]
        yield Fact(row.step, row.at, TakenBack(sale.lot_id, sale.business_day.year, row.taken_back))


def _of_holds(redemptions: tuple[RedemptionSteps, ...]) -> Iterator[Fact]:
    for row in redemptions:
        if row.hold_until is not None:
            yield Fact(row.made_step, row.made_at, Held(row.redemption_id, row.points, row.hold_until))
        if row.state is RedemptionState.CANCELLED and row.ended_step is not None and row.ended_at is not None:
            yield Fact(row.ended_step, row.ended_at, LetGo(row.redemption_id))


def _brought_along(facts: AccountFacts) -> dict[tuple[str, int], int]:
    """Returns the year points that no sale of this account made."""
    account_id = facts.row.account_id
    years = {(year.account_id, year.year): year.points for year in facts.years}
    by_id = {sale.sale_id: sale for sale in facts.sales}
    for sale in facts.sales:
        years[account_id, sale.business_day.year] = years.get((account_id, sale.business_day.year), 0) - sale.earned
    for back in facts.returns:
        years[account_id, by_id[back.sale_id].business_day.year] += back.taken_back
    return years
