"""Ends approvals whose card nobody fetches: the member is told first, and the membership ends as if it had never been used.

A telephone number is given to somebody else about three months after it was given up: from then on a code to it proves
nothing, and it is all that fetching a card asks for. Knows no scheduler: the composition root calls ``run`` every hour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from server_stub.config import UncollectedSettings
from server_stub.domain.actors import Actor
from server_stub.domain.application_states import ApplicationState, require_transition
from server_stub.domain.clock import business_day
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.jobs.housekeeping import HOUSEKEEPER
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.membership import Memberships
from server_stub.services.notifications import Notification, Notifications
from server_stub.storage.applications import ApplicationRow, change_application
from server_stub.storage.database import Tx
from server_stub.storage.guardians import lapse_link
from server_stub.storage.members import member_by_application
from server_stub.storage.retention import reminder_key, uncollected, unreminded

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Ended:
    """How many members were told, and how many approvals ended."""

    told: int
    expired: int


class UncollectedCards:
    """The job. An approval ends only where its member was told the days of notice before."""

    def __init__(self, base: Foundation, notifications: Notifications, settings: UncollectedSettings | None = None) -> None:
        self._base = base
        self._notifications = notifications
        self._memberships = Memberships(base)
        settings = settings or UncollectedSettings()
        self._notice = timedelta(days=settings.notice_days)
        self._quiet = timedelta(days=settings.after_days) - self._notice

    def run(self, actor: Actor = HOUSEKEEPER) -> Ended:
        """Tells and ends what is due; running it twice changes nothing.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        return Ended(expired=self._all(lambda tx: self._expire(tx, actor)), told=self._all(self._tell))

    def _all(self, work: Callable[[Tx], int]) -> int:
        """Works in batches, each a transaction of its own."""
        total = 0
        while done := self._base.database.write(work):
            total += done
        return total

    def _tell(self, tx: Tx) -> int:
        due = unreminded(tx, tx.now - self._quiet, _BATCH)
        for application in due:
            self._notifications.send(tx, self._message(tx, application))
        return len(due)

    def _message(self, tx: Tx, application: ApplicationRow) -> Notification:
        person = self._base.people.find(tx, application.person_id)
        if person is None:
            raise refuse(Reason.SERVICE_FAULT)
        data = self._base.people.open_row(person)
        # The last whole day: on the one after it the approval ends at an hour that nobody can be told.
        last_day = business_day(tx.now + self._notice) - timedelta(days=1)
        return Notification(
            event_key=reminder_key(application),
            template="card_uncollected",
            language=Language(person.language),
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"application_number": application.number, "last_day": last_day.isoformat()},
        )

    def _expire(self, tx: Tx, actor: Actor) -> int:
        due = uncollected(tx, tx.now - self._notice, _BATCH)
        for application in due:
            require_transition(application.state, ApplicationState.EXPIRED)
            values = {"state": ApplicationState.EXPIRED, "state_since": tx.now, "open_mobile_token": None}
            if not change_application(tx, application, values):
                continue  # fetched, or ended by another process, in this moment
            self._base.audit.record(tx, Deed(actor, "application.expired", "application", application.application_id))
            self._close(tx, actor, application)
        return len(due)

    def _close(self, tx: Tx, actor: Actor, application: ApplicationRow) -> None:
        """Ends the membership, so that the phone is free to join anew, and the card that was begun for it."""
        member = member_by_application(tx, application.application_id)
        if member is None:
            return
        if not self._memberships.close(tx, actor, member, "the approval expired"):
            # Somebody else changed it in this moment: nothing of the batch is kept, and the next hour looks again.
            raise refuse(Reason.STALE_VERSION)
        if link_id := lapse_link(tx, member.member_id):
            self._base.audit.record(tx, Deed(actor, "guardian.link_lapsed", "guardian_link", link_id))
