"""GuardianService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import guardian_pb2 as pb
from proto.member.v1 import guardian_pb2_grpc
from server_stub.rpc import translate

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.guardians.desk import GuardianDesk, LinkedChild


class GuardianServicer(guardian_pb2_grpc.GuardianServiceServicer):
    """Guardians of members under 14.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, service: GuardianDesk) -> None:
        self._ground = ground
        self._service = service

    async def IdentifyGuardian(self, request: pb.IdentifyGuardianRequest, _context: object) -> pb.IdentifyGuardianResponse:
        """Says whether a proved member can be a guardian."""
        seen = await self._ground.blocking.run(self._service.identify, self._ground.caller.device, request.phone_proof)
        return pb.IdentifyGuardianResponse(name_masked=seen.name_masked, mobile_masked=seen.mobile_masked)

    async def ListChildren(self, request: pb.ListChildrenRequest, _context: object) -> pb.ListChildrenResponse:
        """Lists the children of the member before the device."""
        found = await self._ground.blocking.run(self._service.children, self._ground.caller.device, request.visit_token)
        return pb.ListChildrenResponse(children=[_child(child) for child in found.children], may_act=found.may_act)

    async def BeginChildVisit(self, request: pb.BeginChildVisitRequest, _context: object) -> pb.BeginChildVisitResponse:
        """Begins a visit of a child."""
        device = self._ground.caller.device
        visit = await self._ground.blocking.run(self._service.begin_visit, device, request.visit_token, request.link_id)
        return pb.BeginChildVisitResponse(visit_token=visit.visit_token, name_masked=visit.name_masked)

    async def WithdrawGuardianConsent(
        self, request: pb.WithdrawGuardianConsentRequest, _context: object
    ) -> pb.WithdrawGuardianConsentResponse:
        """Takes a guardian's consent back."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        receipt = await self._ground.blocking.run(self._service.withdraw_consent, device, envelope, request.visit_token, request.link_id)
        return pb.WithdrawGuardianConsentResponse(receipt=translate.receipt(receipt) if receipt else None)


def _child(child: LinkedChild) -> pb.LinkedChild:
    return pb.LinkedChild(
        link_id=child.link_id,
        name_masked=child.name_masked,
        state=pb.GuardianLinkState.Value(f"GUARDIAN_LINK_STATE_{child.state.value}"),
        application_state=translate.application_state(child.application_state),
        application_number=child.application_number,
    )
