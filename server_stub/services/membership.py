"""Makes the rows that every membership has: the member under a free number, and an open points account. Knows no way of joining."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from server_stub.domain.numbering import new_membership_number
from server_stub.services.foundation import Foundation
from server_stub.storage.applications import ApplicationRow
from server_stub.storage.database import Tx
from server_stub.storage.ledger import AccountRow, add_account
from server_stub.storage.members import MemberRow, MemberState, add_member, member_number_taken


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who becomes a member.

    Attributes:
        activated_at: None where the card comes first.
    """

    member_id: str
    application: ApplicationRow
    mobile_token: bytes | None
    joined_on: date
    activated_at: datetime | None = None


class Memberships:
    """Makes members."""

    def __init__(self, base: Foundation) -> None:
        self._base = base

    def enter(self, tx: Tx, entrant: Entrant) -> MemberRow:
        """Returns the new member, who has an empty account."""
        member = MemberRow(
            member_id=entrant.member_id,
            person_id=entrant.application.person_id,
            application_id=entrant.application.application_id,
            number=self._free_number(tx),
            state=MemberState.ACTIVE,
            mobile_token=entrant.mobile_token,
            store_id=entrant.application.store_id,
            joined_on=entrant.joined_on,
            joined_at=tx.now,
            activated_at=entrant.activated_at,
            version=1,
        )
        add_member(tx, member)
        account_id = self._base.ids.new("acc")
        empty = AccountRow(
            account_id=account_id,
            member_id=member.member_id,
            holder_id=account_id,
            available=0,
            pending=0,
            held=0,
            debt=0,
            expired=0,
            last_sequence=0,
            settled_sequence=0,
            settled_at=tx.now,
            # The first who opens it finds out what is due, by the rules of that time.
            due_at=tx.now,
            last_activity_on=member.joined_on,
            version=1,
        )
        add_account(tx, empty)
        return member

    def _free_number(self, tx: Tx) -> str:
        while True:
            number = new_membership_number(self._base.random_below)
            if not member_number_taken(tx, number):
                return number
