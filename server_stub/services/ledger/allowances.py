"""Moves points to an allowance of one device and back: used ones become redemptions, unused ones the member's again.

No point can be spent twice: it is either the account's or in one open allowance, and an allowance is settled once. Whoever grants has
seen that the member stands before the device; the kiosk's side is not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from server_stub.config import AllowanceSettings
from server_stub.domain.actors import Actor
from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.allowances import Allowance, AllowanceUse, who_pays
from server_stub.domain.ledger.basket import CLOCK_DIFFERENCE
from server_stub.domain.ledger.lots import take
from server_stub.domain.ledger_commands import Booked
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking, Written, posted
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.posting import REDEMPTION_CAUSE, Posting
from server_stub.services.requests import Call
from server_stub.storage.allowances import (
    AllowanceRow,
    AllowanceState,
    add_allowance,
    add_uses,
    close_allowance,
    find_allowance,
    overdue_allowances,
    points_lent,
    shares_lent,
)
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import RedemptionRow, add_shares, find_redemption

OUT_CAUSE, IN_CAUSE = "allowance:", "allowance_back:"
_ID = "alw_"
_BATCH = 100


class AllowanceSigner(Protocol):
    """Signs allowances with a numbered key."""

    @property
    def key_id(self) -> int:
        """Returns the number of the signing key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Returns the Ed25519 signature, 64 bytes."""
        ...


@dataclass(frozen=True, slots=True)
class GrantAllowance:
    """Points of a member for the device that asks."""

    member_id: str
    points: int


@dataclass(frozen=True, slots=True)
class SettleAllowance:
    """What a device gave out under its allowance; nothing: all of it comes back."""

    allowance_id: str
    uses: tuple[AllowanceUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Granted:
    """An allowance with the centre's signature over ``allowance.message()``."""

    booked: Booked
    allowance: Allowance
    key_id: int
    signature: bytes


