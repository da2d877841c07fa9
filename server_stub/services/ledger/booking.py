"""Carries out one command of the ledger: once for its request, with its answer and what the member has after it. Knows no command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server_stub.domain.actors import SystemActor
from server_stub.domain.entry_kinds import EntryKind
from server_stub.domain.ledger_commands import Booked, PostedEntry, Standing
from server_stub.domain.permissions import require
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.books import Books, broken
from server_stub.services.ledger.open_account import OpenAccount
from server_stub.services.ledger.programme import Programme
from server_stub.services.requests import Answer, Call
from server_stub.storage.database import RowsContradict, Tx

_LEDGER = SystemActor("ledger")


@dataclass(frozen=True, slots=True)
class Written:
    """What a command did, before it is committed.

    Attributes:
        member_id: The command's member; None where there is none.
        extras: What else the first answer has to say again: JSON, no personal data.
    """

    member_id: str | None
    entries: tuple[PostedEntry, ...]
    after: Standing | None
    extras: Answer


@dataclass(frozen=True, slots=True)
class Answered:
    """A command's result."""

    booked: Booked
    extras: Answer


class Booking:
    """Runs commands."""

    def __init__(self, base: Foundation, programme: Programme) -> None:
        self.base = base
        self.programme = programme

    def books(self, tx: Tx) -> Books:
        """Returns the books of a transaction, none open."""
        return Books(tx, self.programme, self.base.ids)

    def once(self, call: Call, work: Callable[[Books], Written]) -> Answered:
        """Returns the result; of a request that was accepted before the first one, with the standing of now.

        Raises:
            Refusal: NOT_PERMITTED, REQUEST_MALFORMED, REQUEST_ID_REUSED, REQUEST_CANCELLED, the work's own, or LEDGER_UNPROVEN.
        """
        require(call.actor, call.operation)
        written: list[Written] = []

        def transaction(tx: Tx) -> Answer:
            books = self.books(tx)
            self.programme.bring_rewards(tx, books.rules)
            done = work(books)
            self.name_entries(books)
            written[:] = [done]
            return {
                "member": done.member_id,
                "entries": [[e.kind.value, e.member_id, e.points] for e in done.entries],
                "extras": done.extras,
            }

        try:
            carried_out = self.base.requests.carry_out(call, transaction)
        except RowsContradict as error:
            raise broken(f"{call.operation} met rows that cannot be: {type(error.orig).__name__}") from error
        answer = carried_out.answer
        entries = tuple(PostedEntry(EntryKind(kind), member_id, points) for kind, member_id, points in answer["entries"])
        after = self.standing_now(answer["member"]) if carried_out.is_replay else written[0].after
        return Answered(Booked(entries, after, carried_out.is_replay), answer["extras"])

    def shown(self, written: Written) -> Booked:
        """Returns a result that is only shown."""
        return Booked(written.entries, written.after)

    def standing_now(self, member_id: str | None) -> Standing | None:
        """Returns how a member, or after a merge the survivor, stands now."""
        if member_id is None:
            return None
        return self.base.database.read(lambda tx: self.books(tx).survivor_of(member_id).standing())

    def record(self, books: Books, call: Call, action: str, subject: tuple[str, str], detail: Mapping[str, str] | None = None) -> None:
        """Writes the deed, which names the entries that were saved; subject: table and key, the table empty where the row may change."""
        what = (action, *subject, call.envelope.request_id, detail or {})
        self.base.audit.record(books.tx, Deed(call.actor, *what, entries=books.take_unnamed(), redemptions=books.take_touched()))

    def name_entries(self, books: Books) -> None:
        """Names in the trail what was saved and no deed has named: what time did, and what is given without a command."""
        entries, redemptions = books.take_unnamed(), books.take_touched()
        if entries or redemptions:
            self.base.audit.record(books.tx, Deed(_LEDGER, "points.posted", entries=entries, redemptions=redemptions))


def posted(accounts: Iterable[OpenAccount]) -> tuple[PostedEntry, ...]:
    """Returns the entries that a command posted, in order, expiries left out."""
    entries = [(account.row.member_id, entry) for account in accounts for entry in account.entries]
    return tuple(PostedEntry(e.kind, member_id, e.points) for member_id, e in entries if e.kind is not EntryKind.EXPIRY)
