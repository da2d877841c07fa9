"""Opens the books of accounts within one transaction, settles them, and writes back what changed. Knows no use case.

A book that was opened is settled until the transaction's moment. Every account that is opened for writing must be saved by ``save``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.ledger.book import Book, Hold
from server_stub.domain.ledger.lot_set import LotSet, Totals, Unread
from server_stub.domain.ledger.lots import Share, take
from server_stub.domain.ledger.settling import advance, next_due
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, refuse
from server_stub.domain.uuid7 import IdSource
from server_stub.services.ledger.open_account import OpenAccount, bare_book, state_of
from server_stub.services.ledger.posting import REDEMPTION_CAUSE, Posting
from server_stub.services.ledger.programme import Programme
from server_stub.services.ledger.rule_times import RuleTimes
from server_stub.services.ledger.tier_record import TierSeen, record_tier
from server_stub.storage.database import Tx
from server_stub.storage.ledger import (
    EntryRow,
    MemberAccount,
    YearRow,
    account_of_member,
    add_entries,
    add_lots,
    add_years,
    change_lots,
    change_year,
    entries_of,
    holder_of_account,
    lots_by_id,
    lots_held_by,
    set_account,
    years_held_by,
)
from server_stub.storage.members import MemberState
from server_stub.storage.redemptions import (
    RedemptionRow,
    add_redemption,
    add_shares,
    change_redemption,
    give_stock_back,
    redemptions_by_id,
    redemptions_held_by,
    shares_of,
)

log = logging.getLogger(__name__)

# What a column of either database holds.
MOST_OF_AN_ACCOUNT = 2**63 - 1


def broken(what: str) -> Refusal:
    """Returns the refusal of whatever touches an account whose lots and entries do not agree; what is wrong stands in the log.

    Nothing is booked on such an account until ``ledger prove`` finds it good again.
    """
    log.error("ledger: %s", what)
    return refuse(Reason.LEDGER_UNPROVEN)


def settle_under(times: RuleTimes, book: Book, until: datetime) -> None:
    """Lets time pass over a book, each part of it under the rules of its own time; the book ends with those of the last moment."""
    for moment in times.changes(book.settled_at, until):
        book.rules = times.at(book.settled_at).parameters
        advance(book, moment)
    book.rules = times.at(until).parameters
    advance(book, until)


class Books:
    """The books that one transaction has opened.

    Attributes:
        times: The rules of other moments than the transaction's.
        rules: Those in force now.
    """

    def __init__(self, tx: Tx, programme: Programme, ids: IdSource) -> None:
        self.tx = tx
        self.today = business_day(tx.now)
        self.times = programme.times(tx)
        self.rules = self.times.at(tx.now)
        self._ids = ids
        self._open: dict[str, OpenAccount] = {}
        self._unnamed: list[EntryRow] = []
        self._touched: dict[str, None] = {}
        self._shares: list[tuple[str, tuple[Share, ...]]] = []

    def of_member(self, member_id: str) -> OpenAccount:
        """Returns a member's account.

        Raises:
            Refusal: MEMBER_UNKNOWN, MEMBER_MERGED.
        """
        row = account_of_member(self.tx, member_id)
        if row is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        if row.state is MemberState.MERGED:
            raise refuse(Reason.MEMBER_MERGED)
        return self._opened(row)

    def of_account(self, account_id: str) -> OpenAccount:
        """Returns the account that now has what was posted on an account."""
        row = holder_of_account(self.tx, account_id)
        if row is None:
            raise broken(f"no account {account_id}")
        return self._opened(row)

    def survivor_of(self, member_id: str) -> OpenAccount:
        """Returns a member's account, or after a merge the survivor's.

        Raises:
            Refusal: MEMBER_UNKNOWN.
        """
        row = account_of_member(self.tx, member_id)
        if row is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        return self._opened(row) if row.holder_id == row.account_id else self.of_account(row.account_id)

    def emptied(self, row: MemberAccount) -> OpenAccount:
        """Returns the account of a merged member, with an empty book; for undoing the merge."""
        return self._bare(row)

    def with_lots(self, lot_ids: Sequence[str]) -> dict[str, OpenAccount]:
        """Returns for each lot the account that has it now; the lots are in its book from here on."""
        having = {lot_id: account for account in self._open.values() for lot_id in account.book.lots}
        missing = [lot_id for lot_id in lot_ids if lot_id not in having]
        for lot in lots_by_id(self.tx, missing) if missing else ():
            account = self.of_account(lot.account_id)
            # Opening may have loaded it; what the book has is newer than what was read.
            if lot.lot_id not in account.book.lots:
                account.book.lots.update((found.lot_id, found) for found in account.found([lot]))
            having[lot.lot_id] = account
        if lost := [lot_id for lot_id in lot_ids if lot_id not in having]:
            raise broken(f"lot {lost[0]} is not there")
        return {lot_id: having[lot_id] for lot_id in lot_ids}

    def save(self) -> None:
        """Pays debts and writes back every account that was opened.

        Raises:
            Refusal: AMOUNT_TOO_LARGE, an account would have more points than can be stored; STALE_VERSION.
        """
        for account in self._open.values():
            account.book.pay_debt()
            self._post_expiries(account)
        for account in self._open.values():
            self._save(account)
        self.write_shares()

    def take_unnamed(self) -> tuple[EntryRow, ...]:
        """Returns the entries that were saved since it was asked last, for the event that is to name them."""
        unnamed, self._unnamed = tuple(self._unnamed), []
        return unnamed

    def write_shares(self) -> None:
        """Writes down which lots paid for redemptions that had looked at none."""
        for redemption_id, shares in self._shares:
            add_shares(self.tx, redemption_id, shares)
        self._shares.clear()

    def unwritten_shares(self) -> dict[str, tuple[Share, ...]]:
        """Returns which lots paid for redemptions that had looked at none, where nothing is written, by redemption."""
        return dict(self._shares)

    def foresee(self) -> None:
        """Pays debts without writing anything, for what is only shown.

        Raises:
            Refusal: AMOUNT_TOO_LARGE, as ``save`` would.
        """
        for account in self._open.values():
            account.book.pay_debt()
            self._require_storable(account)

    def _opened(self, row: MemberAccount) -> OpenAccount:
        known = self._open.get(row.account_id)
        if known is not None:
            return known
        account = self._bare(row)
        is_due = row.due_at is not None and row.due_at <= self.tx.now
        # Until something is due, the account's columns say what its lots add up to.
        totals = Totals(row.available, row.pending, row.held)
        account.book.lots = LotSet(unread=Unread(totals, lambda: account.found(lots_held_by(self.tx, row.account_id, also_empty=is_due))))
        for year in years_held_by(self.tx, row.account_id):
            account.book.years[year.account_id, year.year] = year.points
            account.found_years[year.account_id, year.year] = year.points
        if row.held:
            self._load_holds(account)
        account.seen_until = None if is_due else row.due_at
        self._settle(account, is_due=is_due)
        return account

    def _bare(self, row: MemberAccount) -> OpenAccount:
        account = OpenAccount(row, bare_book(row, self.rules.parameters), self.rules, self._ids, row.last_sequence)
        self._open[row.account_id] = account
        return account

    def _load_holds(self, account: OpenAccount) -> None:
        rows = redemptions_held_by(self.tx, account.row.account_id, RedemptionState.HELD)
        shares = shares_of(self.tx, [row.redemption_id for row in rows])
        for row in rows:
            account.book.holds[row.redemption_id] = Hold(row.redemption_id, _hold_end(row), shares[row.redemption_id])
            if any(share.lot_id not in account.book.lots for share in shares[row.redemption_id]):
                raise broken(f"redemption {row.redemption_id} holds points of a lot that is not there")

    def _settle(self, account: OpenAccount, *, is_due: bool) -> None:
        row, book = account.row, account.book
        if row.settled_sequence < row.last_sequence:
            for entry in entries_of(self.tx, row.account_id, row.settled_sequence):
                self._divide(book, entry)
            book.rules = self.rules.parameters
        if is_due:
            settle_under(self.times, book, self.tx.now)
        elif book.lots.is_read:
            advance(book, self.tx.now)
        else:
            book.settled_at = max(book.settled_at, self.tx.now)
        self._post_expiries(account)

    def _divide(self, book: Book, entry: EntryRow) -> None:
        """Divides a redemption that looked at no lot over lots, as of its own moment and under the rules of that moment."""
        if entry.kind is not EntryKind.REDEMPTION:
            raise broken(f"entry {entry.entry_id} is not divided over lots")
        settle_under(self.times, book, entry.at)
        shares = take(book.spendable(entry.business_day), -entry.points)
        if sum(share.points for share in shares) != -entry.points:
            raise broken(f"entry {entry.entry_id} spends more than there was")
        book.note_activity(entry.business_day)
        self._shares.append((entry.cause.removeprefix(REDEMPTION_CAUSE), shares))

    def _post_expiries(self, account: OpenAccount) -> None:
        for expiry in account.book.expiries:
            cause = f"expiry:{expiry.lot_id}:{expiry.before}"
            account.post(Posting(EntryKind.EXPIRY, -expiry.points, cause, "breakage"), expiry.at)
        account.book.expiries.clear()

    def end_holds(self, account: OpenAccount) -> None:
        """Writes down which holds have ended, so that their pieces can be taken by others."""
        if account.book.ended_holds:
            for row in redemptions_by_id(self.tx, account.book.ended_holds):
                self.end_redemption(account, row, (RedemptionState.EXPIRED, _hold_end(row)))
            account.book.ended_holds.clear()

    def add_redemption(self, row: RedemptionRow) -> None:
        """Records a redemption, which the next event covers."""
        add_redemption(self.tx, row)
        self._touched[row.redemption_id] = None

    def change_redemption(self, row: RedemptionRow, values: Mapping[str, Any]) -> None:
        """Changes a redemption, which the next event covers.

        Raises:
            Refusal: STALE_VERSION: somebody was quicker.
        """
        if not change_redemption(self.tx, row, values):
            raise refuse(Reason.STALE_VERSION)
        self._touched[row.redemption_id] = None

    def end_redemption(self, account: OpenAccount, row: RedemptionRow, end: tuple[RedemptionState, datetime], given_back: int = 0) -> None:
        """Ends a redemption and gives its pieces back to the stock, unless they have left the store.

        Raises:
            Refusal: STALE_VERSION.
        """
        state, at = end
        values = {"state": state, "ended_step": account.next_step(), "ended_at": at, "given_back": row.given_back + given_back}
        self.change_redemption(row, values)
        if row.reward_id is not None and row.stock_store_id is not None and row.state is not RedemptionState.FULFILLED:
            give_stock_back(self.tx, row.reward_id, row.stock_store_id, row.qty)

    def take_touched(self) -> tuple[RedemptionRow, ...]:
        """Returns the redemptions that changed since it was asked last, as they are now, for the event that is to cover them."""
        touched, self._touched = list(self._touched), {}
        return redemptions_by_id(self.tx, touched) if touched else ()

    def _require_storable(self, account: OpenAccount) -> Totals:
        """Returns what the account adds up to, where its columns can hold it."""
        book = account.book
        totals = book.totals(self.today)
        # Expired ones count, so that no expiry is ever refused: it moves points and makes none.
        owned = totals.available + totals.pending + totals.held + book.expired
        if max(owned, book.debt, *book.years.values()) > MOST_OF_AN_ACCOUNT:
            raise refuse(Reason.AMOUNT_TOO_LARGE)
        return totals

    def _save(self, account: OpenAccount) -> None:
        self.end_holds(account)
        book, row = account.book, account.row
        totals = self._require_storable(account)
        add_entries(self.tx, account.entries)
        self._unnamed.extend(account.entries)
        self._save_lots(account)
        self._save_years(account)
        if row.state is not MemberState.MERGED:
            rules_since = self.times.since(self.tx.now)
            record_tier(self.tx, TierSeen(row.member_id, book, self.rules, rules_since, account.found_years))
        moments = (next_due(book), account.seen_until, self.times.next_turn(self.tx.now))
        due = [moment for moment in moments if moment is not None and moment > self.tx.now]
        values = {
            "available": totals.available,
            "pending": totals.pending,
            "held": totals.held,
            "debt": book.debt,
            "expired": book.expired,
            "last_sequence": account.sequence,
            "settled_sequence": account.sequence,
            "settled_at": book.settled_at,
            "due_at": min(due, default=None),
            "last_activity_on": book.last_activity_on,
        }
        if not set_account(self.tx, row, values):
            raise refuse(Reason.STALE_VERSION)

    def _save_lots(self, account: OpenAccount) -> None:
        posted = {entry.entry_id for entry in account.entries}
        lots = account.book.lots.known
        add_lots(self.tx, [lot for lot in lots if lot.lot_id in posted])
        found = {lot_id: state for opened in self._open.values() for lot_id, state in opened.found_lots.items()}
        change_lots(self.tx, [lot for lot in lots if lot.lot_id not in posted and found.get(lot.lot_id) != state_of(lot)])

    def _save_years(self, account: OpenAccount) -> None:
        found = {key: points for opened in self._open.values() for key, points in opened.found_years.items()}
        years = account.book.years.items()
        add_years(self.tx, [YearRow(*key, points) for key, points in years if key not in found])
        for key, points in years:
            if key in found and found[key] != points:
                change_year(self.tx, YearRow(*key, points))


def _hold_end(row: RedemptionRow) -> datetime:
    if row.hold_until is None:
        raise broken(f"redemption {row.redemption_id} is held for ever")
    return row.hold_until


def proven_account(books: Books, account_id: str) -> OpenAccount | None:
    """Returns the account for reading; None where lots and entries do not agree, so that one such account stops no walk over all."""
    try:
        return books.of_account(account_id)
    except Refusal:
        return None
