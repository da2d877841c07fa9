"""Gathers what happened on an account and makes its lots again from that. Knows no arithmetic and changes nothing.

Accounts that were ever merged are left out: the order of what happened is known within one account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.lots import Lot
from server_stub.domain.ledger.rebuilding import (
    Fact,
    GivenBack,
    Held,
    LetGo,
    LotPosted,
    Rebuilding,
    SaleBooked,
    Spent,
    TakenBack,
)
from server_stub.services.ledger.books import lot_of, settle_under
from server_stub.services.ledger.posting import REDEMPTION_CAUSE, REVERSAL_CAUSE
from server_stub.services.ledger.programme import Programme
from server_stub.storage.database import Tx
from server_stub.storage.ledger import EntryRow, MemberAccount, entries_of, years_held_by
from server_stub.storage.redemptions import RedemptionRow, redemptions_of_account
from server_stub.storage.sales import ReturnRow, SaleRow, returns_of_account, sales_of_account


def rebuilt_lots(tx: Tx, programme: Programme, row: MemberAccount) -> dict[str, Lot]:
    """Returns the lots of an account that was never merged, as its entries and facts make them, by id.

    Raises:
        Contradiction: They cannot have happened.
    """
    sales = sales_of_account(tx, row.account_id)
    returns = returns_of_account(tx, row.account_id)
    entries = entries_of(tx, row.account_id)
    redemptions = redemptions_of_account(tx, row.account_id)
    facts = [
        *_of_entries(entries, returns),
        *(Fact(sale.step, sale.at, SaleBooked(sale.earned)) for sale in sales),
        *_of_returns(returns, sales),
        *_of_holds(redemptions),
    ]
    # Later entries are not divided over lots yet.
    facts = [fact for fact in facts if fact.step <= row.settled_sequence]
    begun_at = min((fact.at for fact in facts), default=row.settled_at)
    book = Book(
        account_id=row.account_id,
        joined_on=row.joined_on,
        rules=programme.at(tx, begun_at).parameters,
        settled_at=begun_at,
        last_activity_on=row.joined_on,
        years=_brought_along(tx, row, sales, returns),
    )
    rebuilding = Rebuilding(book, lambda book, until: settle_under(tx, programme, book, until), row.activated_at)
    rebuilding.run(facts, max(row.settled_at, begun_at))
    return book.lots


def _of_entries(entries: tuple[EntryRow, ...], returns: tuple[ReturnRow, ...]) -> Iterator[Fact]:
    by_request: dict[str | None, str] = {row.request_id: row.return_id for row in returns}
    for entry in entries:
        match entry.kind:
            case EntryKind.ACCRUAL:
                yield Fact(entry.sequence, entry.at, LotPosted(lot_of(entry, "")))
            case EntryKind.ADJUSTMENT if entry.points > 0:
                yield Fact(entry.sequence, entry.at, LotPosted(lot_of(entry, "")))
            case EntryKind.ADJUSTMENT:
                yield Fact(entry.sequence, entry.at, Spent(-entry.points))
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


def _of_returns(returns: tuple[ReturnRow, ...], sales: tuple[SaleRow, ...]) -> Iterator[Fact]:
    by_id = {sale.sale_id: sale for sale in sales}
    for row in returns:
        sale = by_id[row.sale_id]
        yield Fact(row.step, row.at, TakenBack(sale.lot_id, sale.business_day.year, row.taken_back))


def _of_holds(redemptions: tuple[RedemptionRow, ...]) -> Iterator[Fact]:
    for row in redemptions:
        if row.hold_until is not None:
            yield Fact(row.made_step, row.made_at, Held(row.redemption_id, row.points, row.hold_until))
        if row.state is RedemptionState.CANCELLED and row.ended_step is not None and row.ended_at is not None:
            yield Fact(row.ended_step, row.ended_at, LetGo(row.redemption_id))


def _brought_along(tx: Tx, row: MemberAccount, sales: tuple[SaleRow, ...], returns: tuple[ReturnRow, ...]) -> dict[tuple[str, int], int]:
    """Returns the year points that no sale of this account made."""
    years = {(year.account_id, year.year): year.points for year in years_held_by(tx, row.account_id)}
    by_id = {sale.sale_id: sale for sale in sales}
    for sale in sales:
        years[row.account_id, sale.business_day.year] = years.get((row.account_id, sale.business_day.year), 0) - sale.earned
    for back in returns:
        years[row.account_id, by_id[back.sale_id].business_day.year] += back.taken_back
    return years
