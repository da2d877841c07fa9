"""Shows accounts, gives and releases welcome points, and does what the calendar asks. Knows no sale and no redemption."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server_stub.domain.actors import Actor
from server_stub.domain.awaits import Awaits
from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger.book import Book
from server_stub.domain.ledger.lot_set import LotSet
from server_stub.domain.ledger.lots import Ending, Share
from server_stub.domain.ledger.merging import balance_of
from server_stub.domain.ledger.settling import advance
from server_stub.domain.ledger.tiers import Climb, climb_from
from server_stub.domain.ledger_commands import AccountView, LotView
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, refuse
from server_stub.domain.welcome import Welcome
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.open_account import OpenAccount, bare_book
from server_stub.services.ledger.posting import Posting
from server_stub.storage.database import Tx
from server_stub.storage.ledger import account_of_member, accounts_due_by, sum_of_entries, sum_of_expired
from server_stub.storage.redemptions import shares_of
from server_stub.storage.viewing.api import ViewRows

WELCOME_CAUSE = "welcome"
_BATCH = 200


@dataclass(frozen=True, slots=True)
class PointsSummary:
    """A member's points as a screen and a card show them.

    Attributes:
        expiring: Points that end next, 0 where none end.
        last_day: Last day on which those can be spent; None where none end.
        tier: By the programme's rules; None where they have none.
        climb: The way to the next tier; None where there is none above.
    """

    available: int
    pending: int
    expiring: int
    last_day: date | None
    tier: str | None = None
    climb: Climb | None = None


class Accounts:
    """The accounts."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking
        self._database = booking.base.database

    def view(self, actor: Actor, member_id: str) -> AccountView:
        """Returns everything about a member's points now; see ``desks.AccountDesk``."""
        require(actor, Operation.READ_POINTS)
        return self._database.read(lambda tx: _view(self._booking.books(tx).of_member(member_id)))

    def balance_at(self, actor: Actor, member_id: str, moment: datetime) -> int:
        """Returns the sum of the member's entries up to a past moment; see ``desks.AccountDesk``."""
        require(actor, Operation.READ_POINTS)

        def reading(tx: Tx) -> int:
            row = account_of_member(tx, member_id)
            if row is None:
                raise refuse(Reason.MEMBER_UNKNOWN)
            posted = sum_of_entries(tx, row.account_id, moment)
            if row.holder_id != row.account_id:
                return posted
            # What has expired is gone, whether or not an entry was posted yet.
            account = self._booking.books(tx).of_member(member_id)
            return posted + sum(entry.points for entry in account.entries if entry.at <= moment)

        return self._database.read(reading)

    def payers(self, actor: Actor, member_id: str, redemption_ids: Collection[str]) -> dict[str, tuple[Share, ...]]:
        """Returns the lots that paid for redemptions; see ``desks.AccountDesk``."""
        require(actor, Operation.READ_POINTS)

        def reading(tx: Tx) -> dict[str, tuple[Share, ...]]:
            books = self._booking.books(tx)
            books.of_member(member_id)
            known = {one: shares for one, shares in shares_of(tx, list(redemption_ids)).items() if shares}
            return {one: shares for one, shares in {**known, **books.unwritten_shares()}.items() if one in redemption_ids}

        return self._database.read(reading)

    def settle_due(self, actor: Actor) -> int:
        """Does what is due everywhere; see ``desks.AccountDesk``."""
        require(actor, Operation.RUN_JOBS)
        total, last, unproven = 0, "", list[str]()
        while due := self._database.read(lambda tx, after=last: accounts_due_by(tx, tx.now, after, _BATCH)):  # type: ignore[misc]
            last = due[-1]
            broken = self._settle_all(due)
            unproven += broken
            total += len(due) - len(broken)
        if unproven:
            detail: dict[str, str | int | bool] = {"accounts": total + len(unproven), "wrong": len(unproven), "first": unproven[0]}
            deed = Deed(actor, "alert.ledger_unproven", detail=detail)
            self._database.write(lambda tx: self._booking.base.audit.record(tx, deed))
            raise refuse(Reason.LEDGER_UNPROVEN)
        return total

    def expired_so_far(self, actor: Actor) -> int:
        """Returns what all members have ever lost; see ``desks.AccountDesk``."""
        require(actor, Operation.RUN_JOBS)
        return self._database.read(sum_of_expired)

    def summary(self, tx: Tx, member_id: str, *, as_if_active: bool = False) -> PointsSummary:
        """Returns what a screen or a card shows; welcome points that await the card can be counted as available."""
        return summary_of(self._booking.books(tx).survivor_of(member_id).book, as_if_active=as_if_active)

    def summary_of_rows(self, rows: ViewRows, now: datetime) -> PointsSummary | None:
        """Returns the summary of an account with nothing due, from rows of a batch; None where their rules were not read yet.

        Looks at no row and does not block.
        """
        rules = self._booking.programme.known(rows.rules_version)
        if rules is None:
            return None
        book = bare_book(rows.account, rules.parameters)
        book.lots = LotSet(rows.lots)
        book.years = {(year.account_id, year.year): year.points for year in rows.years}
        advance(book, now)
        return summary_of(book)

    def give_welcome(self, tx: Tx, member_id: str, welcome: Welcome) -> None:
        """Gives the welcome points, which await the card."""
        books = self._booking.books(tx)
        account = books.of_member(member_id)
        source = f"{WELCOME_CAUSE}:{member_id}"
        posting = Posting(
            EntryKind.ACCRUAL,
            welcome.points,
            source,
            WELCOME_CAUSE,
            awaits=Awaits.CARD_ACTIVATION,
            ending=Ending(expires_on=welcome.points_expire_on + timedelta(days=1)),
            rules_version=welcome.rules_version,
        )
        account.post_lot(posting, source, tx.now)
        books.save()
        self._booking.name_entries(books)

    def release(self, tx: Tx, member_id: str) -> int:
        """Makes what awaited the card spendable and returns how many points that were."""
        books = self._booking.books(tx)
        account = books.of_member(member_id)
        released = 0
        for lot in account.book.lots.values():
            if lot.available_on is None:
                lot.available_on = books.today
                released += lot.free
        books.save()
        self._booking.name_entries(books)
        return released

    def _settle_all(self, account_ids: Sequence[str]) -> list[str]:
        """Settles accounts and returns those whose lots and entries do not agree: each is left as it was and keeps nobody waiting."""
        try:
            self._database.write(lambda tx: self._settle(tx, account_ids))
        except Refusal as refusal:
            if refusal.reason is not Reason.LEDGER_UNPROVEN:
                raise
            if len(account_ids) == 1:
                return list(account_ids)
            return [broken for account_id in account_ids for broken in self._settle_all([account_id])]
        return []

    def _settle(self, tx: Tx, account_ids: Sequence[str]) -> None:
        books = self._booking.books(tx)
        for account_id in account_ids:
            books.of_account(account_id)
        books.save()
        self._booking.name_entries(books)


