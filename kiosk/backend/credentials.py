"""Codes that members show, over the wire: implements kiosk.ports.desks.CredentialDesk.

What was not signed by the centre is refused here: the centre hears that there was one, and nothing of what it said.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping

import grpc

from kiosk.backend.caller import Caller
from kiosk.ports.errors import DeskError, Refused
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import LeftVisit, MemberCode, Reason, RequestId, Visitor
from proto.member import member_codes, receipts
from proto.member.v1 import credential_pb2, credential_pb2_grpc, receipt_pb2
from proto.member.v1.reason_pb2 import REASON_MEMBER_CODE_FORM, REASON_MEMBER_CODE_SIGNATURE
from proto.member.v1.reason_pb2 import Reason as ReasonCode

log = logging.getLogger(__name__)

FORM = Reason("MEMBER_CODE_FORM")
SIGNATURE = Reason("MEMBER_CODE_SIGNATURE")
LOCKED = Reason("MEMBER_CODE_LOCKED")
RECEIPT_UNKNOWN = Reason("RECEIPT_UNKNOWN")
_NUMBERS: Mapping[Reason, ReasonCode.ValueType] = {FORM: REASON_MEMBER_CODE_FORM, SIGNATURE: REASON_MEMBER_CODE_SIGNATURE}
_OF_APPLICATIONS = frozenset({receipt_pb2.RECEIPT_KIND_APPLICATION, receipt_pb2.RECEIPT_KIND_RETURNED})


class CredentialGateway:
    """See CredentialDesk. Thread: loop.

    Args:
        channel: To the centre.
        caller: Makes the calls.
        receipt_keys: Raw public keys of receipts by key id.
    """

    def __init__(self, channel: grpc.aio.Channel, caller: Caller, receipt_keys: Mapping[int, bytes]) -> None:
        self._stub = credential_pb2_grpc.CredentialServiceStub(channel)
        self._caller = caller
        self._receipt_keys = receipt_keys
        self._version = ""
        self._code_keys: dict[int, bytes] = {}

    async def identify_by_code(self, text: str) -> Visitor:
        """Sign in with a member's code."""
        reason = await self._fault(text)
        if reason is not None:
            raise await self._refused(text, reason)
        # Once, see kiosk.backend.channel: whose answer is lost shows the next code, half a minute younger.
        answer = await self._caller.ask(self._stub.IdentifyByCode, credential_pb2.IdentifyByCodeRequest(code=text), attempts=1)
        return Visitor(answer.visit_token, answer.name_masked)

    async def use_receipt(self, request_id: RequestId, text: str) -> LeftVisit:
        """Tell what a receipt leads to; the same id again leads to the same visit."""
        try:
            body = receipts.verify(text, self._receipt_keys)
        except receipts.ReceiptInvalid as error:
            log.info("receipt refused here: %s, %s", type(error).__name__, _outline(text))
            raise Refused(RECEIPT_UNKNOWN) from None
        if body.kind in _OF_APPLICATIONS:
            return LeftVisit(None, application_number=body.application_number)
        request = credential_pb2.ResumeVisitRequest(receipt_code=text)
        answer = await self._caller.mutate(self._stub.ResumeVisit, request, request_id, IntentKind.RESUME_VISIT)
        return LeftVisit(Visitor(answer.visit_token, answer.name_masked), answer.page)

    async def make_code(self, visit_token: str) -> MemberCode:
        """Return a new code of the member who is here."""
        answer = await self._caller.ask(self._stub.ShowCode, credential_pb2.ShowCodeRequest(visit_token=visit_token))
        return MemberCode(answer.code, answer.refresh_after_s)

    async def _fault(self, text: str) -> Reason | None:
        """Return why a text is no code of the centre's; None where only the centre can tell."""
        try:
            code = member_codes.read(text)
        except member_codes.MemberCodeMalformed:
            return FORM
        key = await self._key(code.body.key_id)
        return None if key is None or code.is_signed_by(key) else SIGNATURE

    async def _key(self, key_id: int) -> bytes | None:
        """Return a public key, asking for the list where it is not known; None where the centre has none either."""
        if key_id not in self._code_keys:
            answer = await self._caller.ask(self._stub.ListCodeKeys, credential_pb2.ListCodeKeysRequest(known_version=self._version))
            if answer.version != self._version:
                self._version, self._code_keys = answer.version, {key.key_id: key.public_key for key in answer.keys}
        return self._code_keys.get(key_id)

    async def _refused(self, text: str, reason: Reason) -> Refused:
        """Return the refusal, having told the centre that there was one."""
        log.info("code refused here: %s, %s", reason, _outline(text))
        try:
            request = credential_pb2.ReportRefusedCodeRequest(reason=_NUMBERS[reason])
            answer = await self._caller.ask(self._stub.ReportRefusedCode, request)
        except DeskError:
            return Refused(reason)
        return Refused(LOCKED, retry_after_s=answer.locked_for_s) if answer.locked_for_s else Refused(reason)


def _outline(text: str) -> str:
    """Return what may be logged of a code that is not ours: its length and the beginning of its digest."""
    return f"{len(text)} characters, {hashlib.sha256(text.encode()).hexdigest()[:8]}"
