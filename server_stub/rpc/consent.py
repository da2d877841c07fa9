"""ConsentService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import consent_pb2 as pb
from proto.member.v1 import consent_pb2_grpc, enrollment_pb2
from server_stub.domain.birthday import AgeBand
from server_stub.rpc import translate

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.notices import ConsentNotices


class ConsentServicer(consent_pb2_grpc.ConsentServiceServicer):
    """Notices.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, service: ConsentNotices) -> None:
        self._ground = ground
        self._service = service

    async def GetNotice(self, request: pb.GetNoticeRequest, _context: object) -> pb.GetNoticeResponse:
        """Returns the notice in force."""
        band = translate.chosen(enrollment_pb2.AgeBand, "AGE_BAND_", request.age_band, AgeBand)
        notice = self._service.get(self._ground.caller.device, translate.language(request.language), band)
        return pb.GetNoticeResponse(
            version=notice.version,
            text_sha256=notice.text_sha256,
            summary=[pb.NoticeLine(heading=line.heading, text=line.text) for line in notice.summary],
            full_text=notice.full_text,
            purposes=[
                pb.NoticePurpose(
                    purpose=purpose.purpose,
                    title=purpose.title,
                    note=purpose.note,
                    mandatory=purpose.mandatory,
                    allowed=purpose.allowed,
                )
                for purpose in notice.purposes
            ],
        )
