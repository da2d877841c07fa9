"""Ends by the calendar what china.md 4.3 lets nobody keep longer, and settles accounts at which something is due.

Each batch is a transaction of its own, so that a cut leaves whole batches and a member's request never waits long. Running it
twice changes nothing. Knows no scheduler: the composition root calls ``run`` every hour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from server_stub.domain.actors import Actor, SystemActor
from server_stub.domain.application_states import FAILED_STATES, ApplicationState
from server_stub.domain.permissions import Operation, require
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.accounts import Accounts
from server_stub.storage.applications import ApplicationRow, applications_in, change_application
from server_stub.storage.database import Tx
from server_stub.storage.retention import (
    delete_blocks,
    delete_code_traces,
    delete_codes,
    delete_grants,
    delete_resumed,
    delete_visits,
    destroy_feedback,
    erasable_people,
)
from server_stub.storage.reviews import TaskState, change_task, task_of

HOUSEKEEPER = SystemActor("housekeeping")
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things are kept."""

    codes: timedelta = timedelta(hours=24)
    grants: timedelta = timedelta(days=1)
    visits: timedelta = timedelta(days=30)
    member_codes: timedelta = timedelta(hours=24)
    feedback: timedelta = timedelta(days=3 * 365)
    failed_applications: timedelta = timedelta(days=30)
    waiting_applications: timedelta = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was ended."""

    codes: int
    grants: int
    visits: int
    member_codes: int
    blocks: int
    feedback: int
    applications_expired: int
    people_erased: int
    accounts_settled: int

    @property
    def total(self) -> int:
        """Returns the sum; 0 where there was nothing to do."""
        return sum(getattr(self, f.name) for f in fields(self))


class Housekeeping:
    """The job."""

    def __init__(self, base: Foundation, accounts: Accounts, periods: Periods | None = None) -> None:
        self._base = base
        self._accounts = accounts
        self._periods = periods or Periods()

    def run(self, actor: Actor = HOUSEKEEPER) -> Swept:
        """Ends what is due and returns how much that was.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.RUN_JOBS)
        periods, write = self._periods, self._base.database.write
        return Swept(
            codes=write(lambda tx: delete_codes(tx, tx.now - periods.codes)),
            grants=write(lambda tx: delete_grants(tx, tx.now - periods.grants)),
            visits=write(lambda tx: delete_visits(tx, tx.now - periods.visits)),
            member_codes=write(lambda tx: _code_traces(tx, tx.now - periods.member_codes)),
            blocks=write(lambda tx: self._told(tx, actor, ("blocklist.removed", "blocklist_entry"), delete_blocks(tx))),
            feedback=write(lambda tx: self._destroy_feedback(tx, actor)),
            applications_expired=self._in_batches(lambda tx: self._expire(tx, actor)),
            people_erased=self._in_batches(lambda tx: self._erase(tx, actor)),
            accounts_settled=self._accounts.settle_due(actor),
        )

    def _destroy_feedback(self, tx: Tx, actor: Actor) -> int:
        return self._told(tx, actor, ("feedback.destroyed", "feedback_case"), destroy_feedback(tx, tx.now - self._periods.feedback))

    def _told(self, tx: Tx, actor: Actor, what: tuple[str, str], keys: tuple[str, ...]) -> int:
        """Writes what became of rows that the trail covers, and returns how many."""
        for key in keys:
            self._base.audit.record(tx, Deed(actor, *what, key))
        return len(keys)

    def _in_batches(self, work: Callable[[Tx], int]) -> int:
        total = 0
        while done := self._base.database.write(work):
            total += done
        return total

    def _expire(self, tx: Tx, actor: Actor) -> int:
        """Ends applications that waited for a person or an applicant too long; the phone is free for a new one."""
        states = (ApplicationState.IN_REVIEW, ApplicationState.HELD)
        due = applications_in(tx, states, tx.now - self._periods.waiting_applications, _BATCH)
        for application in due:
            values = {"state": ApplicationState.EXPIRED, "state_since": tx.now, "open_mobile_token": None}
            change_application(tx, application, values)
            self._close_task(tx, application)
            self._base.audit.record(tx, Deed(actor, "application.expired", "application", application.application_id))
        return len(due)

    def _erase(self, tx: Tx, actor: Actor) -> int:
        due = erasable_people(tx, FAILED_STATES, tx.now - self._periods.failed_applications, _BATCH)
        for person_id, application_id in due:
            self._base.people.erase(tx, person_id)
            self._base.audit.record(tx, Deed(actor, "person.erased", "application", application_id))
        return len(due)

    def _close_task(self, tx: Tx, application: ApplicationRow) -> None:
        task = task_of(tx, application.application_id)
        if task is not None and task.state is TaskState.OPEN:
            change_task(tx, task, {"state": TaskState.CLOSED, "claimed_by": None, "lease_until": None})


def _code_traces(tx: Tx, before: datetime) -> int:
    return delete_code_traces(tx, before) + delete_resumed(tx, before)
