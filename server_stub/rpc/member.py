"""MemberService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import member_pb2 as pb
from proto.member.v1 import member_pb2_grpc
from server_stub.rpc import refusals, translate
from server_stub.services.contacts import ContactChange

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.rpc.viewing import ViewingDesk
    from server_stub.services.contacts import Contacts
    from server_stub.services.members import MemberService


class MemberServicer(member_pb2_grpc.MemberServiceServicer):
    """The member's own view.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, service: MemberService, contacts: Contacts, viewing: ViewingDesk) -> None:
        self._ground = ground
        self._contacts = contacts
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
                    claimable=c.claimable,
                )
                for c in view.coupons
            ],
            application_state=translate.application_state(view.application_state),
            issue_grant=view.issue_grant,
            climb=translate.climb(view.climb),
        )

    async def GetContact(self, request: pb.GetContactRequest, _context: object) -> pb.GetContactResponse:
        """Returns how the member can be reached."""
        found = await self._ground.blocking.run(self._contacts.contact, self._ground.caller.device, request.visit_token)
        return pb.GetContactResponse(contact=refusals.contact(found))

    async def SubmitChangeRequest(self, request: pb.SubmitChangeRequestRequest, _context: object) -> pb.SubmitChangeRequestResponse:
        """Changes how the member can be reached."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        wanted = (request.mobile, request.phone_proof, request.email, request.remove_email)
        change = ContactChange(request.visit_token, request.expected_version, *wanted)
        version = await self._ground.blocking.run(self._contacts.change, device, envelope, change)
        return pb.SubmitChangeRequestResponse(version=version)

    async def KeepVisit(self, request: pb.KeepVisitRequest, _context: object) -> pb.KeepVisitResponse:
        """Lets the visit go on while its member is there."""
        await self._ground.blocking.run(self._service.keep_visit, self._ground.caller.device, request.visit_token)
        return pb.KeepVisitResponse()

    async def EndVisit(self, request: pb.EndVisitRequest, _context: object) -> pb.EndVisitResponse:
        """Ends the visit."""
        await self._ground.blocking.run(self._service.end_visit, self._ground.caller.device, request.visit_token, request.left_at_page)
        return pb.EndVisitResponse()
