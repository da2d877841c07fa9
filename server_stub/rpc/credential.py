"""CredentialService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.receipts import ReceiptInvalid, receipt_number, unverified_body
from proto.member.v1 import credential_pb2 as pb
from proto.member.v1 import credential_pb2_grpc, reason_pb2
from server_stub.domain.reasons import Reason
from server_stub.rpc import translate

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.member_codes import MemberCodes
    from server_stub.services.resuming import Resuming


class CredentialServicer(credential_pb2_grpc.CredentialServiceServicer):
    """Codes that members show.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, codes: MemberCodes, resuming: Resuming) -> None:
        self._ground = ground
        self._codes = codes
        self._resuming = resuming

    async def IdentifyByCode(self, request: pb.IdentifyByCodeRequest, _context: object) -> pb.IdentifyByCodeResponse:
        """Signs in with a dynamic code."""
        found = await self._ground.blocking.run(self._codes.identify, self._ground.caller.device, request.code)
        return pb.IdentifyByCodeResponse(visit_token=found.visit_token, name_masked=found.name_masked)

    async def ShowCode(self, request: pb.ShowCodeRequest, _context: object) -> pb.ShowCodeResponse:
        """Makes the member's own code."""
        shown = await self._ground.blocking.run(self._codes.show, self._ground.caller.device, request.visit_token)
        return pb.ShowCodeResponse(
            code=shown.text,
            expires_at=translate.timestamp(shown.expires_at),
            refresh_after_s=int(shown.refresh_after.total_seconds()),
        )

    async def ListCodeKeys(self, request: pb.ListCodeKeysRequest, _context: object) -> pb.ListCodeKeysResponse:
        """Returns the public keys."""
        found = await self._ground.blocking.run(self._codes.keys, self._ground.caller.device, request.known_version)
        keys = [pb.CodeKey(key_id=number, public_key=key) for number, key in sorted(found.keys.items())]
        return pb.ListCodeKeysResponse(version=found.version, keys=keys)

    async def ReportRefusedCode(self, request: pb.ReportRefusedCodeRequest, _context: object) -> pb.ReportRefusedCodeResponse:
        """Counts a code that a device refused by itself."""
        reason = translate.chosen(reason_pb2.Reason, "REASON_", request.reason, Reason)
        locked = await self._ground.blocking.run(self._codes.report_refused, self._ground.caller.device, reason)
        return pb.ReportRefusedCodeResponse(locked_for_s=-int(-locked.total_seconds() // 1))

    async def ResumeVisit(self, request: pb.ResumeVisitRequest, _context: object) -> pb.ResumeVisitResponse:
        """Takes up a visit by its receipt."""
        number, code = _receipt_number(request.receipt_code), request.receipt_code
        envelope = translate.envelope(request) if request.HasField("envelope") else None
        found = await self._ground.blocking.run(self._resuming.resume, self._ground.caller.device, envelope, number, code)
        return pb.ResumeVisitResponse(visit_token=found.visit_token, name_masked=found.name_masked, page=found.page)


def _receipt_number(code: str) -> str:
    """Returns the number that a text says; "" for what is no receipt. The service compares the whole text with the one it wrote."""
    try:
        return receipt_number(unverified_body(code))
    except ReceiptInvalid:
        return ""
