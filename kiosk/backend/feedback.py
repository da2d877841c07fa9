"""Feedback, over the wire: implements kiosk.ports.feedback.FeedbackDesk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from kiosk.backend.caller import Caller
from kiosk.backend.convert import LANGUAGES
from kiosk.ports.feedback import Case, CaseKey, CaseReply, CaseState, Said, Ticket, Verdict
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import Language, RequestId
from proto.member.v1 import feedback_pb2 as pb
from proto.member.v1 import feedback_pb2_grpc

_STORE_TIME = timezone(timedelta(hours=8))


class FeedbackGateway:
    """See FeedbackDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._feedback = feedback_pb2_grpc.FeedbackServiceStub(channel)
        self._caller = caller

    async def submit_feedback(self, request_id: RequestId, visit_token: str, said: Said, language: Language) -> Ticket:
        """Send feedback."""
        request = pb.SubmitFeedbackRequest(
            visit_token="" if said.is_anonymous else visit_token,
            face=said.face,
            phrases=[pb.FeedbackPhrase.Value(f"FEEDBACK_PHRASE_{quick.value.upper()}") for quick in said.quick],
            text=said.text,
            receipt_number=said.receipt_number,
            anonymous=said.is_anonymous,
            campaign_id=said.campaign_id,
            language=LANGUAGES[language],
        )
        if said.category is not None:
            request.category = pb.FeedbackCategory.Value(f"FEEDBACK_CATEGORY_{said.category.value.upper()}")
        if said.department is not None:
            request.department = pb.FeedbackDepartment.Value(f"FEEDBACK_DEPARTMENT_{said.department.value.upper()}")
        answer = await self._caller.mutate(self._feedback.SubmitFeedback, request, request_id, IntentKind.SUBMIT_FEEDBACK)
        return Ticket(answer.case_number, answer.secret, _day(answer.reply_by), answer.trimmed, answer.masked, answer.told)

    async def case(self, key: CaseKey) -> Case:
        """Tell where a case stands."""
        return _case(await self._caller.ask(self._feedback.GetCase, pb.GetCaseRequest(case_number=key.number, proof=_proof(key))))

    async def judge(self, request_id: RequestId, key: CaseKey, verdict: Verdict) -> Case:
        """Say whether the reply helped."""
        said = pb.CaseVerdict.Value(f"CASE_VERDICT_{verdict.value.upper()}")
        request = pb.GiveVerdictRequest(case_number=key.number, proof=_proof(key), verdict=said)
        answer = await self._caller.mutate(self._feedback.GiveVerdict, request, request_id, IntentKind.GIVE_VERDICT)
        return _case(answer.case)


def _proof(key: CaseKey) -> pb.CaseProof:
    return pb.CaseProof(secret=key.secret) if key.secret else pb.CaseProof(visit_token=key.visit_token)


def _case(answer: pb.GetCaseResponse) -> Case:
    verdict = pb.CaseVerdict.Name(answer.verdict).removeprefix("CASE_VERDICT_").lower()
    return Case(
        answer.case_number,
        CaseState(pb.CaseState.Name(answer.state).removeprefix("CASE_STATE_").lower()),
        answer.face,
        _day(answer.received_at),
        _day(answer.reply_by),
        tuple(CaseReply(reply.text, _day(reply.at)) for reply in answer.replies),
        Verdict(verdict) if answer.verdict else None,
        answer.may_judge,
    )


def _day(stamp: Timestamp) -> str:
    return datetime.fromtimestamp(stamp.seconds, UTC).astimezone(_STORE_TIME).date().isoformat()
