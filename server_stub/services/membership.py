"""How a membership begins and ends in its rows: a member under a free number with an open points account, and nothing that works any more.

Knows no way of joining and no reason to leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from server_stub.domain.actors import Actor
from server_stub.domain.numbering import new_membership_number
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.storage.applications import ApplicationRow
from server_stub.storage.cards import BEGUN, CardState, cards_of, change_card
from server_stub.storage.database import Tx
from server_stub.storage.ledger import AccountRow, add_account
from server_stub.storage.members import IdentifiedBy, MemberRow, MemberState, add_member, change_member, end_visits, member_number_taken


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
    """Makes members, and ends them. Thread: any; works in the caller's transaction."""

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

    def close(self, tx: Tx, actor: Actor, member: MemberRow, why: str, request_id: str | None = None) -> bool:
        """Ends a membership; False where somebody else changed it in this moment, and then nothing is done.

        Args:
            tx: Transaction.
            actor: Who ends it.
            member: As it was read.
            why: What a card that was begun for it is marked with.
            request_id: Of the request that asked for it, if one did.
        """
        if not change_member(tx, member, {"state": MemberState.CLOSED, "mobile_token": None}):
            return False
        self._base.audit.record(tx, Deed(actor, "member.closed", "member", member.member_id, request_id))
        end_visits(tx, member.member_id, tuple(IdentifiedBy))
        for card in cards_of(tx, member.member_id):
            if card.state in BEGUN:
                values, action = {"state": CardState.SPOILED, "reason": why}, "card.spoiled"
            elif card.state is CardState.ACTIVE:
                values, action = {"state": CardState.BLOCKED}, "card.blocked"
            else:
                continue
            change_card(tx, card, {**values, "state_since": tx.now})
            self._base.audit.record(tx, Deed(actor, action, "card", card.card_id, request_id))
        return True

    def _free_number(self, tx: Tx) -> str:
        while True:
            number = new_membership_number(self._base.random_below)
            if not member_number_taken(tx, number):
                return number
