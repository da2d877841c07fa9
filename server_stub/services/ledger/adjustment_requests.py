"""Corrections by hand as desks make them: one person asks, for a case, another agrees (row 53). The correction is ``adjustments``'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server_stub.domain.actors import Actor, StaffActor
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import AdjustPoints, Booked
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.ledger.adjustments import Adjustments
from server_stub.services.ledger.booking import Booking, Written
from server_stub.services.ledger.books import Books
from server_stub.services.requests import Answer, Call
from server_stub.storage.adjustment_requests import (
    AdjustmentApprovalRow,
    AdjustmentRequestRow,
    add_adjustment_approval,
    add_adjustment_request,
    open_adjustment_request,
    open_adjustment_requests,
)
from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_number

# What nobody agreed to in this time was not wanted; who still wants it asks anew.
_WAITS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AskAdjustment:
    """A correction that a person asks for."""

    membership_number: str
    points: int
    reason: str
    case_id: str
    expires_on: date | None = None


class AdjustmentRequests:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED and those of ``RequestLog.once``, and its own."""

    def __init__(self, booking: Booking, adjustments: Adjustments) -> None:
        self._booking = booking
        self._base = booking.base
        self._adjustments = adjustments

    def ask(self, actor: Actor, envelope: Envelope, wanted: AskAdjustment) -> AdjustmentRequestRow:
        """Keeps what is asked for; nothing is corrected yet.

        Raises:
            Refusal: AMOUNT_ZERO, REQUEST_MALFORMED: no reason is given; MEMBER_UNKNOWN, MEMBER_MERGED, CASE_MISSING, OVER_LIMIT,
                EXPIRY_IN_PAST.
        """
        staff = _staff(actor, Operation.REQUEST_ADJUSTMENT)
        call = Call(staff, envelope, Operation.REQUEST_ADJUSTMENT, wanted)

        def work(tx: Tx) -> Answer:
            row = self._row(self._booking.books(tx), staff, wanted)
            add_adjustment_request(tx, row)
            deed = Deed(staff, "adjustment.requested", "adjustment_request", row.adjustment_id, envelope.request_id)
            self._base.audit.record(tx, deed)
            return {"adjustment_id": row.adjustment_id}

        adjustment_id = self._base.requests.once(call, work)["adjustment_id"]
        return self._base.database.read(lambda tx: _open(tx, adjustment_id))

    def approve(self, actor: Actor, envelope: Envelope, adjustment_id: str) -> Booked:
        """Corrects what somebody else asked for, once.

        Raises:
            Refusal: ADJUSTMENT_UNKNOWN, also where it was agreed to before or waited for over 30 days; MEMBER_UNKNOWN,
                MEMBER_MERGED, SELF_APPROVAL, OVER_LIMIT, EXPIRY_IN_PAST, INSUFFICIENT_AVAILABLE.
        """
        staff = _staff(actor, Operation.APPROVE_ADJUSTMENT)
        call = Call(staff, envelope, Operation.APPROVE_ADJUSTMENT, adjustment_id)

        def work(books: Books) -> Written:
            asked = _open(books.tx, adjustment_id)
            command = AdjustPoints(
                member_id=asked.member_id,
                points=asked.points,
                reason=asked.reason,
                by=asked.requested_by,
                approved_by=staff.name,
                case_id=asked.case_id,
                expires_on=asked.expires_on,
            )
            written = self._adjustments.book(books, call, command)
            add_adjustment_approval(books.tx, AdjustmentApprovalRow(adjustment_id, envelope.request_id, books.tx.now))
            return written

        return self._booking.once(call, work).booked

    def waiting(self, actor: Actor) -> tuple[AdjustmentRequestRow, ...]:
        """Returns what waits for a second person, the oldest first."""
        require(actor, Operation.REQUEST_ADJUSTMENT)
        return self._base.database.read(lambda tx: open_adjustment_requests(tx, _since(tx)))

    def _row(self, books: Books, staff: StaffActor, wanted: AskAdjustment) -> AdjustmentRequestRow:
        if wanted.points == 0:
            raise refuse(Reason.AMOUNT_ZERO, Finding("points", Reason.AMOUNT_ZERO))
        member = member_by_number(books.tx, wanted.membership_number)
        if member is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        books.of_member(member.member_id)
        if not wanted.case_id.strip():
            raise refuse(Reason.CASE_MISSING, Finding("case_id", Reason.CASE_MISSING))
        if not wanted.reason.strip():
            raise refuse(Reason.REQUEST_MALFORMED, Finding("reason", Reason.FIELD_REQUIRED))
        if abs(wanted.points) > books.rules.parameters.adjust_limit:
            raise refuse(Reason.OVER_LIMIT, Finding("points", Reason.OVER_LIMIT))
        if wanted.expires_on is not None and wanted.expires_on <= books.today:
            raise refuse(Reason.EXPIRY_IN_PAST, Finding("expires_on", Reason.EXPIRY_IN_PAST))
        return AdjustmentRequestRow(
            adjustment_id=self._base.ids.new("adj"),
            member_id=member.member_id,
            points=wanted.points,
            reason=wanted.reason.strip(),
            case_id=wanted.case_id.strip(),
            expires_on=wanted.expires_on,
            requested_by=staff.name,
            requested_at=books.tx.now,
        )


def _staff(actor: Actor, operation: Operation) -> StaffActor:
    require(actor, operation)
    if not isinstance(actor, StaffActor):
        raise refuse(Reason.NOT_PERMITTED)
    return actor


def _open(tx: Tx, adjustment_id: str) -> AdjustmentRequestRow:
    row = open_adjustment_request(tx, adjustment_id, _since(tx))
    if row is None:
        raise refuse(Reason.ADJUSTMENT_UNKNOWN)
    return row


def _since(tx: Tx) -> datetime:
    return tx.now - _WAITS
