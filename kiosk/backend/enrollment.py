"""Joining, over the wire: implements kiosk.ports.desks.EnrollmentDesk."""

from __future__ import annotations

import grpc

from kiosk.backend.caller import Caller
from kiosk.backend.convert import AGE_BANDS, APPLICATION_STATES, LANGUAGES, PURPOSES, application, findings, receipt
from kiosk.ports.journal import IntentKind, IntentState, Journal
from kiosk.ports.values import (
    AgeBand,
    ApplicationStatus,
    Challenge,
    CodePurpose,
    Draft,
    Language,
    Notice,
    Purpose,
    RequestId,
    Submitted,
)
from proto.member.v1 import consent_pb2, consent_pb2_grpc, enrollment_pb2, enrollment_pb2_grpc


class EnrollmentGateway:
    """See EnrollmentDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller, journal: Journal) -> None:
        self._enrollment = enrollment_pb2_grpc.EnrollmentServiceStub(channel)
        self._consent = consent_pb2_grpc.ConsentServiceStub(channel)
        self._caller = caller
        self._journal = journal

    async def notice(self, language: Language, age_band: AgeBand) -> Notice:
        """Return the notice in force."""
        request = consent_pb2.GetNoticeRequest(language=LANGUAGES[language], age_band=AGE_BANDS[age_band])
        answer = await self._caller.ask(self._consent.GetNotice, request)
        return Notice(
            answer.version,
            language,
            answer.text_sha256,
            tuple((line.heading, line.text) for line in answer.summary),
            answer.full_text,
            tuple(Purpose(row.purpose, row.title, row.note, row.mandatory, row.allowed) for row in answer.purposes),
        )

    async def send_code(
        self, request_id: RequestId, mobile: str, purpose: CodePurpose, language: Language, visit_token: str = ""
    ) -> Challenge:
        """Have a one-time code sent."""
        request = enrollment_pb2.SendOwnershipCodeRequest(
            mobile=mobile, purpose=PURPOSES[purpose], language=LANGUAGES[language], visit_token=visit_token
        )
        answer = await self._caller.mutate(self._enrollment.SendOwnershipCode, request, request_id, IntentKind.SEND_CODE)
        return Challenge(answer.challenge_id, answer.mobile_masked, answer.expires_in_s, answer.resend_after_s)

    async def verify_code(self, challenge_id: str, code: str) -> str:
        """Return the proof of the phone number."""
        request = enrollment_pb2.VerifyOwnershipCodeRequest(challenge_id=challenge_id, code=code)
        answer = await self._caller.ask(self._enrollment.VerifyOwnershipCode, request)
        return str(answer.phone_proof)

    async def submit(self, request_id: RequestId, draft: Draft, language: Language) -> Submitted:
        """Send the application."""
        request = enrollment_pb2.SubmitApplicationRequest(
            application=application(draft, language),
            replaces_application=draft.replaces_application,
            referral_code=draft.referral_code,
        )
        answer = await self._caller.mutate(self._enrollment.SubmitApplication, request, request_id, IntentKind.SUBMIT)
        return Submitted(
            answer.application_number,
            APPLICATION_STATES[answer.state],
            findings(answer.findings),
            answer.issue_grant,
            receipt(answer.receipt),
        )

    async def status(self, application_number: str, phone_proof: str) -> ApplicationStatus:
        """Tell where an application stands."""
        request = enrollment_pb2.GetApplicationStatusRequest(application_number=application_number, phone_proof=phone_proof)
        answer = await self._caller.ask(self._enrollment.GetApplicationStatus, request)
        return ApplicationStatus(
            answer.application_number,
            APPLICATION_STATES[answer.state],
            findings(answer.findings),
            answer.issue_grant,
            answer.name_masked,
        )

    async def withdraw(self, request_id: RequestId, application_number: str, phone_proof: str) -> None:
        """Withdraw an application."""
        request = enrollment_pb2.WithdrawApplicationRequest(application_number=application_number, phone_proof=phone_proof)
        await self._caller.mutate(self._enrollment.WithdrawApplication, request, request_id, IntentKind.WITHDRAW)

    async def cancel_request(self, request_id: RequestId) -> bool:
        """Close the fate of a request whose answer was lost, here and at the centre."""
        request = enrollment_pb2.CancelRequestRequest(request_id=request_id)
        answer = await self._caller.ask(self._enrollment.CancelRequest, request)
        self._journal.settle(request_id, IntentState.APPLIED if answer.was_applied else IntentState.CANCELLED)
        return bool(answer.was_applied)
