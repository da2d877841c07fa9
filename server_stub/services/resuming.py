"""Taking up a visit that was left by accident, by a receipt of it: within a quarter of an hour, at any kiosk, once. Knows no screen.

The receipt says which visit was meant and nothing about its member; what the member may do afterwards is what paper may that lies
about: look, and spend only with a code to the member's phone (services.rewards.step_up).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.envelope import Envelope
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.members import MemberService
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import VISIT_LIFETIME, Visits
from server_stub.storage.database import Tx
from server_stub.storage.grants import ReceiptRow, receipt_by_number
from server_stub.storage.member_codes import ResumedReceiptRow, add_resumed, find_resumed, newest_visit
from server_stub.storage.members import IdentifiedBy, MemberRow, VisitRow, end_visit, find_visit, member_by_application, member_by_id


@dataclass(frozen=True, slots=True)
class Resumed:
    """A visit that goes on; `page` is empty where nobody knows which one was open."""

    visit_token: str
    name_masked: str
    page: str


class Resuming:
    """Takes visits up."""

    def __init__(self, base: Foundation, visits: Visits, members: MemberService) -> None:
        self._base = base
        self._visits = visits
        self._members = members

    def resume(self, actor: Actor, envelope: Envelope | None, number: str, code: str) -> Resumed:
        """Begins a visit in place of the one that a receipt belongs to, which is over from here on.

        Args:
            actor: The kiosk.
            envelope: The same request gives the same visit; None from a kiosk that sends none.
            number: Of the receipt, by which it is found.
            code: Its whole text, which shows that it is there and not only its number.

        Raises:
            Refusal: RECEIPT_UNKNOWN, RECEIPT_TOO_OLD, RECEIPT_USED, VISIT_ENDED, MEMBER_INACTIVE; those of RequestLog.once.
        """
        device = require_device(actor, Operation.IDENTIFY_MEMBER)
        if envelope is None:
            answer = self._base.database.write(lambda tx: self._resume(tx, device, number, code))
        else:
            call = Call(device, envelope, Operation.IDENTIFY_MEMBER, {"resume": code})
            answer = self._base.requests.once(call, lambda tx: self._resume(tx, device, number, code))
        return self._base.database.read(lambda tx: self._told(tx, answer))

    def _resume(self, tx: Tx, device: DeviceActor, number: str, code: str) -> Answer:
        receipt = receipt_by_number(tx, number)
        if receipt is None or not hmac.compare_digest(receipt.code.encode(), code.encode()):
            raise refuse(Reason.RECEIPT_UNKNOWN)
        if tx.now >= receipt.issued_at + VISIT_LIFETIME:
            raise refuse(Reason.RECEIPT_TOO_OLD)
        if find_resumed(tx, receipt) is not None:
            raise refuse(Reason.RECEIPT_USED)
        member = member_by_application(tx, receipt.application_id)
        if member is None:
            # An application's own: where it stands is asked with the phone.
            raise refuse(Reason.RECEIPT_UNKNOWN)
        left = self._left(tx, member, receipt)
        end_visit(tx, left.visit_id)
        begun = self._members.begin_visit(tx, member, device, IdentifiedBy.RECEIPT)
        visit_id = self._visits.visit_id(begun.visit_token) or ""
        add_resumed(tx, ResumedReceiptRow(receipt.device_id, receipt.sequence, visit_id, tx.now))
        detail = {"receipt": receipt.number, "left_at": left.left_at_page or ""}
        self._base.audit.record(tx, Deed(device, "visit.resumed", "member", member.member_id, detail=detail))
        return {"visit": visit_id, "page": left.left_at_page or ""}

    def _told(self, tx: Tx, answer: Answer) -> Resumed:
        visit = find_visit(tx, answer["visit"])
        member = member_by_id(tx, visit.member_id) if visit else None
        if member is None:
            raise refuse(Reason.VISIT_ENDED)
        name = mask_name(self._base.people.open(tx, member.person_id).name)
        return Resumed(self._visits.token(answer["visit"]), name, answer["page"])

    def _left(self, tx: Tx, member: MemberRow, receipt: ReceiptRow) -> VisitRow:
        """Returns the visit that was left: it still runs where its kiosk lost power, else time ended it."""
        visit = newest_visit(tx, member.member_id)
        # A visit that began after the receipt is not the one that it belongs to: its member goes on, or ended that one and came back.
        if visit is None or visit.device_id != receipt.device_id or visit.began_at > receipt.issued_at:
            raise refuse(Reason.VISIT_ENDED)
        # Taken up once: else paper would make paper, by every campaign that is joined, and a visit would last for ever.
        if visit.identified_by is IdentifiedBy.RECEIPT:
            raise refuse(Reason.VISIT_ENDED)
        if visit.ended_at is not None and not visit.left_at_page:
            raise refuse(Reason.VISIT_ENDED)
        return visit
