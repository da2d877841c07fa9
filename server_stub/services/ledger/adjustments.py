"""Corrects points by hand, by two people and for a case. Source: till-script.md sections 2 (op adjust) and 3.2."""

from __future__ import annotations

from server_stub.domain.actors import Actor
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.lots import Ending, ending_by_policy, take
from server_stub.domain.ledger_commands import AdjustPoints, Booked
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.ledger.booking import Booking, Written, posted
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.posting import Posting
from server_stub.services.ledger.two_people import require_two_people
from server_stub.services.requests import Call
from server_stub.storage.sales import AdjustmentRow, add_adjustment


class Adjustments:
    """The desk of corrections."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking

    def adjust(self, actor: Actor, envelope: Envelope, command: AdjustPoints) -> Booked:
        """Gives or takes points; see ``desks.AdjustmentDesk``."""
        call = Call(actor, envelope, Operation.ADJUST_POINTS, command)
        return self._booking.once(call, lambda books: self.book(books, call, command)).booked

    def book(self, books: Books, call: Call, command: AdjustPoints) -> Written:
        """Does as ``adjust`` does, as a part of a transaction whose caller has seen that the actor may."""
        if command.points == 0:
            raise refuse(Reason.AMOUNT_ZERO)
        account = books.of_member(command.member_id)
        if command.case_id is None:
            raise refuse(Reason.CASE_MISSING)
        approved_by = require_two_people(command.by, command.approved_by)
        if abs(command.points) > books.rules.parameters.adjust_limit:
            raise refuse(Reason.OVER_LIMIT)
        if command.expires_on is not None and command.expires_on <= books.today:
            raise refuse(Reason.EXPIRY_IN_PAST)
        entry_id = _post(books, call, account, command)
        books.save()
        row = AdjustmentRow(
            request_id=call.envelope.request_id,
            account_id=account.row.account_id,
            entry_id=entry_id,
            points=command.points,
            reason=command.reason,
            case_id=command.case_id,
            proposed_by=command.by,
            approved_by=approved_by,
            at=books.tx.now,
        )
        add_adjustment(books.tx, row)
        self._booking.record(books, call, "points.adjusted", ("adjustment", row.request_id))
        return Written(account.row.member_id, posted([account]), account.standing(), {})


def _post(books: Books, call: Call, account: OpenAccount, command: AdjustPoints) -> str:
    """Posts the entry and returns its id."""
    request_id = call.envelope.request_id
    ending = Ending(expires_on=command.expires_on)
    if command.expires_on is None:
        ending = ending_by_policy(books.rules.parameters, books.today, account.row.joined_on)
    gives = command.points > 0
    posting = Posting(
        EntryKind.ADJUSTMENT,
        command.points,
        f"adjustment:{request_id}",
        "adjusted",
        request_id,
        available_on=books.today if gives else None,
        ending=ending if gives else Ending(),
    )
    if gives:
        account.post_lot(posting, request_id, books.tx.now)
        return account.entries[-1].entry_id
    spendable = account.book.spendable(books.today)
    if sum(lot.free for lot in spendable) < -command.points:
        raise refuse(Reason.INSUFFICIENT_AVAILABLE)
    take(spendable, -command.points)
    account.post(posting, books.tx.now)
    return account.entries[-1].entry_id
