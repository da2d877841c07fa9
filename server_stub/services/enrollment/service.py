"""The enrolment service as transports call it: one method for each call of the contract. Knows no transport."""

from __future__ import annotations

from server_stub.domain.actors import Actor
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.envelope import Envelope
from server_stub.domain.permissions import Operation, require_device
from server_stub.services.enrollment.codes import CodeOrder, CodeSent, OwnershipCodes
from server_stub.services.enrollment.status import ApplicationStatus, StatusDesk, StatusQuestion
from server_stub.services.enrollment.submission import Submission, SubmitCommand, Submitted
from server_stub.services.requests import RequestLog


class EnrollmentService:
    """Joining, from the phone code to the answer. Every method raises ``Refusal`` as its part says."""

    def __init__(self, codes: OwnershipCodes, submission: Submission, status: StatusDesk, requests: RequestLog) -> None:
        self._codes = codes
        self._submission = submission
        self._status = status
        self._requests = requests

    def send_code(self, actor: Actor, envelope: Envelope, order: CodeOrder) -> CodeSent:
        """Sends a one-time code; see ``OwnershipCodes.send``."""
        return self._codes.send(actor, envelope, order)

    def verify_code(self, actor: Actor, challenge_id: str, code: str) -> str:
        """Returns the phone proof; see ``OwnershipCodes.verify``."""
        return self._codes.verify(actor, challenge_id, code)

    def submit(self, actor: Actor, envelope: Envelope, command: SubmitCommand) -> Submitted:
        """Takes an application; see ``Submission.submit``."""
        return self._submission.submit(actor, envelope, command)

    def status(self, actor: Actor, question: StatusQuestion) -> ApplicationStatus:
        """Returns where an application stands; see ``StatusDesk.status``."""
        return self._status.status(actor, question)

    def withdraw(self, actor: Actor, envelope: Envelope, question: StatusQuestion) -> ApplicationState:
        """Withdraws an application; see ``StatusDesk.withdraw``."""
        return self._status.withdraw(actor, envelope, question)

    def cancel_request(self, actor: Actor, request_id: str) -> bool:
        """Returns whether the request had been applied; if not, it never will be. See ``RequestLog.cancel``."""
        device = require_device(actor, Operation.CANCEL_REQUEST)
        return self._requests.cancel(device, request_id)
