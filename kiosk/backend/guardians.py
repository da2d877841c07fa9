"""Guardians and their children, over the wire: implements kiosk.ports.children.GuardianDesk."""

from __future__ import annotations

import grpc

from kiosk.backend.caller import Caller
from kiosk.backend.convert import APPLICATION_STATES, receipt_in
from kiosk.ports.children import Children, LinkedChild
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import GuardianSeen, Receipt, RequestId, Visitor
from proto.member.v1 import guardian_pb2 as pb
from proto.member.v1 import guardian_pb2_grpc


class GuardianGateway:
    """See GuardianDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._guardians = guardian_pb2_grpc.GuardianServiceStub(channel)
        self._caller = caller

    async def identify_guardian(self, phone_proof: str) -> GuardianSeen:
        """Return the member whose number was proved, where fit to be a guardian."""
        request = pb.IdentifyGuardianRequest(phone_proof=phone_proof)
        answer = await self._caller.ask(self._guardians.IdentifyGuardian, request)
        return GuardianSeen(answer.name_masked, answer.mobile_masked)

    async def children(self, visit_token: str) -> Children:
        """Return the children of the member who is here."""
        answer = await self._caller.ask(self._guardians.ListChildren, pb.ListChildrenRequest(visit_token=visit_token))
        return Children(tuple(_child(child) for child in answer.children), answer.may_act)

    async def open_child(self, visit_token: str, link_id: str) -> Visitor:
        """Begin a visit of a child."""
        request = pb.BeginChildVisitRequest(visit_token=visit_token, link_id=link_id)
        answer = await self._caller.ask(self._guardians.BeginChildVisit, request)
        return Visitor(answer.visit_token, answer.name_masked)

    async def withdraw_guardian_consent(self, request_id: RequestId, visit_token: str, link_id: str) -> Receipt | None:
        """Take the consent for a child back; returns what proves it."""
        request = pb.WithdrawGuardianConsentRequest(visit_token=visit_token, link_id=link_id)
        kind = IntentKind.WITHDRAW_GUARDIAN_CONSENT
        return receipt_in(await self._caller.mutate(self._guardians.WithdrawGuardianConsent, request, request_id, kind))


def _child(child: pb.LinkedChild) -> LinkedChild:
    is_member = child.state == pb.GUARDIAN_LINK_STATE_ACTIVE
    state = APPLICATION_STATES[child.application_state]
    return LinkedChild(child.link_id, child.name_masked, is_member, state, child.application_number)
