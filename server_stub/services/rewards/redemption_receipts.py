"""Writes the signed receipt of a redemption, once and the same for ever. Knows no key.

A call of its own: the receipts of a device form a chain, and spending waits for no chain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.language import Language
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.rewards.pickup_code import shown
from server_stub.services.foundation import Foundation
from server_stub.services.own_language import language_for
from server_stub.services.receipts import BoughtFacts, Receipt, ReceiptFacts, ReceiptKind, Receipts
from server_stub.services.requests import Answer
from server_stub.services.rewards.own_deeds import require_own_deed
from server_stub.services.visits import Visits
from server_stub.storage.applications import application_by_id
from server_stub.storage.database import Tx
from server_stub.storage.ledger import holder_of_account
from server_stub.storage.members import MemberRow
from server_stub.storage.pickups import RedemptionReceipt, add_redemption_receipt, receipt_of
from server_stub.storage.redemptions import RedemptionRow, find_redemption
from server_stub.storage.reward_listings import find_listing

_BOUGHT = frozenset({RedemptionState.COMMITTED, RedemptionState.FULFILLED})


@dataclass(frozen=True, slots=True)
class Owned:
    """A redemption, whose it is, and the language in which its receipt is to name the reward; None: the member's own."""

    member: MemberRow
    row: RedemptionRow
    language: Language | None


class RedemptionReceipts:
    """The desk that writes receipts of redemptions."""

    def __init__(self, base: Foundation, visits: Visits, receipts: Receipts) -> None:
        self._base = base
        self._visits = visits
        self._receipts = receipts

    def get(self, actor: Actor, visit_token: str, redemption_id: str, language: Language | None = None) -> Receipt:
        """Returns the receipt, written now where there is none yet: in that language, or where none is said in the member's own.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; REDEMPTION_UNKNOWN: none of this member's; WRONG_DEVICE: made at another
                device; HOLDER_PROOF: it waits to be picked up, another visit made it, and this one began without a one-time code;
                WRONG_STATE: nothing was bought, or it was given back before there was a receipt.
        """
        device = require_device(actor, Operation.READ_REDEMPTION_RECEIPT)
        known = self._base.database.read(lambda tx: self._known(tx, device, visit_token, redemption_id))
        return known or self._base.database.write(lambda tx: self._issue(tx, device, (visit_token, redemption_id), language))

    def given_back(self, tx: Tx, device: DeviceActor, owned: Owned, available: int) -> Receipt:
        """Writes what proves that a redemption was undone, in the caller's transaction; its row as it was before, `available` after.

        That is seldom and waits for the chain: paper that says how many points came back must not come without them.
        """
        member, row = owned.member, owned.row
        bought = replace(self._bought(tx, owned), points_spent=row.points - row.given_back, pickup_code="", pickup_until=None)
        facts = ReceiptFacts(
            kind=ReceiptKind.UNDONE,
            device_id=device.device_id,
            application_number="",
            membership_number_masked=mask_membership_number(member.number),
            points=available,
            bought=bought,
        )
        return self._receipts.issue(tx, facts, member.application_id)

    def named_in(self, tx: Tx, answer: Answer) -> Receipt | None:
        """Returns the receipt that an answer names; see ``Receipts.named_in``."""
        return self._receipts.named_in(tx, answer)

    def _known(self, tx: Tx, device: DeviceActor, visit_token: str, redemption_id: str) -> Receipt | None:
        self._own(tx, device, visit_token, redemption_id)
        row = receipt_of(tx, redemption_id)
        return Receipt(row.number, row.code) if row else None

    def _issue(self, tx: Tx, device: DeviceActor, asked: tuple[str, str], language: Language | None) -> Receipt:
        visit_token, redemption_id = asked
        # Somebody may have been quicker since it was looked for.
        known = self._known(tx, device, visit_token, redemption_id)
        if known is not None:
            return known
        member, row = self._own(tx, device, visit_token, redemption_id)
        if row.state not in _BOUGHT:
            raise refuse(Reason.WRONG_STATE)
        if application_by_id(tx, member.application_id) is None:
            raise refuse(Reason.SERVICE_FAULT)
        made = self._receipts.issue(tx, self._facts(tx, device, Owned(member, row, language)), member.application_id)
        add_redemption_receipt(tx, RedemptionReceipt(redemption_id, made.number))
        return made

    def _own(self, tx: Tx, device: DeviceActor, visit_token: str, redemption_id: str) -> tuple[MemberRow, RedemptionRow]:
        running = self._visits.running(tx, visit_token, device)
        member = running.member
        row = find_redemption(tx, redemption_id)
        holder = holder_of_account(tx, row.account_id) if row else None
        if row is None or holder is None or holder.member_id != member.member_id:
            raise refuse(Reason.REDEMPTION_UNKNOWN)
        if row.device_id != device.device_id:
            raise refuse(Reason.WRONG_DEVICE)
        if row.state is RedemptionState.COMMITTED and row.pickup_code is not None:
            # The receipt says the code.
            require_own_deed(running, row)
        return member, row

    def _bought(self, tx: Tx, owned: Owned) -> BoughtFacts:
        row, language = owned.row, language_for(tx, self._base.people, owned.member, owned.language)
        listing = find_listing(tx, row.reward_id or "")
        return BoughtFacts(
            reward_id=row.reward_id or "",
            reward_name=listing.names[language.value] if listing else "",
            qty=row.qty,
            points_spent=row.points,
            pickup_code=shown(row.pickup_code or ""),
            pickup_until=row.pickup_until,
        )

    def _facts(self, tx: Tx, device: DeviceActor, owned: Owned) -> ReceiptFacts:
        account = holder_of_account(tx, owned.row.account_id)
        return ReceiptFacts(
            kind=ReceiptKind.REDEMPTION,
            device_id=device.device_id,
            application_number="",
            membership_number_masked=mask_membership_number(owned.member.number),
            points=account.available if account else 0,
            bought=self._bought(tx, owned),
        )
