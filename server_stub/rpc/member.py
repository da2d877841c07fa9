"""MemberService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import member_pb2 as pb
from proto.member.v1 import member_pb2_grpc
from server_stub.rpc import translate

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.rpc.viewing import ViewingDesk
    from server_stub.services.members import MemberService


class MemberServicer(member_pb2_grpc.MemberServiceServicer):
    """The member's own view.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, service: MemberService, viewing: ViewingDesk) -> None:
        self._ground = ground
        self._viewing = viewing
        self._service = service

    async def Identify(self, request: pb.IdentifyRequest, _context: object) -> pb.IdentifyResponse:
        """Signs in with a phone proof."""
        found = await self._ground.blocking.run(self._service.identify, self._ground.caller.device, request.phone_proof)
        return pb.IdentifyResponse(visit_token=found.visit_token, name_masked=found.name_masked)

    async def GetMember(self, request: pb.GetMemberRequest, _context: object) -> pb.GetMemberResponse:
        """Returns the member's own view."""
        view = await self._viewing.view(self._ground.caller.device, request.visit_token)
        return pb.GetMemberResponse(
            name_masked=view.name_masked,
            membership_number_masked=view.membership_number_masked,
            tier=view.tier,
            points_available=view.points_available,
            points_pending=view.points_pending,
            points_expiring=view.points_expiring,
            points_expire_on=view.points_expire_on,
            coupons=[
                pb.CouponView(
                    text_key=c.text_key,
                    value_fen=c.value_fen,
                    minimum_spend_fen=c.minimum_spend_fen,
                    valid_until=c.valid_until,
                    usable=c.usable,
                )
                for c in view.coupons
            ],
            application_state=translate.application_state(view.application_state),
            issue_grant=view.issue_grant,
            climb=translate.climb(view.climb),
        )

    async def EndVisit(self, request: pb.EndVisitRequest, _context: object) -> pb.EndVisitResponse:
        """Ends the visit."""
        await self._ground.blocking.run(self._service.end_visit, self._ground.caller.device, request.visit_token, request.left_at_page)
        return pb.EndVisitResponse()
