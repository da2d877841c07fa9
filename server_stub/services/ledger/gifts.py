"""Gives points that no sale earned, by a rule, and takes them back where its reason falls away. Knows no rule that gives them.

What was spent meanwhile becomes debt, as with a return: nothing is lost and nothing is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger.lots import Ending
from server_stub.domain.ledger.returns import take_back
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.posting import Posting
from server_stub.storage.database import Tx
from server_stub.storage.referrals import gift_lot


@dataclass(frozen=True, slots=True)
class PointsGift:
    """Points for a member.

    Attributes:
        cause: Why and whose, e.g. ``referral:ID:referrer``; points are given for a cause once, ever.
        counter: Where the points come from in the books.
        last_day: Last day on which they can be spent.
    """

    member_id: str
    points: int
    cause: str
    counter: str
    last_day: date
    rules_version: str


class PointsGifts:
    """Gives and takes back, each in the caller's transaction, in which no other book may be open."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking

    def give(self, tx: Tx, gift: PointsGift) -> None:
        """Gives the points, after a merge to the survivor.

        Raises:
            Refusal: MEMBER_UNKNOWN.
        """
        books = self._booking.books(tx)
        account = books.survivor_of(gift.member_id)
        posting = Posting(
            EntryKind.ACCRUAL,
            gift.points,
            gift.cause,
            gift.counter,
            available_on=books.today,
            ending=Ending(expires_on=gift.last_day + timedelta(days=1)),
            rules_version=gift.rules_version,
        )
        account.post_lot(posting, gift.cause, tx.now)
        books.save()
        self._booking.name_entries(books)

    def take_back(self, tx: Tx, gift: PointsGift) -> int:
        """Takes a gift back, whoever has it by now; returns how many points an entry took.

        It is 0 where it was never given, or all of it had expired.
        """
        lot_id = gift_lot(tx, gift.member_id, gift.cause)
        if lot_id is None:
            return 0
        books = self._booking.books(tx)
        account = books.with_lots([lot_id])[lot_id]
        lot = account.book.lots[lot_id]
        taken = take_back(account.book, lot, lot.points)
        account.post(Posting(EntryKind.ACCRUAL_REVERSAL, -taken.posted, f"{gift.cause}:back", gift.counter), tx.now)
        books.save()
        self._booking.name_entries(books)
        return taken.posted
