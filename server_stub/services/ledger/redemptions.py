"""Spends points, at once or held first. Source: till-script.md section 3.6.

WRONG_DEVICE and AMOUNT_CHANGED are the one exception to "a refused request leaves nothing behind": the hold is let go in a transaction of
its own, and the commit is refused all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from server_stub.domain.actors import Actor
from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.book import Hold
from server_stub.domain.ledger.lots import Share
from server_stub.domain.ledger_commands import (
    CancelHold,
    CommitHold,
    LotShare,
    Redeem,
    RedemptionBooked,
    ReverseRedemption,
)
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, refuse
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Answered, Booking, Written, posted
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.giving_back import GivingBack
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.pickups import Pickup, Pickups
from server_stub.services.ledger.posting import REDEMPTION_CAUSE, REVERSAL_CAUSE, Posting
from server_stub.services.ledger.quoting import Quote, Quoting
from server_stub.services.requests import Answer, Call
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import (
    RedemptionRow,
    add_shares,
    find_redemption,
    find_reward,
)


class Redemptions:
    """The desk of redemptions."""

    def __init__(self, booking: Booking, pickups: Pickups) -> None:
        self._booking = booking
        self._quoting = Quoting(booking.base)
        self.pickups = pickups

    def redeem(self, actor: Actor, envelope: Envelope, command: Redeem) -> RedemptionBooked:
        """Spends at once; see ``desks.RedemptionDesk``."""
        call = Call(actor, envelope, Operation.REDEEM_POINTS, command)
        return booked(self._booking.once(call, lambda books: self.spend(books, call, command)))

    def hold(self, actor: Actor, envelope: Envelope, command: Redeem) -> RedemptionBooked:
        """Sets points aside; see ``desks.RedemptionDesk``."""
        call = Call(actor, envelope, Operation.HOLD_POINTS, command)
        return booked(self._booking.once(call, lambda books: self.set_aside(books, call, command)))

    def commit(self, actor: Actor, envelope: Envelope, command: CommitHold) -> RedemptionBooked:
        """Spends what is held; see ``desks.RedemptionDesk``."""
        call = Call(actor, envelope, Operation.COMMIT_HOLD, command)
        return self.commit_for(call, command, lambda books: self.spend_held(books, call, command))

    def cancel(self, actor: Actor, envelope: Envelope, command: CancelHold) -> RedemptionBooked:
        """Lets go what is held; see ``desks.RedemptionDesk``."""
        call = Call(actor, envelope, Operation.CANCEL_HOLD, command)
        return booked(self._booking.once(call, lambda books: self.let_go(books, call, command.redemption_id)))

    def reverse(self, actor: Actor, envelope: Envelope, command: ReverseRedemption) -> RedemptionBooked:
        """Gives back what was spent; see ``desks.RedemptionDesk``."""
        call = Call(actor, envelope, Operation.REVERSE_REDEMPTION, command)
        return booked(self._booking.once(call, lambda books: self.give_back(books, call, command.redemption_id)))

    def commit_for(self, call: Call, command: CommitHold, work: Callable[[Books], Written]) -> RedemptionBooked:
        """Runs a commit once; one that is refused for another device or amount lets the hold go all the same."""
        try:
            return booked(self._booking.once(call, work))
        except Refusal as refusal:
            if refusal.reason in (Reason.WRONG_DEVICE, Reason.AMOUNT_CHANGED):
                self._booking.base.database.write(lambda tx: self._release_refused(tx, call.actor, command.redemption_id))
            raise

    def spend(self, books: Books, call: Call, command: Redeem) -> Written:
        """Spends at once in the caller's transaction and for its request; raises as ``redeem`` does."""
        quote, shares = self._quoting.take(books, command)
        account = quote.account
        step = _post_spending(books, call, account, (command.redemption_id, quote.points, command.store_id))
        row = _row(books, call, (command, quote, step), self.pickups.begin(books.tx, quote.reward, command.store_id))
        books.save()
        books.add_redemption(row)
        add_shares(books.tx, row.redemption_id, shares)
        self._booking.record(books, call, "redemption.committed", ("", row.redemption_id))
        return _written(account, RedemptionState.COMMITTED, shares)

    def set_aside(self, books: Books, call: Call, command: Redeem) -> Written:
        """Holds in the caller's transaction and for its request; raises as ``hold`` does."""
        if command.sale_id is not None:
            raise refuse(Reason.REQUEST_MALFORMED)
        quote, shares = self._quoting.take(books, command)
        account = quote.account
        ends_at = books.tx.now + timedelta(minutes=books.rules.parameters.hold_minutes)
        account.book.hold(Hold(command.redemption_id, ends_at, shares))
        row = _row(books, call, (command, quote, account.next_step()), ends_at)
        books.save()
        books.add_redemption(row)
        add_shares(books.tx, row.redemption_id, shares)
        self._booking.record(books, call, "redemption.held", ("", row.redemption_id))
        return _written(account, RedemptionState.HELD)

    def spend_held(self, books: Books, call: Call, command: CommitHold) -> Written:
        """Commits in the caller's transaction and for its request; raises as ``commit`` does."""
        account, row = _held(books, command.redemption_id)
        if command.device_id is not None and row.device_id is not None and command.device_id != row.device_id:
            raise refuse(Reason.WRONG_DEVICE)
        if command.points is not None and command.points != row.points:
            raise refuse(Reason.AMOUNT_CHANGED)
        shares = account.book.close_hold(row.redemption_id)
        step = _post_spending(books, call, account, (row.redemption_id, row.points, row.store_id))
        reward = find_reward(books.tx, row.reward_id) if row.reward_id is not None else None
        pickup = self.pickups.begin(books.tx, reward, row.store_id)
        values = {"state": RedemptionState.COMMITTED, "spent_step": step, "spent_at": books.tx.now, **_pickup_values(pickup)}
        books.change_redemption(row, values)
        books.save()
        self._booking.record(books, call, "redemption.committed", ("", row.redemption_id))
        return _written(account, RedemptionState.COMMITTED, shares)

    def let_go(self, books: Books, call: Call, redemption_id: str) -> Written:
        """Cancels a hold in the caller's transaction and for its request; raises as ``cancel`` does."""
        account = _release(books, redemption_id)
        self._booking.record(books, call, "redemption.cancelled", ("", redemption_id))
        return _written(account, RedemptionState.CANCELLED)

    def _release_refused(self, tx: Tx, actor: Actor, redemption_id: str) -> None:
        books = self._booking.books(tx)
        row = find_redemption(tx, redemption_id)
        if row is None or row.state is not RedemptionState.HELD or redemption_id not in books.of_account(row.account_id).book.holds:
            return
        _release(books, redemption_id)
        # Of no request: one that was refused is kept nowhere, and a deed that names it would tell of a row that was removed.
        entries, redemptions = books.take_unnamed(), books.take_touched()
        deed = Deed(actor, "redemption.cancelled", "", redemption_id, entries=entries, redemptions=redemptions)
        self._booking.base.audit.record(tx, deed)

    def give_back(self, books: Books, call: Call, redemption_id: str, detail: Mapping[str, str] | None = None) -> Written:
        """Reverses in the caller's transaction and for its request; the event says the detail too. Raises as ``reverse`` does."""
        row = find_redemption(books.tx, redemption_id)
        if row is None:
            raise refuse(Reason.REDEMPTION_UNKNOWN)
        account = books.of_account(row.account_id)
        if row.state not in (RedemptionState.COMMITTED, RedemptionState.FULFILLED):
            raise refuse(Reason.WRONG_STATE)
        giving = GivingBack(books, call.envelope.request_id, REVERSAL_CAUSE)
        state = giving.give(row, row.points - row.given_back)
        books.save()
        self._booking.record(books, call, "redemption.reversed", ("", row.redemption_id), detail)
        extras: Answer = {"state": state.value, "lots": []}
        return Written(account.row.member_id, posted(giving.accounts), account.standing(), extras)


