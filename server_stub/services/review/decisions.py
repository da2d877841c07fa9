"""Decisions of reviewers and what follows from them, in one transaction. Knows no queue order and no screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server_stub.domain.actors import Actor, StaffActor
from server_stub.domain.application_states import ApplicationState, require_transition
from server_stub.domain.birthday import AgeBand
from server_stub.domain.decision_reasons import REASONS_OF, DecisionReason, Verdict, settles, unsettled
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.mendable import CHILD_FIELDS, is_mendable
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.admission import Admission
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.requests import Answer, Call
from server_stub.services.review.queue import ReviewQueue, approvers, require_staff
from server_stub.services.review.second_look import SecondLook
from server_stub.storage.applications import ApplicationRow, application_by_id, change_application
from server_stub.storage.database import Tx
from server_stub.storage.reviews import DecisionRow, TaskRow, TaskState, add_decision, change_task, decisions_of

_STATE = {
    Verdict.APPROVE: ApplicationState.CARD_PENDING,
    Verdict.REJECT: ApplicationState.REJECTED,
    Verdict.RETURN: ApplicationState.RETURNED,
    Verdict.HOLD: ApplicationState.HELD,
}
_TEMPLATE = {
    ApplicationState.CARD_PENDING: "application_approved",
    ApplicationState.REJECTED: "application_rejected",
    ApplicationState.RETURNED: "application_returned",
}


@dataclass(frozen=True, slots=True)
class DecisionOrder:
    """What a reviewer decides.

    Attributes:
        version: The task's version that the reviewer saw.
        findings: What to mend; needed for RETURN and for nothing else.
    """

    application_number: str
    verdict: Verdict
    reason: DecisionReason | None
    version: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of the application; missing_approvals is above 0 where another person must approve too."""

    application_number: str
    state: ApplicationState
    missing_approvals: int