def summary_of(book: Book, *, as_if_active: bool = False) -> PointsSummary:
    """Returns what a screen or a card shows of a settled book; see ``Accounts.summary``."""
    day = business_day(book.settled_at)
    totals, live = book.totals(day), book.live()
    awaiting = sum(lot.free for lot in live if lot.available_on is None) if as_if_active else 0
    ends = [(end, lot.free) for lot in live if (end := book.end_of(lot)) is not None]
    first = min((end for end, _ in ends), default=None)
    return PointsSummary(
        available=totals.available + awaiting,
        pending=totals.pending - awaiting,
        expiring=sum(points for end, points in ends if end == first),
        last_day=None if first is None else first - timedelta(days=1),
        climb=_climb(book),
        tier=book.tier(day),
    )


def _view(account: OpenAccount) -> AccountView:
    book = account.book
    day = business_day(book.settled_at)
    lots = tuple(LotView(lot.source, lot.free, lot.available_on, book.end_of(lot), lot.lot_id, lot.points) for lot in book.live())
    return AccountView(account.standing(), balance_of(book), book.expired, book.year_points(day.year), lots, _climb(book))


def _climb(book: Book) -> Climb | None:
    year = business_day(book.settled_at).year
    return climb_from(book.rules, book.year_points(year), book.year_points(year - 1))
