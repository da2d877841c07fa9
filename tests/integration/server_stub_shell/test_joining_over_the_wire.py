"""Joining against the real process: code by SMS, application, approval, status; and what a restart must not lose."""

from __future__ import annotations

import json
import signal
import time
import uuid
from typing import TYPE_CHECKING

import grpc
import pytest

from proto.member.receipts import verify
from proto.member.v1 import common_pb2, device_pb2, enrollment_pb2, reason_pb2
from proto.member.v1.device_pb2_grpc import DeviceServiceStub
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from tests.support.wire_calls import E164, MOBILE, adult_application, code_order, envelope, new_request_id, refusal

if TYPE_CHECKING:
    from tests.support.service_process import Installation


def wait_for_code(installation: Installation, limit_s: float = 8.0) -> str:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        try:
            return str(installation.gateway(f"/codes?to=%2B{E164[1:]}")["code"])
        except OSError:
            time.sleep(0.05)
    raise AssertionError("no code came")


def prove_phone(installation: Installation, channel: grpc.Channel) -> str:
    stub = EnrollmentServiceStub(channel)
    sent = stub.SendOwnershipCode(code_order(), timeout=5)
    answer = enrollment_pb2.VerifyOwnershipCodeRequest(challenge_id=sent.challenge_id, code=wait_for_code(installation))
    return stub.VerifyOwnershipCode(answer, timeout=5).phone_proof


def test_a_malformed_envelope_is_refused_with_its_reason(installation: Installation) -> None:
    installation.start_sms()
    installation.start()
    with installation.channel() as channel:
        order = enrollment_pb2.SendOwnershipCodeRequest(mobile=MOBILE, purpose=enrollment_pb2.CODE_PURPOSE_JOIN)
        with pytest.raises(grpc.RpcError) as caught:
            EnrollmentServiceStub(channel).SendOwnershipCode(order, timeout=5)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert refusal(caught.value).reason == reason_pb2.REASON_REQUEST_MALFORMED


def test_a_person_joins_and_the_answer_survives_a_kill(installation: Installation) -> None:
    installation.start_sms()
    service = installation.start()
    with installation.channel() as channel:
        hello = DeviceServiceStub(channel).Hello(device_pb2.HelloRequest(software_version="1"), timeout=5)
        assert (hello.device_id, hello.store_name, hello.device_name) == ("K03", "湖滨店", "自助服务机 03")
        assert "Development" in hello.development_notice
        proof = prove_phone(installation, channel)
        request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(seq=2), application=adult_application(channel, proof))
        first = EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5)
    assert first.state == enrollment_pb2.APPLICATION_STATE_CARD_PENDING
    assert first.issue_grant
    keys = installation.command("keys", "export-public", "--receipts")
    public = {int(k): bytes.fromhex(v) for k, v in json.loads(keys.stdout).items()}
    body = verify(first.receipt.code, public)
    assert (body.application_number, body.device_id) == (first.application_number, "K03")

    service.stop(signal.SIGKILL)
    installation.start()
    with installation.channel() as channel:
        again = EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5)
        assert again.application_number == first.application_number
        request.application.name = "欧阳大明"
        with pytest.raises(grpc.RpcError) as caught:
            EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5)
    assert refusal(caught.value).reason == reason_pb2.REASON_REQUEST_ID_REUSED


@pytest.mark.parametrize("spoilt", ["\0", "\x1c"])
def test_every_field_with_a_control_character_is_found_at_once(installation: Installation, spoilt: str) -> None:
    installation.start_sms()
    installation.start()
    region = {"province_code": "110000", "city_code": "110100", "district_code": "110101"}
    written = {"name": f"欧{spoilt}阳", "birthday": f"1990-05-17{spoilt}", "id_number": f"11010519491231002X{spoilt}"}
    written |= {"email": f"a{spoilt}@example.com"}
    address = enrollment_pb2.PostalAddress(**region, detail=f"东城区{spoilt}一条二号", postcode="100010")
    with installation.channel() as channel:
        application = adult_application(channel, prove_phone(installation, channel), address=address, **written)
        for choice in application.consents:
            choice.given = True
        request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(seq=2), application=application)
        answer = EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5)
    assert answer.state == enrollment_pb2.APPLICATION_STATE_RETURNED
    found = [(finding.field, reason_pb2.Reason.Name(finding.reason).removeprefix("REASON_")) for finding in answer.findings]
    assert found == [
        ("name", "FIELD_CHARACTERS"),
        ("birthday", "BIRTHDAY_NOT_A_DATE"),
        ("id_number", "ID_CHARACTERS"),
        ("email", "EMAIL_FORM"),
        ("address.detail", "FIELD_CHARACTERS"),
    ]


def test_a_number_with_a_control_character_is_no_mobile_number(installation: Installation) -> None:
    installation.start_sms()
    installation.start()
    with installation.channel() as channel:
        application = adult_application(channel, prove_phone(installation, channel), mobile=MOBILE + "\0")
        request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(seq=2), application=application)
        with pytest.raises(grpc.RpcError) as caught:
            EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5)
    assert refusal(caught.value).reason == reason_pb2.REASON_PHONE_INVALID


def test_no_code_and_no_number_stands_in_the_logs(installation: Installation) -> None:
    gateway = installation.start_sms()
    service = installation.start()
    with installation.channel() as channel:
        prove_phone(installation, channel)
    code = wait_for_code(installation)
    assert service.stop() == 0
    for log in (service.log, gateway.log):
        text = log.read_text(encoding="utf-8")
        assert code not in text
        assert MOBILE not in text


def test_a_cancelled_request_never_runs(installation: Installation) -> None:
    installation.start()
    request_id = new_request_id()
    with installation.channel() as channel:
        stub = EnrollmentServiceStub(channel)
        cancelled = stub.CancelRequest(enrollment_pb2.CancelRequestRequest(request_id=request_id), timeout=5)
        assert not cancelled.was_applied
        late = device_pb2.CallStaffRequest(envelope=envelope(request_id), screen="menu", language=common_pb2.LANGUAGE_EN)
        with pytest.raises(grpc.RpcError) as caught:
            DeviceServiceStub(channel).CallStaff(late, timeout=5)
    assert refusal(caught.value).reason == reason_pb2.REASON_REQUEST_CANCELLED
    assert uuid.UUID(request_id).version == 7
