"""Tells members of points that end soon, once for each day on which any of theirs end. Knows no wording and no scheduler."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.config import PointsSettings
from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.language import Language
from server_stub.domain.ledger.calendar import start_of
from server_stub.domain.ledger.settling import endings_until
from server_stub.domain.permissions import Operation, require
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.books import proven_account
from server_stub.services.notifications import Notification, Notifications
from server_stub.storage.database import Tx
from server_stub.storage.ledger import accounts_due_by
from server_stub.storage.members import MemberState

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Ending:
    """Points of one account that end together.

    Attributes:
        gone_on: First day on which they are gone.
    """

    account_id: str
    person_id: str
    gone_on: date
    points: int


class EndingPoints:
    """Finds and tells."""

    def __init__(self, booking: Booking, notifications: Notifications, settings: PointsSettings) -> None:
        self._booking = booking
        self._database = booking.base.database
        self._notifications = notifications
        self._notice = timedelta(days=settings.warning_days)

    def tell_all(self, actor: Actor) -> int:
        """Tells members whose points end within the days of notice; returns how many messages were queued, none when it is done again.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        told, last = 0, ""
        while self._notice and (page := self._database.read(functools.partial(self._page, last)))[0]:
            account_ids, endings = page
            last = account_ids[-1]
            told += self._database.write(functools.partial(self._tell_each, endings)) if endings else 0
        return told

    def _tell_each(self, endings: Sequence[Ending], tx: Tx) -> int:
        return sum(self._tell(tx, ending) for ending in endings)

    def _page(self, after: str, tx: Tx) -> tuple[tuple[str, ...], list[Ending]]:
        last_end = business_day(tx.now) + self._notice
        account_ids = accounts_due_by(tx, start_of(last_end), after, _BATCH)
        books, endings = self._booking.books(tx), list[Ending]()
        for account_id in account_ids:
            account = proven_account(books, account_id)
            # What awaits the card is told of when the card does not come.
            if account is not None and account.row.state is MemberState.ACTIVE and account.row.activated_at is not None:
                ends = endings_until(account.book, last_end)
                endings += [Ending(account_id, account.row.person_id, day, points) for day, points in sorted(ends.items())]
        return account_ids, endings

    def _tell(self, tx: Tx, ending: Ending) -> bool:
        person = self._booking.base.people.find(tx, ending.person_id)
        if person is None or person.erased_at is not None:
            return False
        data = self._booking.base.people.open_row(person)
        message = Notification(
            event_key=f"points_ending:{ending.account_id}:{ending.gone_on.isoformat()}",
            template="points_ending",
            language=Language(person.language),
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"points": str(ending.points), "last_day": (ending.gone_on - timedelta(days=1)).isoformat()},
            useful_for=start_of(ending.gone_on) - tx.now,
        )
        return self._notifications.send_once(tx, message)
