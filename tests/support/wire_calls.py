"""Calls of the contract as a test makes them: envelopes, proving a phone, an adult's form. Knows the wire, no process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.timestamp_pb2 import Timestamp

from proto.member.v1 import common_pb2, consent_pb2, enrollment_pb2
from proto.member.v1.consent_pb2_grpc import ConsentServiceStub
from server_stub.domain.clock import SystemClock
from server_stub.domain.uuid7 import Uuid7Source

if TYPE_CHECKING:
    import grpc

MOBILE = "13800138000"
E164 = "+8613800138000"
_ids = Uuid7Source(SystemClock())


def new_request_id() -> str:
    return str(_ids.uuid())


def envelope(request_id: str = "", seq: int = 1) -> common_pb2.Envelope:
    moment = Timestamp()
    moment.GetCurrentTime()
    return common_pb2.Envelope(request_id=request_id or new_request_id(), device_seq=seq, occurred_at=moment)


def refusal(error: grpc.RpcError) -> common_pb2.Refusal:
    found = dict(error.trailing_metadata() or ())  # type: ignore[attr-defined]
    return common_pb2.Refusal.FromString(found["member-refusal-bin"])


def code_order(mobile: str = MOBILE, language: common_pb2.Language.ValueType = common_pb2.LANGUAGE_ZH_HANS) -> Any:
    purpose = enrollment_pb2.CODE_PURPOSE_JOIN
    return enrollment_pb2.SendOwnershipCodeRequest(envelope=envelope(), mobile=mobile, purpose=purpose, language=language)


def adult_application(channel: grpc.Channel, proof: str, **changed: Any) -> enrollment_pb2.Application:
    question = consent_pb2.GetNoticeRequest(language=common_pb2.LANGUAGE_ZH_HANS, age_band=enrollment_pb2.AGE_BAND_ADULT)
    notice = ConsentServiceStub(channel).GetNotice(question, timeout=5)
    values: dict[str, Any] = {
        "schema_version": 1,
        "channel": enrollment_pb2.CHANNEL_KIOSK,
        "name": "欧阳晓明",
        "mobile": MOBILE,
        "phone_proof": proof,
        "age_band": enrollment_pb2.AGE_BAND_ADULT,
        "email": "xiaoming@example.com",
        "language": common_pb2.LANGUAGE_ZH_HANS,
        "notice_version": notice.version,
        "notice_sha256": notice.text_sha256,
        "consents": [enrollment_pb2.ConsentChoice(purpose=p.purpose, given=p.mandatory or p.purpose == "mail") for p in notice.purposes],
    }
    return enrollment_pb2.Application(**{**values, **changed})
