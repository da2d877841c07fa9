"""The kiosk refuses by itself what the centre did not sign: nothing of it is sent or logged, and the centre hears that there was one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.backend.caller import Caller
from kiosk.backend.credentials import CredentialGateway
from kiosk.ports.errors import Refused, Unreachable
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import LeftVisit, MemberCode, RequestId, Visitor
from proto.member import receipts
from proto.member.member_codes import CodeBody, encode
from proto.member.v1 import credential_pb2 as pb
from proto.member.v1 import reason_pb2, receipt_pb2

OURS, THEIRS = (Ed25519PrivateKey.from_private_bytes(seed * 32) for seed in (b"o", b"t"))
PUBLIC = OURS.public_key().public_bytes_raw()


def code(key: Ed25519PrivateKey = OURS, key_id: int = 1) -> str:
    return encode(CodeBody(key_id, b"ABCDEFGH", 1, 61, b"nonc"), key.sign)


ID = RequestId("01999b3e-5c1d-7abc-8def-0123456789ab")


def receipt(kind: receipt_pb2.ReceiptKind.ValueType, key: Ed25519PrivateKey = OURS) -> str:
    body = receipt_pb2.ReceiptBody(kind=kind, device_id="K03", sequence=1, application_number="A123")
    body.issued_at.FromDatetime(datetime(2026, 11, 23, tzinfo=UTC))
    return receipts.encode(body, 1, key.sign)


@dataclass
class Line:
    """A wire that remembers the requests and answers what the test says."""

    locked_for_s: int = 0
    report_fails: bool = False
    asked: list[Any] = field(default_factory=list)

    async def mutate(self, method: Any, request: Any, request_id: RequestId, kind: IntentKind) -> Any:
        assert kind is IntentKind.RESUME_VISIT
        request.envelope.request_id = request_id
        return await self.ask(method, request)

    async def ask(self, _method: Any, request: Any, attempts: int = 3) -> Any:
        # A code works once: its answer is not asked for again, which would make a thief of its member.
        assert attempts == (1 if isinstance(request, pb.IdentifyByCodeRequest) else 3)
        self.asked.append(request)
        match request:
            case pb.ListCodeKeysRequest():
                known = request.known_version == "v1"
                return pb.ListCodeKeysResponse(version="v1", keys=[] if known else [pb.CodeKey(key_id=1, public_key=PUBLIC)])
            case pb.ReportRefusedCodeRequest():
                if self.report_fails:
                    raise Unreachable
                return pb.ReportRefusedCodeResponse(locked_for_s=self.locked_for_s)
            case pb.IdentifyByCodeRequest():
                return pb.IdentifyByCodeResponse(visit_token="visit", name_masked="欧阳**")
            case pb.ResumeVisitRequest():
                return pb.ResumeVisitResponse(visit_token="visit", name_masked="欧阳**", page="coupons")
            case pb.ShowCodeRequest():
                return pb.ShowCodeResponse(code="HM1:OWN", refresh_after_s=30)
        raise AssertionError(request)

    def sent(self) -> list[str]:
        return [type(request).__name__ for request in self.asked]


@pytest.fixture
async def channel() -> AsyncIterator[grpc.aio.Channel]:
    made = grpc.aio.insecure_channel("unix:/nonexistent")
    yield made
    await made.close()


def desk(channel: grpc.aio.Channel, line: Line) -> CredentialGateway:
    return CredentialGateway(channel, cast("Caller", line), {1: PUBLIC})


async def refusal(work: Any) -> Refused:
    with pytest.raises(Refused) as seen:
        await work
    return seen.value


async def test_a_forged_code_is_not_sent_and_not_logged(channel: grpc.aio.Channel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    line, forged = Line(), code(THEIRS)
    assert (await refusal(desk(channel, line).identify_by_code(forged))).reason == "MEMBER_CODE_SIGNATURE"
    assert line.sent() == ["ListCodeKeysRequest", "ReportRefusedCodeRequest"]
    assert line.asked[-1].reason == reason_pb2.REASON_MEMBER_CODE_SIGNATURE
    assert forged not in str(line.asked)
    assert forged[4:40] not in caplog.text
    assert "133 characters" in caplog.text


@pytest.mark.parametrize("text", ["", "HM1:", "HM1:" + "0" * 129, "https://example.org"])
async def test_what_has_not_the_form_is_not_sent(channel: grpc.aio.Channel, text: str) -> None:
    line = Line()
    assert (await refusal(desk(channel, line).identify_by_code(text))).reason == "MEMBER_CODE_FORM"
    assert line.sent() == ["ReportRefusedCodeRequest"]


async def test_the_lock_is_the_centres(channel: grpc.aio.Channel) -> None:
    locked = await refusal(desk(channel, Line(locked_for_s=30)).identify_by_code("x"))
    assert (locked.reason, locked.retry_after_s) == ("MEMBER_CODE_LOCKED", 30)


async def test_a_report_that_does_not_arrive_changes_no_refusal(channel: grpc.aio.Channel) -> None:
    assert (await refusal(desk(channel, Line(report_fails=True)).identify_by_code("x"))).reason == "MEMBER_CODE_FORM"


async def test_an_unknown_key_is_asked_for_and_then_the_centre_decides(channel: grpc.aio.Channel) -> None:
    line = Line()
    gateway = desk(channel, line)
    assert await gateway.identify_by_code(code()) == Visitor("visit", "欧阳**")
    assert await gateway.identify_by_code(code()) == Visitor("visit", "欧阳**")
    assert line.sent() == ["ListCodeKeysRequest", "IdentifyByCodeRequest", "IdentifyByCodeRequest"]
    assert await gateway.identify_by_code(code(key_id=9)) == Visitor("visit", "欧阳**")
    assert line.asked[-2].known_version == "v1"


async def test_receipts_lead_to_their_application_or_visit(channel: grpc.aio.Channel) -> None:
    line = Line()
    gateway = desk(channel, line)
    for kind in (receipt_pb2.RECEIPT_KIND_APPLICATION, receipt_pb2.RECEIPT_KIND_RETURNED):
        assert await gateway.use_receipt(ID, receipt(kind)) == LeftVisit(None, application_number="A123")
    assert line.sent() == []
    found = await gateway.use_receipt(ID, receipt(receipt_pb2.RECEIPT_KIND_REDEMPTION))
    assert [request.envelope.request_id for request in line.asked] == [ID]
    assert found == LeftVisit(Visitor("visit", "欧阳**"), "coupons")


async def test_a_forged_receipt_is_not_sent(channel: grpc.aio.Channel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    line, forged = Line(), receipt(receipt_pb2.RECEIPT_KIND_REDEMPTION, THEIRS)
    assert (await refusal(desk(channel, line).use_receipt(ID, forged))).reason == "RECEIPT_UNKNOWN"
    assert line.sent() == []
    assert forged[4:40] not in caplog.text


async def test_the_own_code_comes_with_its_time(channel: grpc.aio.Channel) -> None:
    assert await desk(channel, Line()).make_code("visit") == MemberCode("HM1:OWN", 30)
