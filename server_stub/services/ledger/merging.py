"""Makes two memberships one, and two again. Source: till-script.md section 3.8.

Nothing that was posted moves: an account names the account that holds what was posted on it, and a merge changes that name for the merged
account and for all that it held itself. So undoing finds the same lots, sales and redemptions, as they now are.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from server_stub.domain.actors import Actor, StaffActor
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.merging import merge, unmerge
from server_stub.domain.ledger_commands import Booked, MergeMembers, UnmergeMembers
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking, Written, posted
from server_stub.services.ledger.books import Books, broken
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.posting import Posting
from server_stub.services.ledger.two_people import require_two_people
from server_stub.services.requests import Call
from server_stub.services.visits import require_active
from server_stub.storage.allowances import points_lent
from server_stub.storage.database import Tx
from server_stub.storage.feedback import has_open_case
from server_stub.storage.ledger import MemberAccount, account_ids_held_by, account_of_member, expired_of_lots, set_holder
from server_stub.storage.members import MemberState, change_member, member_by_id
from server_stub.storage.merges import MergeRow, add_merge, find_merge, standing_merges_into, undo_merge


class CouponMoves(Protocol):
    """What merging asks of the coupons."""

    def move(self, tx: Tx, call: Call, merge_id: str, members: tuple[str, str]) -> int:
        """Gives every coupon of the first member to the second in the merge's transaction and returns how many there were."""
        ...

    def move_back(self, tx: Tx, call: Call, merge_id: str) -> int:
        """Gives back what the merge moved, as it now is, and returns how many there were."""
        ...


class Merging:
    """The desk of merging."""

    def __init__(self, booking: Booking, coupons: CouponMoves) -> None:
        self._booking = booking
        self._coupons = coupons

    def merge(self, actor: Actor, envelope: Envelope, command: MergeMembers) -> Booked:
        """Makes two one; see ``desks.MergingDesk``."""
        _require_own_name(actor, command.by)
        call = Call(actor, envelope, Operation.MERGE_MEMBERS, command)
        return self._booking.once(call, lambda books: self._merge(books, call, command)).booked

    def unmerge(self, actor: Actor, envelope: Envelope, command: UnmergeMembers) -> Booked:
        """Makes one two; see ``desks.MergingDesk``."""
        _require_own_name(actor, command.by)
        call = Call(actor, envelope, Operation.UNMERGE_MEMBERS, command)
        return self._booking.once(call, lambda books: self._unmerge(books, call, command)).booked

    def _merge(self, books: Books, call: Call, command: MergeMembers) -> Written:
        tx = books.tx
        if find_merge(tx, command.merge_id) is not None:
            raise refuse(Reason.DUPLICATE_ID)
        if command.from_id == command.into_id:
            raise refuse(Reason.SAME_MEMBER)
        giver, taker = _both(books, command)
        if not books.rules.parameters.pooling:
            raise refuse(Reason.POOLING_FORBIDDEN)
        approved_by = require_two_people(command.by, command.approved_by)
        self._check_identity(tx, giver, taker)
        if _has_open(tx, giver) or _has_open(tx, taker):
            raise refuse(Reason.OPEN_HOLD)
        _require_no_dispute(tx, command.from_id, command.into_id)
        accounts = account_ids_held_by(tx, giver.row.account_id)
        steps = giver.next_step(), taker.next_step()
        moved = merge(giver.book, taker.book)
        _post_both(books, (giver, taker), moved, f"merge:{command.merge_id}", call)
        taker.seen_until = _earlier(giver, taker)
        giver.seen_until = None
        books.save()
        set_holder(tx, accounts, taker.row.account_id)
        add_merge(tx, _merge_row(books, command, approved_by, steps))
        self._set_state(books, call, command.from_id, MemberState.MERGED)
        self._coupons.move(tx, call, command.merge_id, (command.from_id, command.into_id))
        self._record(books, call, "members.merged")
        return Written(command.into_id, posted([giver, taker]), taker.standing(), {})

    def _unmerge(self, books: Books, call: Call, command: UnmergeMembers) -> Written:
        tx = books.tx
        row = find_merge(tx, command.merge_id)
        if row is None:
            raise refuse(Reason.MERGE_UNKNOWN)
        if row.undone_at is not None:
            raise refuse(Reason.WRONG_STATE)
        taker = books.of_member(row.into_member_id)
        if _account(tx, row.from_member_id).state is not MemberState.MERGED:
            # It ended meanwhile, and undoing must not make it alive again.
            raise refuse(Reason.MEMBER_INACTIVE)
        approved_by = require_two_people(command.by, command.approved_by)
        if books.today > row.merged_on + timedelta(days=books.rules.parameters.unmerge_days):
            raise refuse(Reason.UNMERGE_TOO_LATE)
        if _has_open(tx, taker):
            raise refuse(Reason.OPEN_HOLD)
        _require_no_dispute(tx, row.from_member_id, row.into_member_id)
        giver = books.emptied(_account(tx, row.from_member_id))
        accounts = _accounts_of(tx, row.from_member_id)
        expired = expired_of_lots(tx, accounts) + taker.expired_just_now(accounts)
        steps = {"undone_from_step": giver.next_step(), "undone_into_step": taker.next_step()}
        moved = unmerge(taker.book, giver.book, set(accounts), expired)
        # From the survivor's entries first, then to whom they belong; the reverse of the merge.
        _post_both(books, (taker, giver), moved, f"unmerge:{command.merge_id}", call)
        giver.seen_until = taker.seen_until
        books.save()
        set_holder(tx, accounts, giver.row.account_id)
        undone = {"undone_by": command.by, "undone_approved_by": approved_by, "undone_at": tx.now, **steps}
        if not undo_merge(tx, command.merge_id, undone):
            raise refuse(Reason.STALE_VERSION)
        self._set_state(books, call, row.from_member_id, MemberState.ACTIVE)
        self._coupons.move_back(tx, call, command.merge_id)
        self._record(books, call, "members.unmerged")
        return Written(row.into_member_id, posted([taker, giver]), taker.standing(), {})

    def _record(self, books: Books, call: Call, action: str) -> None:
        command: MergeMembers | UnmergeMembers = call.body
        detail: dict[str, str | int | bool] = {"reason": command.reason, "agreed_by": command.approved_by or ""} if command.reason else {}
        deed = Deed(call.actor, action, "", command.merge_id, call.envelope.request_id, detail)
        self._booking.base.audit.record(books.tx, deed)

    def _check_identity(self, tx: Tx, giver: OpenAccount, taker: OpenAccount) -> None:
        people = [self._booking.base.people.find(tx, account.row.person_id) for account in (giver, taker)]
        tokens = {person.id_token for person in people if person is not None and person.id_token is not None}
        if len(tokens) > 1:
            raise refuse(Reason.IDENTITY_MISMATCH)

    def _set_state(self, books: Books, call: Call, member_id: str, state: MemberState) -> None:
        member = member_by_id(books.tx, member_id)
        if member is None or not change_member(books.tx, member, {"state": state}):
            raise refuse(Reason.STALE_VERSION)
        self._booking.record(books, call, "member.merged" if state is MemberState.MERGED else "member.unmerged", ("member", member_id))


