"""Points accounts: opening with the welcome points, release by the card, the member's view, proof. Knows no sale and no reward."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.points import Balance, Movement, balance
from server_stub.domain.uuid7 import IdSource
from server_stub.storage.benefits import (
    AccountRow,
    EntryKind,
    EntryRow,
    account_of,
    add_account,
    add_entry,
    entries_of,
    set_account,
)
from server_stub.storage.database import Tx

WELCOME_CAUSE = "welcome"


class LedgerBroken(Exception):
    """An account and its entries do not agree, or an account is missing."""


class PointsAccounts:
    """The accounts. The account row is a copy of what the entries say; ``prove`` compares them."""

    def __init__(self, ids: IdSource) -> None:
        self._ids = ids

    def open(self, tx: Tx, member_id: str, points: int, expires_on: date, rules_version: str) -> AccountRow:
        """Opens the account with the welcome points, which await the card."""
        account = AccountRow(
            account_id=self._ids.new("acc"),
            member_id=member_id,
            available=0,
            pending=points,
            next_expiry_on=expires_on,
            last_sequence=1,
            version=1,
        )
        add_account(tx, account)
        entry = EntryRow(
            entry_id=self._ids.new("ent"),
            account_id=account.account_id,
            sequence=1,
            kind=EntryKind.ACCRUAL,
            points=points,
            awaits=Awaits.CARD_ACTIVATION,
            expires_on=expires_on,
            rules_version=rules_version,
            cause=WELCOME_CAUSE,
            business_day=business_day(tx.now),
            at=tx.now,
        )
        add_entry(tx, entry)
        return account

    def release(self, tx: Tx, member_id: str) -> int:
        """Makes what awaited the card spendable and returns how many points that were."""
        account = _account(tx, member_id)
        released = replace(account, available=account.available + account.pending, pending=0)
        if not set_account(tx, account, released):
            raise LedgerBroken(f"account {account.account_id} changed within its transaction")
        return account.pending

    def view(self, tx: Tx, member_id: str, *, card_is_active: bool) -> Balance:
        """Returns what the member has today; lots whose last day has passed do not count."""
        return balance(_movements(tx, _account(tx, member_id)), business_day(tx.now), card_is_active=card_is_active)

    def settle(self, tx: Tx, member_id: str, *, card_is_active: bool) -> int:
        """Writes the expiry of lots whose last day has passed and returns how many points ended."""
        account = _account(tx, member_id)
        now = balance(_movements(tx, account), business_day(tx.now), card_is_active=card_is_active)
        if not now.overdue:
            return 0
        entry = EntryRow(
            entry_id=self._ids.new("ent"),
            account_id=account.account_id,
            sequence=account.last_sequence + 1,
            kind=EntryKind.EXPIRY,
            points=-now.overdue,
            awaits=Awaits.NOTHING,
            expires_on=None,
            rules_version="",
            cause=f"expiry:{business_day(tx.now).isoformat()}",
            business_day=business_day(tx.now),
            at=tx.now,
        )
        add_entry(tx, entry)
        after = replace(
            account, available=now.available, pending=now.pending, next_expiry_on=now.expire_on, last_sequence=account.last_sequence + 1
        )
        if not set_account(tx, account, after):
            raise LedgerBroken(f"account {account.account_id} changed within its transaction")
        return now.overdue

    def prove(self, tx: Tx, member_id: str, *, card_is_active: bool) -> bool:
        """Returns whether the account row says what its entries say, overdue lots not yet settled included."""
        account = _account(tx, member_id)
        said = balance(_movements(tx, account), date.min, card_is_active=card_is_active)
        return (account.available, account.pending) == (said.available, said.pending)


def _account(tx: Tx, member_id: str) -> AccountRow:
    account = account_of(tx, member_id)
    if account is None:
        raise LedgerBroken(f"member {member_id} has no account")
    return account


def _movements(tx: Tx, account: AccountRow) -> tuple[Movement, ...]:
    return tuple(
        Movement(entry.sequence, entry.points, entry.awaits is Awaits.CARD_ACTIVATION, entry.expires_on)
        for entry in entries_of(tx, account.account_id)
    )
