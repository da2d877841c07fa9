"""Books returns: takes back what the goods earned, gives back what paid for them. Source: till-script.md section 3.3."""

from __future__ import annotations

from dataclasses import dataclass, replace

from server_stub.domain.actors import Actor
from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.returns import ReturnPlan, Sold, SoldLine, TakenBack, due_back, plan_return, take_back
from server_stub.domain.ledger_commands import RecordReturn, ReturnBooked
from server_stub.domain.permissions import Operation
from server_stub.domain.program.choices import Shortfall
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.ledger.booking import Booking, Written, posted
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.giving_back import GivingBack
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.posting import Posting
from server_stub.services.requests import Call
from server_stub.storage.redemptions import redemptions_on_sale
from server_stub.storage.sales import (
    ReturnLineRow,
    ReturnRow,
    SaleRow,
    add_return,
    find_sale,
    lines_of,
    return_exists,
    returned_pieces,
    taken_back_of,
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a return did to points."""

    taken: TakenBack
    given_back: int
    accounts: tuple[OpenAccount, ...]


class Returns:
    """The desk of returns."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking

    def record(self, actor: Actor, envelope: Envelope, command: RecordReturn) -> ReturnBooked:
        """Books a return; see ``desks.ReturnDesk``."""
        call = Call(actor, envelope, Operation.RECORD_RETURN, command)
        done = self._booking.once(call, lambda books: self._record(books, call, command))
        x = done.extras
        return ReturnBooked(done.booked, x["refund_fen"], x["taken_back"], x["forgiven"], x["given_back"])

    def _record(self, books: Books, call: Call, command: RecordReturn) -> Written:
        if return_exists(books.tx, command.return_id):
            raise refuse(Reason.DUPLICATE_ID)
        sale = find_sale(books.tx, command.sale_id)
        if sale is None:
            raise refuse(Reason.SALE_UNKNOWN)
        plan = plan_return(self._sold(books, sale), command.lines)
        account = books.of_account(sale.account_id) if sale.account_id else None
        if account is None:
            # What was sold to nobody earned nothing, whatever the rules would have made of it.
            plan = replace(plan, taken_back=0)
        outcome = _Outcome(TakenBack(0, 0, 0), 0, ())
        if account is not None:
            outcome = self._move_points(books, call, account, (sale, plan))
        step = account.next_step() if account else 0
        books.save()
        self._store(books, call, (sale, plan, outcome), step)
        self._booking.record(books, call, "return.recorded", ("sale_return", command.return_id))
        extras = {
            "refund_fen": plan.refund_fen,
            "taken_back": plan.taken_back,
            "forgiven": outcome.taken.forgiven,
            "given_back": outcome.given_back,
        }
        if account is None:
            return Written(None, (), None, extras)
        return Written(account.row.member_id, posted(outcome.accounts), account.standing(), extras)

    def _sold(self, books: Books, sale: SaleRow) -> Sold:
        returned = returned_pieces(books.tx, sale.sale_id)
        lines = tuple(
            SoldLine(x.qty, x.qty * x.unit_price_fen - x.discount_fen, x.is_eligible, returned.get(x.line, 0))
            for x in lines_of(books.tx, sale.sale_id)
        )
        rules = self._booking.programme.version(books.tx, sale.rules_version).parameters
        return Sold(lines, sale.earned, tuple(sale.decision["pcts"]), rules, taken_back_of(books.tx, sale.sale_id))

    def _move_points(self, books: Books, call: Call, account: OpenAccount, what: tuple[SaleRow, ReturnPlan]) -> _Outcome:
        sale, plan = what
        request_id, return_id = call.envelope.request_id, call.body.return_id
        giving = GivingBack(books, request_id, f"return:{return_id}:")
        for redemption in redemptions_on_sale(books.tx, sale.sale_id, RedemptionState.COMMITTED):
            giving.give(redemption, due_back(redemption.points, plan.refunded_fen, sale.total_fen, redemption.given_back))
        own = None
        if sale.lot_id is not None:
            own = books.with_lots([sale.lot_id])[sale.lot_id].book.lots[sale.lot_id]
        taken = take_back(account.book, own, plan.taken_back)
        if taken.short and books.rules.parameters.shortfall is Shortfall.REFUSE:
            raise refuse(Reason.POINTS_SHORT)
        cause, counter = f"return:{return_id}", f"issued:{sale.store_id}"
        account.post(Posting(EntryKind.ACCRUAL_REVERSAL, -taken.posted, cause, counter, request_id), books.tx.now)
        if plan.taken_back:
            account.book.count_year(sale.account_id or "", sale.business_day.year, -plan.taken_back)
        others = tuple(other for other in giving.accounts if other is not account)
        return _Outcome(taken, giving.given, (*others, account))

    def _store(self, books: Books, call: Call, what: tuple[SaleRow, ReturnPlan, _Outcome], step: int) -> None:
        sale, plan, outcome = what
        row = ReturnRow(
            return_id=call.body.return_id,
            sale_id=sale.sale_id,
            account_id=sale.account_id,
            step=step,
            refund_fen=plan.refund_fen,
            taken_back=plan.taken_back,
            forgiven=outcome.taken.forgiven,
            given_back=outcome.given_back,
            rules_version=books.rules.version,
            request_id=call.envelope.request_id,
            business_day=books.today,
            at=books.tx.now,
        )
        add_return(books.tx, row, [ReturnLineRow(row.return_id, line, qty) for line, qty in sorted(plan.pieces.items())])
