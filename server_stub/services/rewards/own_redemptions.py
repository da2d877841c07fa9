"""Holds, commits and cancels redemptions for the member before a kiosk. Spending at once is not here; points arithmetic is the ledger's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.ledger_commands import CommitHold, RedemptionBooked
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.rewards.pickup_code import shown
from server_stub.services.ledger.booking import Booking, Written
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.redemptions import Redemptions, booked
from server_stub.services.receipts import ANSWERED, Receipt
from server_stub.services.requests import Call
from server_stub.services.rewards.own_deeds import require_own_deed
from server_stub.services.rewards.redemption_receipts import Owned, RedemptionReceipts
from server_stub.services.rewards.shelf import Order
from server_stub.services.rewards.step_up import Spending, StepUp
from server_stub.services.visits import Visits
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import RedemptionRow, find_redemption, find_reward

_REDEMPTION = "red_"


@dataclass(frozen=True, slots=True)
class RedemptionNow:
    """A redemption as it is.

    Attributes:
        available: Points that the member can spend now.
        pickup_code: In groups of three; empty where nothing is picked up.
        until: When the hold ends, or until when it can be picked up; None where nothing ends.
        undone_by: What proves that it was undone just now; None else.
    """

    redemption_id: str
    state: RedemptionState
    points: int
    available: int
    pickup_code: str = field(repr=False)
    until: datetime | None
    undone_by: Receipt | None = None


class OwnRedemptions:
    """Every method raises ``Refusal`` with NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE and those of ``RequestLog.once``, and its own."""

    def __init__(self, booking: Booking, redemptions: Redemptions, visits: Visits, step_up: StepUp, receipts: RedemptionReceipts) -> None:
        self._booking = booking
        self._redemptions = redemptions
        self._visits = visits
        self._step_up = step_up
        self._receipts = receipts

    def hold(self, actor: Actor, envelope: Envelope, visit_token: str, order: Order, phone_proof: str = "") -> RedemptionNow:
        """Sets points and pieces aside.

        Raises:
            Refusal: REQUEST_MALFORMED, STEP_UP_NEEDED, and those of ``desks.RedemptionDesk.hold``.
        """
        device = require_device(actor, Operation.HOLD_OWN_POINTS)
        redemption_id = f"{_REDEMPTION}{envelope.request_id}"
        order.command(redemption_id, "", device)
        # The proof is no part of the intent: a member who was asked for a code says the same thing again, with it.
        call = Call(device, envelope, Operation.HOLD_OWN_POINTS, [visit_token, order])

        def work(books: Books) -> Written:
            running = self._visits.running(books.tx, visit_token, device)
            command = order.command(redemption_id, running.member.member_id, device)
            reward = find_reward(books.tx, command.reward_id) if command.reward_id else None
            points = command.points if command.points is not None else command.qty * (reward.points if reward else 0)
            self._step_up.require(books.tx, Spending(running, device, points, phone_proof))
            return self._redemptions.set_aside(books, call, command)

        return self._now(redemption_id, booked(self._booking.once(call, work)))

    def commit(self, actor: Actor, envelope: Envelope, visit_token: str, redemption_id: str, points: int) -> RedemptionNow:
        """Spends what is held; points are those that the member agreed to.

        Raises:
            Refusal: REDEMPTION_UNKNOWN, also for another member's; HOLDER_PROOF, see ``cancel``; and those of
                ``desks.RedemptionDesk.commit``.
        """
        device = require_device(actor, Operation.COMMIT_OWN_HOLD)
        call = Call(device, envelope, Operation.COMMIT_OWN_HOLD, [visit_token, redemption_id, points])
        command = CommitHold(redemption_id, points, device.device_id)

        def work(books: Books) -> Written:
            self._own(books, visit_token, redemption_id, device)
            return self._redemptions.spend_held(books, call, command)

        return self._now(redemption_id, self._redemptions.commit_for(call, command, work))

    def cancel(
        self, actor: Actor, envelope: Envelope, visit_token: str, redemption_id: str, language: Language | None = None
    ) -> RedemptionNow:
        """Lets go what is held, or undoes what was not picked up yet; the receipt is in that language, or else in the member's own.

        Raises:
            Refusal: REDEMPTION_UNKNOWN, also for another member's; HOLDER_PROOF: another visit made it, and this one began without a
                one-time code; HOLD_EXPIRED; WRONG_STATE: nothing that can be undone here; PICKUP_USED: it was handed
                over; PICKUP_EXPIRED: its points go back anyway.
        """
        device = require_device(actor, Operation.CANCEL_OWN_REDEMPTION)
        # The language is no part of the intent: it says how the receipt reads, and a receipt that is written stays as it is.
        call = Call(device, envelope, Operation.CANCEL_OWN_REDEMPTION, [visit_token, redemption_id])

        def work(books: Books) -> Written:
            row = self._own(books, visit_token, redemption_id, device)
            if row.state is not RedemptionState.COMMITTED:
                if row.state is RedemptionState.FULFILLED:
                    raise refuse(Reason.PICKUP_USED)
                return self._redemptions.let_go(books, call, redemption_id)
            if row.pickup_until is None:
                raise refuse(Reason.WRONG_STATE)
            if books.tx.now >= row.pickup_until:
                raise refuse(Reason.PICKUP_EXPIRED)
            undone = self._redemptions.give_back(books, call, redemption_id)
            member = self._visits.running(books.tx, visit_token, device).member
            available = undone.after.available if undone.after else 0
            receipt = self._receipts.given_back(books.tx, device, Owned(member, row, language), available)
            return replace(undone, extras={**undone.extras, ANSWERED: receipt.number})

        answered = self._booking.once(call, work)
        undone_by = self._booking.base.database.read(lambda tx: self._receipts.named_in(tx, answered.extras))
        return replace(self._now(redemption_id, booked(answered)), undone_by=undone_by)

    def _own(self, books: Books, visit_token: str, redemption_id: str, device: DeviceActor) -> RedemptionRow:
        running = self._visits.running(books.tx, visit_token, device)
        row = find_redemption(books.tx, redemption_id)
        if row is None or books.of_account(row.account_id) is not books.of_member(running.member.member_id):
            raise refuse(Reason.REDEMPTION_UNKNOWN)
        require_own_deed(running, row)
        return row

    def _now(self, redemption_id: str, done: RedemptionBooked) -> RedemptionNow:
        def reading(tx: Tx) -> RedemptionRow | None:
            return find_redemption(tx, redemption_id)

        row = self._booking.base.database.read(reading)
        if row is None:
            raise refuse(Reason.SERVICE_FAULT)
        available = done.booked.after.available if done.booked.after else 0
        return view_of(row, available)


def view_of(row: RedemptionRow, available: int) -> RedemptionNow:
    """Returns a stored redemption as its member sees it; the code only while something waits for it."""
    waits = row.state is RedemptionState.COMMITTED and row.pickup_code is not None
    until = row.pickup_until if waits else row.hold_until if row.state is RedemptionState.HELD else None
    return RedemptionNow(row.redemption_id, row.state, row.points, available, shown(row.pickup_code or "") if waits else "", until)
