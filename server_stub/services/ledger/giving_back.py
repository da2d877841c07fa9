"""Gives spent points back to the lots that paid, whoever has them now. Source: till-script.md sections 3.3 and 3.6."""

from __future__ import annotations

from server_stub.domain.entry_kinds import EntryKind, RedemptionState
from server_stub.domain.ledger.redeeming import last_taken_first
from server_stub.services.ledger.books import Books
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.posting import Posting
from server_stub.storage.redemptions import RedemptionRow, give_share_back, shares_of


class GivingBack:
    """Gives back within one command.

    Attributes:
        given: Points so far.
        accounts: Those that got any, in order.
    """

    def __init__(self, books: Books, request_id: str | None, cause: str) -> None:
        """Causes of the entries are the given text and the redemption's id."""
        self.given = 0
        self.accounts: list[OpenAccount] = []
        self._books = books
        self._request_id = request_id
        self._cause = cause

    def give(self, redemption: RedemptionRow, points: int) -> RedemptionState:
        """Gives points of a redemption back and returns its state then; REVERSED where nothing is left to give back."""
        if points == 0:
            return redemption.state
        books, now = self._books, self._books.tx.now
        # Opening the account divides what was spent over lots, where that was not done yet.
        own = books.of_account(redemption.account_id)
        books.write_shares()
        shares = shares_of(books.tx, [redemption.redemption_id])[redemption.redemption_id]
        having = books.with_lots([share.lot_id for share in shares])
        back: dict[str, int] = {own.row.account_id: 0}
        for position, part in last_taken_first(shares, points):
            lot_id = shares[position].lot_id
            account = having[lot_id]
            account.book.put_back(account.book.lots[lot_id], part, now, books.today)
            give_share_back(books.tx, redemption.redemption_id, position + 1, part)
            back[account.row.account_id] = back.get(account.row.account_id, 0) + part
        counter = f"redeemed:{redemption.store_id or ''}"
        for account in (own, *having.values()):
            part = back.pop(account.row.account_id, 0)
            posting = Posting(EntryKind.REDEMPTION_REVERSAL, part, f"{self._cause}{redemption.redemption_id}", counter, self._request_id)
            if account.post(posting, now) is not None and account not in self.accounts:
                self.accounts.append(account)
        self.given += points
        return self._note(own, redemption, points)

    def _note(self, own: OpenAccount, redemption: RedemptionRow, points: int) -> RedemptionState:
        if redemption.given_back + points == redemption.points:
            self._books.end_redemption(own, redemption, (RedemptionState.REVERSED, self._books.tx.now), points)
            return RedemptionState.REVERSED
        self._books.change_redemption(redemption, {"given_back": redemption.given_back + points})
        return redemption.state
