"""The member's own view, over the wire: implements kiosk.ports.desks.MemberDesk."""

from __future__ import annotations

import grpc

from kiosk.backend.caller import Caller
from kiosk.backend.convert import APPLICATION_STATES
from kiosk.ports.points import Climb
from kiosk.ports.values import Coupon, Membership, Visitor
from proto.member.v1 import member_pb2, member_pb2_grpc


class MemberGateway:
    """See MemberDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._members = member_pb2_grpc.MemberServiceStub(channel)
        self._caller = caller

    async def identify(self, phone_proof: str) -> Visitor:
        """Sign in with a proved phone number."""
        answer = await self._caller.ask(self._members.Identify, member_pb2.IdentifyRequest(phone_proof=phone_proof))
        return Visitor(answer.visit_token, answer.name_masked)

    async def membership(self, visit_token: str) -> Membership:
        """Return the member's own view."""
        answer = await self._caller.ask(self._members.GetMember, member_pb2.GetMemberRequest(visit_token=visit_token))
        return Membership(
            answer.name_masked,
            answer.membership_number_masked,
            answer.tier,
            answer.points_available,
            answer.points_pending,
            answer.points_expiring,
            answer.points_expire_on,
            tuple(
                Coupon(one.text_key, one.value_fen, one.valid_until, one.usable, one.minimum_spend_fen, one.claimable)
                for one in answer.coupons
            ),
            APPLICATION_STATES[answer.application_state],
            answer.issue_grant,
            Climb(answer.climb.tier, answer.climb.points, answer.climb.goal) if answer.HasField("climb") else None,
        )

    async def keep_visit(self, visit_token: str) -> None:
        """Say that the member is still there."""
        await self._caller.ask(self._members.KeepVisit, member_pb2.KeepVisitRequest(visit_token=visit_token))

    async def end_visit(self, visit_token: str, left_at_page: str = "") -> None:
        """End the visit."""
        request = member_pb2.EndVisitRequest(visit_token=visit_token, left_at_page=left_at_page)
        await self._caller.ask(self._members.EndVisit, request)
