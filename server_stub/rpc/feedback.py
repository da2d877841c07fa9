"""FeedbackService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import feedback_pb2 as pb
from proto.member.v1 import feedback_pb2_grpc
from server_stub.domain.feedback.case import Category, Department, Verdict
from server_stub.domain.feedback.phrases import Phrase
from server_stub.rpc import translate
from server_stub.services.feedback.desk import Feedback, Proof

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.feedback.desk import FeedbackDesk, FollowedCase


class FeedbackServicer(feedback_pb2_grpc.FeedbackServiceServicer):
    """Feedback.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, desk: FeedbackDesk) -> None:
        self._ground = ground
        self._desk = desk

    async def SubmitFeedback(self, request: pb.SubmitFeedbackRequest, _context: object) -> pb.SubmitFeedbackResponse:
        """Receives feedback."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        received = await self._ground.blocking.run(self._desk.submit, device, envelope, _said(request))
        return pb.SubmitFeedbackResponse(
            case_number=received.case_number,
            secret=received.secret,
            reply_by=translate.timestamp(received.reply_by),
            trimmed=received.is_trimmed,
            masked=received.is_masked,
            told=received.is_told,
        )

    async def GetCase(self, request: pb.GetCaseRequest, _context: object) -> pb.GetCaseResponse:
        """Tells where a case stands."""
        device, proof = self._ground.caller.device, _proof(request.proof)
        return _case(await self._ground.blocking.run(self._desk.follow, device, request.case_number, proof))

    async def GiveVerdict(self, request: pb.GiveVerdictRequest, _context: object) -> pb.GiveVerdictResponse:
        """Keeps the member's verdict."""
        device, envelope, proof = self._ground.caller.device, translate.envelope(request), _proof(request.proof)
        verdict = translate.chosen(pb.CaseVerdict, "CASE_VERDICT_", request.verdict, Verdict)
        judged = await self._ground.blocking.run(self._desk.judge, device, envelope, request.case_number, proof, verdict)
        return pb.GiveVerdictResponse(case=_case(judged))


def _said(request: pb.SubmitFeedbackRequest) -> Feedback:
    return Feedback(
        visit_token=request.visit_token,
        face=request.face,
        language=translate.language(request.language),
        category=translate.chosen_or_none(pb.FeedbackCategory, "FEEDBACK_CATEGORY_", request.category, Category, "category"),
        department=translate.chosen_or_none(pb.FeedbackDepartment, "FEEDBACK_DEPARTMENT_", request.department, Department, "department"),
        phrases=tuple(translate.chosen(pb.FeedbackPhrase, "FEEDBACK_PHRASE_", one, Phrase) for one in request.phrases),
        text=request.text,
        receipt_number=request.receipt_number,
        is_anonymous=request.anonymous,
        campaign_id=request.campaign_id,
    )


def _proof(proof: pb.CaseProof) -> Proof:
    return Proof(proof.visit_token, proof.phone_proof, proof.secret)


def _case(case: FollowedCase) -> pb.GetCaseResponse:
    category = f"FEEDBACK_CATEGORY_{case.category or 'UNSPECIFIED'}"
    verdict = f"CASE_VERDICT_{case.verdict or 'UNSPECIFIED'}"
    return pb.GetCaseResponse(
        case_number=case.case_number,
        state=pb.CaseState.Value(f"CASE_STATE_{case.state.value}"),
        face=case.face,
        category=pb.FeedbackCategory.Value(category),
        received_at=translate.timestamp(case.received_at),
        reply_by=translate.timestamp(case.reply_by),
        replies=[pb.CaseReply(text=reply.text, at=translate.timestamp(reply.at)) for reply in case.replies],
        verdict=pb.CaseVerdict.Value(verdict),
        may_judge=case.may_judge,
    )
