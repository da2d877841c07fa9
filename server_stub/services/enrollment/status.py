"""Where an application stands, and its withdrawal, for who proves its phone number. Knows no review."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.application_states import ApplicationState, require_transition
from server_stub.domain.envelope import Envelope
from server_stub.domain.numbering import is_application_number, normalise_application_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.enrollment.codes import OwnershipCodes
from server_stub.services.enrollment.submission import told
from server_stub.services.foundation import Foundation
from server_stub.services.grants import IssueGrants
from server_stub.services.requests import Answer, Call
from server_stub.storage.applications import (
    ApplicationRow,
    application_by_number,
    change_application,
    newest_application_of,
    newest_application_of_children,
)
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Tx
from server_stub.storage.guardians import guardian_token
from server_stub.storage.members import member_by_mobile
from server_stub.storage.reviews import TaskState, change_task, task_of

# Who has just joined at this device need not prove the same number again to ask or to withdraw.
_ASKING = frozenset({CodePurpose.STATUS, CodePurpose.JOIN})


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """An application's number, empty where the phone alone is to find it, and the proof of the phone."""

    application_number: str
    phone_proof: str


@dataclass(frozen=True, slots=True)
class ApplicationStatus:
    """Where an application stands; findings only where RETURNED, the grant only where CARD_PENDING."""

    application_number: str
    state: ApplicationState
    findings: tuple[Finding, ...]
    issue_grant: str
    name_masked: str


class StatusDesk:
    """Answers applicants."""

    def __init__(self, base: Foundation, codes: OwnershipCodes, grants: IssueGrants) -> None:
        self._base = base
        self._codes = codes
        self._grants = grants

    def status(self, actor: Actor, question: StatusQuestion) -> ApplicationStatus:
        """Returns where the application stands.

        Raises:
            Refusal: PHONE_PROOF; APPLICATION_UNKNOWN: no such application or another phone's, not said which.
        """
        device = require_device(actor, Operation.READ_APPLICATION_STATUS)

        def transaction(tx: Tx) -> ApplicationStatus:
            application = self._find(tx, device, question)
            pending = application.state is ApplicationState.CARD_PENDING
            grant_id = self._grants.give(tx, application.application_id, device) if pending else ""
            return ApplicationStatus(
                application_number=application.number,
                state=application.state,
                findings=told(application.findings) if application.state is ApplicationState.RETURNED else (),
                issue_grant=self._grants.text(grant_id),
                name_masked=mask_name(self._base.people.open(tx, application.person_id).name),
            )

        return self._base.database.write(transaction)

    def withdraw(self, actor: Actor, envelope: Envelope, question: StatusQuestion) -> ApplicationState:
        """Withdraws an application that is not approved yet and returns its state.

        Raises:
            Refusal: as ``status``; APPLICATION_STATE.
        """
        device = require_device(actor, Operation.WITHDRAW_APPLICATION)
        call = Call(device, envelope, Operation.WITHDRAW_APPLICATION, question)
        answer = self._base.requests.once(call, lambda tx: self._withdraw(tx, device, envelope, question))
        return ApplicationState(answer["state"])

    def _withdraw(self, tx: Tx, device: DeviceActor, envelope: Envelope, question: StatusQuestion) -> Answer:
        application = self._find(tx, device, question)
        require_transition(application.state, ApplicationState.WITHDRAWN)
        values = {"state": ApplicationState.WITHDRAWN, "state_since": tx.now, "open_mobile_token": None}
        if not change_application(tx, application, values):
            raise refuse(Reason.STALE_VERSION)
        task = task_of(tx, application.application_id)
        if task is not None and task.state is TaskState.OPEN:
            change_task(tx, task, {"state": TaskState.CLOSED, "claimed_by": None, "lease_until": None})
        deed = Deed(device, "application.withdrawn", "application", application.application_id, envelope.request_id)
        self._base.audit.record(tx, deed)
        return {"state": ApplicationState.WITHDRAWN}

    def _find(self, tx: Tx, device: DeviceActor, question: StatusQuestion) -> ApplicationRow:
        token = self._codes.require_proof(tx, question.phone_proof, device, _ASKING)
        if not question.application_number:
            found = _newest(tx, token)
        else:
            number = normalise_application_number(question.application_number)
            found = application_by_number(tx, number) if is_application_number(number) else None
            person = self._base.people.find(tx, found.person_id) if found else None
            senders = (person.mobile_token, guardian_token(tx, found.application_id)) if found and person else ()
            found = found if token in senders else None
        if found is None:
            raise refuse(Reason.APPLICATION_UNKNOWN)
        return found


def _newest(tx: Tx, token: bytes) -> ApplicationRow | None:
    """Returns the newest application that this phone sent, for its owner or for a child."""
    guardian = member_by_mobile(tx, token)
    of_children = newest_application_of_children(tx, guardian.member_id) if guardian else None
    sent = [one for one in (newest_application_of(tx, token), of_children) if one]
    return max(sent, key=lambda one: (one.submitted_at, one.application_id), default=None)