def _require_own_name(actor: Actor, by: str) -> None:
    """A name that is said is no identity: a person merges in their own."""
    if isinstance(actor, StaffActor) and actor.name != by:
        raise refuse(Reason.NOT_PERMITTED)


def _require_no_dispute(tx: Tx, *member_ids: str) -> None:
    if has_open_case(tx, member_ids):
        raise refuse(Reason.OPEN_DISPUTE)


def _both(books: Books, command: MergeMembers) -> tuple[OpenAccount, OpenAccount]:
    """Returns both accounts; that one is unknown comes before that one was merged, and that before that one is suspended or ended."""
    giver, taker = (member_by_id(books.tx, member_id) for member_id in (command.from_id, command.into_id))
    if giver is None or taker is None:
        raise refuse(Reason.MEMBER_UNKNOWN)
    accounts = books.of_member(command.from_id), books.of_member(command.into_id)
    # Into a membership that ended points would only wait for their expiry, and undoing would make one alive that ended.
    require_active(giver)
    require_active(taker)
    return accounts


def _post_both(books: Books, accounts: tuple[OpenAccount, OpenAccount], points: int, cause: str, call: Call) -> None:
    giver, taker = accounts
    for account, part in ((giver, -points), (taker, points)):
        account.post(Posting(EntryKind.MERGE, part, cause, "merged", call.envelope.request_id), books.tx.now)


def _earlier(giver: OpenAccount, taker: OpenAccount) -> datetime | None:
    return min((moment for moment in (giver.seen_until, taker.seen_until) if moment is not None), default=None)


def _merge_row(books: Books, command: MergeMembers, approved_by: str, steps: tuple[int, int]) -> MergeRow:
    people = (command.by, approved_by)
    return MergeRow(command.merge_id, command.from_id, command.into_id, *people, books.today, books.tx.now, None, None, None, *steps)


def _account(tx: Tx, member_id: str) -> MemberAccount:
    row = account_of_member(tx, member_id)
    if row is None:
        raise broken(f"member {member_id} has no account")
    return row


def _accounts_of(tx: Tx, member_id: str) -> tuple[str, ...]:
    """Returns the accounts of a merged member and of those that were merged into it, as they were when it was merged."""
    merged = [account for row in standing_merges_into(tx, member_id) for account in _accounts_of(tx, row.from_member_id)]
    return _account(tx, member_id).account_id, *merged


def _has_open(tx: Tx, account: OpenAccount) -> bool:
    """Returns whether points are held, or lent to a device: they must come back to where they were taken."""
    return bool(account.book.holds) or points_lent(tx, account.row.account_id) > 0