class Allowances:
    """The desk of allowances."""

    def __init__(self, booking: Booking, signer: AllowanceSigner, settings: AllowanceSettings) -> None:
        self._booking = booking
        self._database = booking.base.database
        self._signer = signer
        self._most = settings.most_points
        self._valid = timedelta(hours=settings.hours)
        self._grace = timedelta(days=settings.grace_days)

    def grant(self, actor: Actor, envelope: Envelope, command: GrantAllowance) -> Granted:
        """Moves points from the account to the device; the same request again gives the same allowance.

        Raises:
            Refusal: AMOUNT_ZERO, MEMBER_UNKNOWN, MEMBER_MERGED, AMOUNT_TOO_LARGE (all allowances of the member that are open counted),
                INSUFFICIENT_AVAILABLE; NOT_PERMITTED, those of ``RequestLog.once``.
        """
        device = require_device(actor, Operation.GRANT_ALLOWANCE)
        call = Call(device, envelope, Operation.GRANT_ALLOWANCE, command)
        answered = self._booking.once(call, lambda books: self._grant(books, call, command, device.device_id))
        row = self._database.read(lambda tx: find_allowance(tx, answered.extras["allowance"]))
        if row is None:
            raise refuse(Reason.SERVICE_FAULT)
        allowance = Allowance(row.allowance_id, command.member_id, row.device_id, row.points, row.granted_at, row.expires_at)
        return Granted(answered.booked, allowance, self._signer.key_id, self._signer.sign(allowance.message()))

    def settle(self, actor: Actor, envelope: Envelope, command: SettleAllowance) -> Booked:
        """Books what the device gave out and takes the rest home; once for each allowance.

        Raises:
            Refusal: ALLOWANCE_UNKNOWN, also for another device's; ALLOWANCE_EXPIRED: it came back already, or something was given out
                outside its time; ALLOWANCE_USED: it was settled before, or more was given out than it held; REQUEST_MALFORMED,
                DUPLICATE_ID (of a redemption), FUTURE_DATE; NOT_PERMITTED, those of ``RequestLog.once``.
        """
        device = require_device(actor, Operation.SETTLE_ALLOWANCE)
        call = Call(device, envelope, Operation.SETTLE_ALLOWANCE, command)

        def work(books: Books) -> Written:
            row = find_allowance(books.tx, command.allowance_id)
            if row is None or row.device_id != device.device_id:
                raise refuse(Reason.ALLOWANCE_UNKNOWN)
            _check(books.tx, row, command.uses)
            account = self._bring_home(books, row, AllowanceState.SETTLED, _Given(command.uses, envelope.request_id, device.store_id))
            self._booking.record(books, call, "allowance.settled", ("", row.allowance_id))
            return Written(account.row.member_id, posted([account]), account.standing(), {})

        return self._booking.once(call, work).booked

    def bring_back_overdue(self, actor: Actor) -> int:
        """Gives the members back what devices never told of, and returns how many allowances that were.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        total = 0
        while done := self._database.write(lambda tx: self._bring_back_next(tx, actor)):
            total += done
        return total

    def _grant(self, books: Books, call: Call, command: GrantAllowance, device_id: str) -> Written:
        if command.points < 1:
            raise refuse(Reason.AMOUNT_ZERO)
        account = books.of_member(command.member_id)
        if points_lent(books.tx, account.row.account_id) + command.points > self._most:
            raise refuse(Reason.AMOUNT_TOO_LARGE)
        spendable = account.book.spendable(books.today)
        if sum(lot.free for lot in spendable) < command.points:
            raise refuse(Reason.INSUFFICIENT_AVAILABLE)
        shares = take(spendable, command.points)
        allowance_id = _ID + call.envelope.request_id
        cause, counter = OUT_CAUSE + allowance_id, f"allowance:{device_id}"
        account.post(Posting(EntryKind.ALLOWANCE_OUT, -command.points, cause, counter, call.envelope.request_id), books.tx.now)
        step, now = account.sequence, books.tx.now
        books.save()
        expires_at = now + self._valid
        row = AllowanceRow(
            allowance_id=allowance_id,
            account_id=account.row.account_id,
            device_id=device_id,
            points=command.points,
            state=AllowanceState.OPEN,
            granted_step=step,
            granted_at=now,
            expires_at=expires_at,
            returns_at=expires_at + self._grace,
            settled_step=None,
            settled_at=None,
        )
        add_allowance(books.tx, row, shares)
        self._booking.record(books, call, "allowance.granted", ("", allowance_id))
        return Written(account.row.member_id, posted([account]), account.standing(), {"allowance": allowance_id})

    def _bring_back_next(self, tx: Tx, actor: Actor) -> int:
        overdue = overdue_allowances(tx, _BATCH)
        for row in overdue:
            books = self._booking.books(tx)
            self._bring_home(books, row, AllowanceState.RETURNED, _Given())
            deed = Deed(actor, "allowance.returned", "", row.allowance_id, entries=books.take_unnamed(), redemptions=books.take_touched())
            self._booking.base.audit.record(tx, deed)
        return len(overdue)

    def _bring_home(self, books: Books, row: AllowanceRow, state: AllowanceState, given: _Given) -> OpenAccount:
        """Posts what came back and what was given out of it; unused points go to their lots, or expire where these have ended."""
        account, now = books.of_account(row.account_id), books.tx.now
        shares = shares_lent(books.tx, row.allowance_id)
        having = books.with_lots([share.lot_id for share in shares])
        paid, unused = who_pays(shares, given.uses)
        counter = f"allowance:{row.device_id}"
        account.post(Posting(EntryKind.ALLOWANCE_IN, row.points, IN_CAUSE + row.allowance_id, counter, given.request_id), now)
        step = account.sequence
        redemptions = [_redemption(books, account, (row, use), given) for use in given.uses]
        for share in unused:
            having[share.lot_id].book.put_back(having[share.lot_id].book.lots[share.lot_id], share.points, now, books.today)
        if given.uses:
            account.book.note_activity(books.today)
        books.save()
        if not close_allowance(books.tx, row, state, step):
            raise refuse(Reason.STALE_VERSION)
        for redemption in redemptions:
            books.add_redemption(redemption)
            add_shares(books.tx, redemption.redemption_id, paid[redemption.redemption_id])
        add_uses(books.tx, row.allowance_id, given.uses)
        return account


@dataclass(frozen=True, slots=True)
class _Given:
    """What a device gave out, and the request by which it says so."""

    uses: tuple[AllowanceUse, ...] = ()
    request_id: str | None = None
    store_id: str | None = None


def _check(tx: Tx, row: AllowanceRow, uses: Sequence[AllowanceUse]) -> None:
    if row.state is AllowanceState.RETURNED or (row.state is AllowanceState.OPEN and row.returns_at <= tx.now):
        raise refuse(Reason.ALLOWANCE_EXPIRED)
    if row.state is not AllowanceState.OPEN:
        raise refuse(Reason.ALLOWANCE_USED)
    if any(use.points < 1 for use in uses) or len({use.redemption_id for use in uses}) < len(uses):
        raise refuse(Reason.REQUEST_MALFORMED)
    if any(use.occurred_at > tx.now + CLOCK_DIFFERENCE for use in uses):
        raise refuse(Reason.FUTURE_DATE)
    if not all(row.granted_at - CLOCK_DIFFERENCE <= use.occurred_at < row.expires_at for use in uses):
        raise refuse(Reason.ALLOWANCE_EXPIRED)
    if sum(use.points for use in uses) > row.points:
        raise refuse(Reason.ALLOWANCE_USED)
    if any(find_redemption(tx, use.redemption_id) is not None for use in uses):
        raise refuse(Reason.DUPLICATE_ID)


def _redemption(books: Books, account: OpenAccount, what: tuple[AllowanceRow, AllowanceUse], given: _Given) -> RedemptionRow:
    """Posts the entry of a use and returns the redemption that it is from now on."""
    row, use = what
    cause, counter = REDEMPTION_CAUSE + use.redemption_id, f"redeemed:{given.store_id or ''}"
    account.post(Posting(EntryKind.REDEMPTION, -use.points, cause, counter, given.request_id), books.tx.now)
    return RedemptionRow(
        redemption_id=use.redemption_id,
        account_id=account.row.account_id,
        state=RedemptionState.COMMITTED,
        points=use.points,
        given_back=0,
        reward_id=None,
        qty=1,
        stock_store_id=None,
        store_id=given.store_id,
        device_id=row.device_id,
        sale_id=None,
        rules_version=books.rules.version,
        request_id=given.request_id or "",
        made_step=account.sequence,
        made_at=books.tx.now,
        hold_until=None,
        spent_step=account.sequence,
        spent_at=books.tx.now,
        ended_step=None,
        ended_at=None,
        version=1,
    )
