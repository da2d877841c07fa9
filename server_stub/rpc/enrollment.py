"""EnrollmentService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import enrollment_pb2 as pb
from proto.member.v1 import enrollment_pb2_grpc
from server_stub.domain.address import PostalAddress
from server_stub.domain.application_form import ApplicationForm, Channel, ConsentChoice
from server_stub.domain.birthday import AgeBand, ProofLevel
from server_stub.rpc import translate
from server_stub.services.enrollment.codes import CodeOrder
from server_stub.services.enrollment.status import StatusQuestion
from server_stub.services.enrollment.submission import SubmitCommand
from server_stub.storage.codes import CodePurpose

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.enrollment.service import EnrollmentService


class EnrollmentServicer(enrollment_pb2_grpc.EnrollmentServiceServicer):
    """Joining.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, service: EnrollmentService) -> None:
        self._ground = ground
        self._service = service

    async def SendOwnershipCode(self, request: pb.SendOwnershipCodeRequest, _context: object) -> pb.SendOwnershipCodeResponse:
        """Sends a one-time code."""
        order = CodeOrder(
            mobile=request.mobile,
            purpose=translate.chosen(pb.CodePurpose, "CODE_PURPOSE_", request.purpose, CodePurpose),
            language=translate.language(request.language),
            visit_token=request.visit_token,
        )
        device, envelope = self._ground.caller.device, translate.envelope(request)
        sent = await self._ground.blocking.run(self._service.send_code, device, envelope, order)
        return pb.SendOwnershipCodeResponse(
            challenge_id=sent.challenge_id,
            expires_in_s=sent.expires_in_s,
            resend_after_s=sent.resend_after_s,
            mobile_masked=sent.mobile_masked,
        )

    async def VerifyOwnershipCode(self, request: pb.VerifyOwnershipCodeRequest, _context: object) -> pb.VerifyOwnershipCodeResponse:
        """Verifies a code."""
        device = self._ground.caller.device
        proof = await self._ground.blocking.run(self._service.verify_code, device, request.challenge_id, request.code)
        return pb.VerifyOwnershipCodeResponse(phone_proof=proof)

    async def SubmitApplication(self, request: pb.SubmitApplicationRequest, _context: object) -> pb.SubmitApplicationResponse:
        """Takes an application."""
        command = SubmitCommand(_form(request.application), request.replaces_application, request.referral_code)
        device, envelope = self._ground.caller.device, translate.envelope(request)
        submitted = await self._ground.blocking.run(self._service.submit, device, envelope, command)
        return pb.SubmitApplicationResponse(
            application_number=submitted.application_number,
            state=translate.application_state(submitted.state),
            findings=translate.findings(submitted.findings),
            issue_grant=submitted.issue_grant,
            receipt=translate.receipt(submitted.receipt),
            membership_number=submitted.membership_number,
        )

    async def GetApplicationStatus(self, request: pb.GetApplicationStatusRequest, _context: object) -> pb.GetApplicationStatusResponse:
        """Tells where an application stands."""
        question = StatusQuestion(request.application_number, request.phone_proof)
        status = await self._ground.blocking.run(self._service.status, self._ground.caller.device, question)
        return pb.GetApplicationStatusResponse(
            application_number=status.application_number,
            state=translate.application_state(status.state),
            findings=translate.findings(status.findings),
            issue_grant=status.issue_grant,
            name_masked=status.name_masked,
        )

    async def WithdrawApplication(self, request: pb.WithdrawApplicationRequest, _context: object) -> pb.WithdrawApplicationResponse:
        """Withdraws an application."""
        question = StatusQuestion(request.application_number, request.phone_proof)
        device, envelope = self._ground.caller.device, translate.envelope(request)
        state = await self._ground.blocking.run(self._service.withdraw, device, envelope, question)
        return pb.WithdrawApplicationResponse(state=translate.application_state(state))

    async def CancelRequest(self, request: pb.CancelRequestRequest, _context: object) -> pb.CancelRequestResponse:
        """Closes the fate of a request."""
        device = self._ground.caller.device
        was_applied = await self._ground.blocking.run(self._service.cancel_request, device, request.request_id)
        return pb.CancelRequestResponse(was_applied=was_applied)


def _form(message: pb.Application) -> ApplicationForm:
    return ApplicationForm(
        schema_version=message.schema_version,
        channel=translate.chosen(pb.Channel, "CHANNEL_", message.channel, Channel),
        name=message.name,
        mobile=message.mobile,
        phone_proof=message.phone_proof,
        age_band=translate.chosen(pb.AgeBand, "AGE_BAND_", message.age_band, AgeBand),
        language=translate.language(message.language),
        notice_version=message.notice_version,
        notice_sha256=message.notice_sha256,
        consents=tuple(ConsentChoice(choice.purpose, choice.given) for choice in message.consents),
        birthday=message.birthday,
        birthday_proof=translate.chosen(pb.ProofLevel, "PROOF_LEVEL_", message.birthday_proof, ProofLevel) or ProofLevel.UNSPECIFIED,
        id_number=message.id_number,
        address=_address(message.address) if message.HasField("address") else None,
        email=message.email,
    )


def _address(message: pb.PostalAddress) -> PostalAddress:
    return PostalAddress(message.province_code, message.city_code, message.district_code, message.detail, message.postcode)