class ReviewDecisions:
    """Takes decisions."""

    def __init__(
        self, base: Foundation, queue: ReviewQueue, second_look: SecondLook, admission: Admission, notifications: Notifications
    ) -> None:
        self._base = base
        self._queue = queue
        self._second_look = second_look
        self._admission = admission
        self._notifications = notifications

    def decide(self, actor: Actor, envelope: Envelope, order: DecisionOrder) -> Decided:
        """Records a decision and carries it out once enough people agree.

        Raises:
            Refusal: NOT_PERMITTED, DECISION_REASON, APPLICATION_UNKNOWN, APPLICATION_STATE, TASK_NOT_CLAIMED, OWN_APPLICATION,
                STALE_VERSION (also where there is something to know that nobody has looked at), MEMBER_EXISTS, and those of
                RequestLog.once.
        """
        staff = require_staff(actor, Operation.DECIDE_REVIEW)
        _require_reason(order)
        call = Call(staff, envelope, Operation.DECIDE_REVIEW, order)
        answer = self._base.requests.once(call, lambda tx: self._decide(tx, staff, envelope, order))
        return Decided(order.application_number, ApplicationState(answer["state"]), answer["missing_approvals"])

    def _decide(self, tx: Tx, staff: StaffActor, envelope: Envelope, order: DecisionOrder) -> Answer:
        application, task = self._queue.find(tx, order.application_number)
        self._require_right(tx, staff, application, task)
        if task.version != order.version:
            raise refuse(Reason.STALE_VERSION)
        require_transition(application.state, _STATE[order.verdict])
        if order.verdict is Verdict.APPROVE:
            self._second_look.require_nothing_new(tx, application, task)
        _require_settling(order, application)
        self._require_asked(tx, application, order)
        self._record(tx, staff, envelope, application, order)
        missing = task.needed_approvals - len(approvers(tx, application)) if order.verdict is Verdict.APPROVE else 0
        if order.verdict is Verdict.APPROVE and missing <= 0:
            _require_all_settled(tx, application)
        state = application.state if missing > 0 else _STATE[order.verdict]
        is_over = missing <= 0 and order.verdict is not Verdict.HOLD
        values: dict[str, Any] = {"claimed_by": None, "lease_until": None, "state": TaskState.CLOSED if is_over else TaskState.OPEN}
        if not change_task(tx, task, values):
            raise refuse(Reason.STALE_VERSION)
        if missing <= 0:
            self._carry_out(tx, staff, envelope, application, order)
        return {"state": state, "missing_approvals": max(missing, 0)}

    def _require_right(self, tx: Tx, staff: StaffActor, application: ApplicationRow, task: TaskRow) -> None:
        self._queue.require_not_own(tx, staff, application)
        if task.claimed_by != staff.name or task.lease_until is None or tx.now >= task.lease_until:
            raise refuse(Reason.TASK_NOT_CLAIMED)

    def _require_asked(self, tx: Tx, application: ApplicationRow, order: DecisionOrder) -> None:
        """Lets an order through that sends back nothing which was never asked of the applicant: the form would have no place for it."""
        person = self._base.people.find(tx, application.person_id)
        is_child = person is not None and person.age_band == AgeBand.UNDER_14
        if is_child and (never := [finding for finding in order.findings if finding.field not in CHILD_FIELDS]):
            raise refuse(Reason.DECISION_REASON, *never)

    def _record(self, tx: Tx, staff: StaffActor, envelope: Envelope, application: ApplicationRow, order: DecisionOrder) -> None:
        row = DecisionRow(
            decision_id=self._base.ids.new("dec"),
            application_id=application.application_id,
            verdict=order.verdict,
            reason_code=order.reason or "",
            findings=order.findings,
            author=staff.label,
            application_version=application.version,
            rules_version=application.rules_version,
            at=tx.now,
        )
        add_decision(tx, row)
        self._base.audit.record(tx, Deed(staff, "decision.made", "decision", row.decision_id, envelope.request_id))

    def _carry_out(self, tx: Tx, staff: StaffActor, envelope: Envelope, application: ApplicationRow, order: DecisionOrder) -> None:
        state = _STATE[order.verdict]
        values: dict[str, Any] = {"state": state, "state_since": tx.now}
        if state is not ApplicationState.HELD:
            values["open_mobile_token"] = None
        if state is ApplicationState.RETURNED:
            values["findings"] = order.findings
        if not change_application(tx, application, values):
            raise refuse(Reason.STALE_VERSION)
        deed = Deed(staff, f"application.{state.lower()}", "application", application.application_id, envelope.request_id)
        self._base.audit.record(tx, deed)
        if state is ApplicationState.CARD_PENDING:
            self._admission.admit(tx, staff, application, envelope.request_id)
        self._tell(tx, application.application_id, state)

    def _tell(self, tx: Tx, application_id: str, state: ApplicationState) -> None:
        application = application_by_id(tx, application_id)
        person = self._base.people.find(tx, application.person_id) if application else None
        if application is None or person is None or state not in _TEMPLATE:
            return
        data = self._base.people.open_row(person)
        message = Notification(
            event_key=f"{_TEMPLATE[state]}:{application_id}:{application.version}",
            template=_TEMPLATE[state],
            language=Language(person.language),
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"application_number": application.number},
        )
        self._notifications.send(tx, message)


def _require_settling(order: DecisionOrder, application: ApplicationRow) -> None:
    why = [finding.reason for finding in application.findings]
    if order.verdict is Verdict.APPROVE and order.reason is not None and not settles(order.reason, why):
        raise refuse(Reason.DECISION_REASON)


def _require_all_settled(tx: Tx, application: ApplicationRow) -> None:
    """Lets the last approval through where all of them together answer every reason why a person looked."""
    given = [DecisionReason(d.reason_code) for d in decisions_of(tx, application.application_id) if d.verdict is Verdict.APPROVE]
    if unsettled(given, [finding.reason for finding in application.findings]):
        raise refuse(Reason.DECISION_REASON)


def _require_reason(order: DecisionOrder) -> None:
    """Lets an order through whose reason belongs to its verdict, with findings exactly where they are needed, each about a field."""
    if order.reason is None or order.reason not in REASONS_OF[order.verdict]:
        raise refuse(Reason.DECISION_REASON)
    if bool(order.findings) != (order.verdict is Verdict.RETURN):
        raise refuse(Reason.DECISION_REASON)
    if senseless := [finding for finding in order.findings if not is_mendable(finding)]:
        raise refuse(Reason.DECISION_REASON, *senseless)