def _release(books: Books, redemption_id: str) -> OpenAccount:
    account, row = _held(books, redemption_id)
    account.book.release_hold(redemption_id, books.tx.now, books.today)
    books.end_redemption(account, row, (RedemptionState.CANCELLED, books.tx.now))
    books.save()
    return account


def _held(books: Books, redemption_id: str) -> tuple[OpenAccount, RedemptionRow]:
    """Returns the account and the redemption that is held now.

    Raises:
        Refusal: REDEMPTION_UNKNOWN, HOLD_EXPIRED, WRONG_STATE.
    """
    row = find_redemption(books.tx, redemption_id)
    if row is None:
        raise refuse(Reason.REDEMPTION_UNKNOWN)
    account = books.of_account(row.account_id)
    if row.state is RedemptionState.EXPIRED or redemption_id in account.book.ended_holds:
        raise refuse(Reason.HOLD_EXPIRED)
    if row.state is not RedemptionState.HELD:
        raise refuse(Reason.WRONG_STATE)
    return account, row


def _post_spending(books: Books, call: Call, account: OpenAccount, what: tuple[str, int, str | None]) -> int:
    """Posts the entry of a redemption, which is an activity, and returns its place."""
    redemption_id, points, store_id = what
    posting = Posting(
        EntryKind.REDEMPTION, -points, f"{REDEMPTION_CAUSE}{redemption_id}", f"redeemed:{store_id or ''}", call.envelope.request_id
    )
    account.post(posting, books.tx.now)
    account.book.note_activity(books.today)
    return account.sequence


def _row(books: Books, call: Call, what: tuple[Redeem, Quote, int], how: datetime | Pickup | None) -> RedemptionRow:
    """Returns the redemption as it is stored: held until a moment, or spent, with how it is picked up."""
    command, quote, step = what
    hold_until, pickup = (how, None) if isinstance(how, datetime) else (None, how)
    is_spent = hold_until is None
    return RedemptionRow(
        redemption_id=command.redemption_id,
        account_id=quote.account.row.account_id,
        state=RedemptionState.COMMITTED if is_spent else RedemptionState.HELD,
        points=quote.points,
        given_back=0,
        reward_id=command.reward_id,
        qty=command.qty,
        stock_store_id=quote.stock_store_id,
        store_id=command.store_id,
        device_id=command.device_id,
        sale_id=command.sale_id,
        rules_version=books.rules.version,
        request_id=call.envelope.request_id,
        made_step=step,
        made_at=books.tx.now,
        hold_until=hold_until,
        spent_step=step if is_spent else None,
        spent_at=books.tx.now if is_spent else None,
        ended_step=None,
        ended_at=None,
        version=1,
        **_pickup_values(pickup),
    )


def _pickup_values(pickup: Pickup | None) -> dict[str, Any]:
    return {} if pickup is None else {"pickup_code": pickup.code, "pickup_until": pickup.until}


def _written(account: OpenAccount, state: RedemptionState, shares: tuple[Share, ...] = ()) -> Written:
    lots = [[account.book.lots[share.lot_id].source, share.points] for share in shares]
    return Written(account.row.member_id, posted([account]), account.standing(), {"state": state.value, "lots": lots})


def booked(answered: Answered) -> RedemptionBooked:
    """Returns the result of a command on a redemption."""
    lots = tuple(LotShare(source, points) for source, points in answered.extras["lots"])
    return RedemptionBooked(answered.booked, RedemptionState(answered.extras["state"]), lots)
