"""Feedback over the wire and on the command line: received once, handled by signed-in staff, read and judged at the kiosk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from proto.member.v1 import common_pb2, reason_pb2
from proto.member.v1 import feedback_pb2 as pb
from proto.member.v1.feedback_pb2_grpc import FeedbackServiceStub
from tests.support.wire_calls import envelope, new_request_id, refusal

if TYPE_CHECKING:
    from tests.support.service_process import Installation

CHINESE = common_pb2.LANGUAGE_ZH_HANS
STAFF = "dev-wu"
REFUSED = 3


def said(request_id: str = "", **values: Any) -> pb.SubmitFeedbackRequest:
    return pb.SubmitFeedbackRequest(**{"envelope": envelope(request_id), "face": 2, "language": CHINESE, **values})


def reason_of(call: Any, request: Any) -> int:
    with pytest.raises(grpc.RpcError) as refused:
        call(request, timeout=5)
    return refusal(refused.value).reason


def test_what_was_chosen_and_is_not_known_is_refused_with_its_field_and_nothing_is_kept(installation: Installation) -> None:
    installation.start()
    unknown: dict[str, Any] = {"category": 77, "department": 99, "phrases": [4711], "language": 4711}
    with installation.channel() as channel:
        stub, request_id, told = FeedbackServiceStub(channel), new_request_id(), {}
        for field, value in unknown.items():
            with pytest.raises(grpc.RpcError) as refused:
                stub.SubmitFeedback(said(request_id, **{field: value}), timeout=5)
            told[field] = (refusal(refused.value).reason, [one.field for one in refusal(refused.value).findings])
        assert told == {field: (reason_pb2.REASON_REQUEST_MALFORMED, [field]) for field in unknown}
        kept = installation.as_person(STAFF, "cases", "list", "--json")
        assert json.loads(kept.stdout)["items"] == [], kept.stderr
        # Nothing stands in the way of the same request, mended.
        assert stub.SubmitFeedback(said(request_id, category=pb.FEEDBACK_CATEGORY_CHECKOUT), timeout=5).case_number


def test_a_case_goes_from_the_kiosk_to_staff_and_back(installation: Installation) -> None:
    installation.start()
    with installation.channel() as channel:
        stub, request_id = FeedbackServiceStub(channel), new_request_id()
        assert reason_of(stub.SubmitFeedback, said(face=0)) == reason_pb2.REASON_FEEDBACK_FACE_MISSING
        assert reason_of(stub.SubmitFeedback, said(face=1, phrases=[pb.FEEDBACK_PHRASE_STAFF_KIND])) == reason_pb2.REASON_REQUEST_MALFORMED
        assert reason_of(stub.SubmitFeedback, said(visit_token="forged")) == reason_pb2.REASON_VISIT_OVER
        text, department = "排队太久，请打 13800138000", pb.FEEDBACK_DEPARTMENT_CHECKOUT
        taken = [stub.SubmitFeedback(said(request_id, text=text, department=department), timeout=5) for _ in range(2)]
        assert taken[0] == taken[1]
        number, proof = taken[0].case_number, pb.CaseProof(secret=taken[0].secret)
        assert taken[0].masked
        guessed = pb.GetCaseRequest(case_number=number, proof=pb.CaseProof(secret="x"))
        assert reason_of(stub.GetCase, guessed) == reason_pb2.REASON_CASE_UNKNOWN
        early = pb.GiveVerdictRequest(envelope=envelope(), case_number=number, proof=proof, verdict=pb.CASE_VERDICT_HELPED)
        assert reason_of(stub.GiveVerdict, early) == reason_pb2.REASON_WRONG_STATE

        unclosed = installation.as_person(STAFF, "cases", "close", number, "--resolution", "NOTED")
        assert unclosed.returncode == REFUSED
        assert "CASE_REPLY_MISSING" in unclosed.stderr
        assert installation.as_person("dev-lin", "cases", "show", number).returncode == REFUSED
        done = installation.as_person(STAFF, "cases", "classify", number, "--category", "CHECKOUT", "--json")
        assert done.returncode == 0, done.stderr
        shown = json.loads(done.stdout)
        assert (shown["summary"]["state"], shown["summary"]["due"], shown["text"]) == ("CLASSIFIED", "reply", "排队太久，请打 *********00")
        assert installation.as_person(STAFF, "cases", "assign", number).returncode == 0
        waiting = stub.GetCase(pb.GetCaseRequest(case_number=number, proof=proof), timeout=5)
        assert (waiting.state, waiting.category, len(waiting.replies)) == (pb.CASE_STATE_ASSIGNED, pb.FEEDBACK_CATEGORY_CHECKOUT, 0)
    logs = "".join(path.read_text("utf-8", errors="replace") for path in installation.folder.rglob("*.log"))
    assert "13800138000" not in logs
