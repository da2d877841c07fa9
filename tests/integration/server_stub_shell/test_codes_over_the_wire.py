"""A code as the member's app draws it, read from its picture, sent over the wire: taken once, and what is none has its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from hardware.codes.zbar import ZbarReader
from proto.member import member_codes
from proto.member.v1 import credential_pb2, enrollment_pb2, member_pb2, reason_pb2
from proto.member.v1.credential_pb2_grpc import CredentialServiceStub
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from proto.member.v1.member_pb2_grpc import MemberServiceStub
from tests.integration.server_stub_shell.test_joining_over_the_wire import prove_phone
from tests.support.wire_calls import adult_application, envelope, refusal

if TYPE_CHECKING:
    from tests.support.service_process import Installation


def reason_of(stub: CredentialServiceStub, code: str) -> int:
    with pytest.raises(grpc.RpcError) as caught:
        stub.IdentifyByCode(credential_pb2.IdentifyByCodeRequest(code=code), timeout=5)
    return refusal(caught.value).reason


def drawn(installation: Installation, number: str, picture: Path) -> str:
    done = installation.command("credential", "show", number, "--png", str(picture))
    assert done.returncode == 0, done.stderr
    (code,) = ZbarReader().read_file(picture)
    return code.text


def test_a_drawn_code_signs_in_once(installation: Installation, tmp_path: Path) -> None:
    installation.start_sms()
    service = installation.start()
    with installation.channel() as channel:
        application = adult_application(channel, prove_phone(installation, channel))
        request = enrollment_pb2.SubmitApplicationRequest(envelope=envelope(), application=application)
        number = str(EnrollmentServiceStub(channel).SubmitApplication(request, timeout=5).membership_number)
        stub = CredentialServiceStub(channel)
        assert reason_of(stub, "https://example.org") == reason_pb2.REASON_MEMBER_CODE_FORM
        keys = stub.ListCodeKeys(credential_pb2.ListCodeKeysRequest(), timeout=5)
        code = drawn(installation, number, tmp_path / "code.png")
        assert member_codes.read(code).is_signed_by(next(key.public_key for key in keys.keys if key.key_id == 1))
        found = stub.IdentifyByCode(credential_pb2.IdentifyByCodeRequest(code=code), timeout=5)
        assert found.name_masked == "欧阳**"
        assert reason_of(stub, code) == reason_pb2.REASON_MEMBER_CODE_USED
        with pytest.raises(grpc.RpcError) as caught:
            stub.ShowCode(credential_pb2.ShowCodeRequest(visit_token=found.visit_token), timeout=5)
        assert refusal(caught.value).reason == reason_pb2.REASON_HOLDER_PROOF
        members = MemberServiceStub(channel)
        members.KeepVisit(member_pb2.KeepVisitRequest(visit_token=found.visit_token), timeout=5)
        members.EndVisit(member_pb2.EndVisitRequest(visit_token=found.visit_token), timeout=5)
        with pytest.raises(grpc.RpcError) as caught:
            members.KeepVisit(member_pb2.KeepVisitRequest(visit_token=found.visit_token), timeout=5)
        assert refusal(caught.value).reason == reason_pb2.REASON_VISIT_OVER
        known = credential_pb2.ListCodeKeysRequest(known_version=keys.version)
        assert not stub.ListCodeKeys(known, timeout=5).keys
        refused = credential_pb2.ReportRefusedCodeRequest(reason=reason_pb2.REASON_MEMBER_CODE_SIGNATURE)
        assert [stub.ReportRefusedCode(refused, timeout=5).locked_for_s for _ in range(4)] == [0, 0, 0, 30]
        with pytest.raises(grpc.RpcError) as caught:
            stub.ResumeVisit(credential_pb2.ResumeVisitRequest(receipt_code="HR1:0"), timeout=5)
        assert refusal(caught.value).reason == reason_pb2.REASON_RECEIPT_UNKNOWN
    assert service.stop() == 0
    log = service.log.read_text(encoding="utf-8")
    assert code not in log


def test_a_member_that_is_none_has_no_code(installation: Installation) -> None:
    done = installation.command("credential", "show", "8800000000000000", "--text")
    assert (done.returncode, "MEMBER_UNKNOWN" in done.stderr or "no member" in done.stderr.lower()) == (3, True), done.stderr


def test_production_draws_no_codes(installation: Installation) -> None:
    done = installation.command("credential", "show", "8800000000000000", "--text", environment={"MEMBER_SERVICE_PROFILE": "production"})
    assert done.returncode == 3
    assert "development profile" in done.stderr


def test_an_installation_of_an_earlier_version_gets_its_new_key(installation: Installation) -> None:
    index = installation.folder / "service" / "keys" / "index.json"
    tree = json.loads(index.read_text(encoding="utf-8"))
    tree["keys"] = [row for row in tree["keys"] if row["kind"] != "member-code"]
    index.write_text(json.dumps(tree), encoding="utf-8")
    assert installation.command("credential", "show", "1", "--text").returncode == 4
    installation.develop()
    assert installation.command("credential", "show", "1", "--text").returncode == 3


def test_a_picture_that_can_be_nowhere_is_refused_before_a_code_is_made(installation: Installation, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "code.png"):
        refused = installation.command("credential", "show", "8800000000000000", "--png", str(place))
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert list(tmp_path.glob("*.part")) == []
