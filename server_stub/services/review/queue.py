"""The review queue: who looks at what, and until when. Knows no decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server_stub.domain.actors import Actor, StaffActor
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.decision_reasons import Verdict
from server_stub.domain.mobile import mask_mobile
from server_stub.domain.numbering import normalise_application_number
from server_stub.domain.permissions import Operation, require
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.storage.applications import ApplicationRow, application_by_id, application_by_number
from server_stub.storage.database import Tx
from server_stub.storage.guardians import guardian_token
from server_stub.storage.reviews import TaskRow, TaskState, change_task, decisions_of, open_tasks, task_of

LEASE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """A line of the queue; personal data masked.

    Attributes:
        reasons: Names of the reasons why a person looks.
        approved_by: Who has approved already.
        version: To be stated with the decision.
    """

    application_number: str
    state: ApplicationState
    name_masked: str
    mobile_masked: str
    store_id: str
    reasons: tuple[str, ...]
    needed_approvals: int
    approved_by: tuple[str, ...]
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    claimed_by: str
    lease_until: datetime | None
    version: int


class ReviewQueue:
    """The queue, oldest first."""

    def __init__(self, base: Foundation) -> None:
        self._base = base

    def list(self, actor: Actor, limit: int = 50) -> tuple[TaskSummary, ...]:
        """Returns open tasks, oldest first.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.LIST_REVIEWS)
        return self._base.database.read(lambda tx: tuple(self.summary(tx, task) for task in open_tasks(tx, limit)))

    def claim(self, actor: Actor, application_number: str) -> TaskSummary:
        """Takes a task for half an hour, or renews one's own lease.

        Raises:
            Refusal: APPLICATION_UNKNOWN, APPLICATION_STATE (nothing to review), TASK_CLAIMED, OWN_APPLICATION; SECOND_PERSON, who
                approved already would only keep the second person out.
        """
        staff = require_staff(actor, Operation.DECIDE_REVIEW)

        def transaction(tx: Tx) -> TaskSummary:
            application, task = self.find(tx, application_number)
            self.require_not_own(tx, staff, application)
            if staff.label in approvers(tx, application):
                raise refuse(Reason.SECOND_PERSON)
            if task.claimed_by not in {None, staff.name} and task.lease_until is not None and tx.now < task.lease_until:
                raise refuse(Reason.TASK_CLAIMED)
            self._change(tx, task, {"claimed_by": staff.name, "lease_until": tx.now + LEASE})
            self._base.audit.record(tx, Deed(staff, "review.claimed", detail={"application": application.number}))
            return self.summary(tx, self.find(tx, application_number)[1])

        return self._base.database.write(transaction)

    def release(self, actor: Actor, application_number: str) -> None:
        """Gives a task back.

        Raises:
            Refusal: APPLICATION_UNKNOWN, APPLICATION_STATE, TASK_NOT_CLAIMED.
        """
        staff = require_staff(actor, Operation.DECIDE_REVIEW)

        def transaction(tx: Tx) -> None:
            application, task = self.find(tx, application_number)
            if task.claimed_by != staff.name:
                raise refuse(Reason.TASK_NOT_CLAIMED)
            self._change(tx, task, {"claimed_by": None, "lease_until": None})
            self._base.audit.record(tx, Deed(staff, "review.released", detail={"application": application.number}))

        self._base.database.write(transaction)

    def state(self, actor: Actor, application_number: str) -> TaskSummary:
        """Returns the line of one open task as it is now.

        Raises:
            Refusal: NOT_PERMITTED, APPLICATION_UNKNOWN, APPLICATION_STATE.
        """
        require(actor, Operation.LIST_REVIEWS)
        return self._base.database.read(lambda tx: self.summary(tx, self.find(tx, application_number)[1]))

    def find(self, tx: Tx, application_number: str) -> tuple[ApplicationRow, TaskRow]:
        """Returns an application and its open task.

        Raises:
            Refusal: APPLICATION_UNKNOWN; APPLICATION_STATE where there is no open task.
        """
        application = application_by_number(tx, normalise_application_number(application_number))
        if application is None:
            raise refuse(Reason.APPLICATION_UNKNOWN)
        task = task_of(tx, application.application_id)
        if task is None or task.state is not TaskState.OPEN:
            raise refuse(Reason.APPLICATION_STATE)
        return application, task

    def require_not_own(self, tx: Tx, staff: StaffActor, application: ApplicationRow) -> None:
        """Lets reviewers through who are neither the applicant nor the guardian of a child that applies.

        Raises:
            Refusal: OWN_APPLICATION.
        """
        person = self._base.people.find(tx, application.person_id)
        senders = (person.mobile_token if person else None, guardian_token(tx, application.application_id))
        if staff.own_mobile_token and staff.own_mobile_token in senders:
            raise refuse(Reason.OWN_APPLICATION)

    def _change(self, tx: Tx, task: TaskRow, values: dict[str, object]) -> None:
        if not change_task(tx, task, values):
            raise refuse(Reason.STALE_VERSION)

    def summary(self, tx: Tx, task: TaskRow) -> TaskSummary:
        """Returns the line of a task."""
        application = application_by_id(tx, task.application_id)
        if application is None:
            raise refuse(Reason.SERVICE_FAULT)
        data = self._base.people.open(tx, application.person_id)
        is_held = task.lease_until is not None and tx.now < task.lease_until
        return TaskSummary(
            application_number=application.number,
            state=application.state,
            name_masked=mask_name(data.name),
            mobile_masked=mask_mobile(data.mobile) if data.mobile else "",
            store_id=application.store_id,
            reasons=tuple(finding.reason.value for finding in application.findings),
            needed_approvals=task.needed_approvals,
            approved_by=approvers(tx, application),
            opened_at=task.opened_at,
            due_at=task.due_at,
            is_overdue=tx.now > task.due_at,
            claimed_by=(task.claimed_by or "") if is_held else "",
            lease_until=task.lease_until if is_held else None,
            version=task.version,
        )


def approvers(tx: Tx, application: ApplicationRow) -> tuple[str, ...]:
    """Returns the different people who have approved, in order."""
    found = (d.author for d in decisions_of(tx, application.application_id) if d.verdict is Verdict.APPROVE)
    return tuple(dict.fromkeys(found))


def require_staff(actor: Actor, operation: Operation) -> StaffActor:
    """Returns the actor as the person that it must be.

    Raises:
        Refusal: NOT_PERMITTED.
    """
    require(actor, operation)
    if not isinstance(actor, StaffActor):
        raise refuse(Reason.NOT_PERMITTED)
    return actor
