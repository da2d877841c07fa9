"""What the centre's desk encodes is what the kiosk's gateway gives to journeys: nothing a member must know is lost between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import grpc
import pytest

from kiosk.backend.caller import Caller
from kiosk.backend.cards import CardGateway
from kiosk.backend.members import MemberGateway
from kiosk.ports.values import Benefit, Coupon, RequestId
from proto.member.v1 import card_pb2, member_pb2
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.clock import SystemClock
from server_stub.rpc.card import CardServicer
from server_stub.rpc.member import MemberServicer
from server_stub.rpc.viewing import ViewingDesk
from server_stub.services import activation, members
from server_stub.services.cards.issuing import Issued
from server_stub.services.receipts import Receipt
from server_stub.storage.viewing.api import VisitAt
from tests.support.wire_calls import envelope


class Blocking:
    """Runs a use case at once."""

    async def run(self, work: Any, *values: Any) -> Any:
        return work(*values)


GROUND: Any = SimpleNamespace(caller=SimpleNamespace(device=None), blocking=Blocking())
ISSUED = Issued(
    membership_number_masked="8800 •••• 9012",
    tier="basic",
    points=200,
    benefits=(activation.Benefit("benefit.points", 200, "2027-11-23"), activation.Benefit("benefit.coupon", 1000, "2027-01-22", 5000)),
    receipt=Receipt("K03-000127", "HR1:"),
    welcome_channel="mail",
    visit_token="visit",
    name_masked="欧阳**",
    is_replacement=True,
)
VIEW = members.MemberView(
    name_masked="欧阳**",
    membership_number_masked="8800 •••• 9012",
    tier="gold",
    points_available=1,
    points_pending=2,
    points_expiring=3,
    points_expire_on="2026-12-30",
    coupons=(members.CouponView("benefit.coupon", 1000, 5000, "2027-01-22", usable=True, claimable=True),),
    application_state=ApplicationState.ACTIVE,
    issue_grant="",
    climb=None,
)


class Line:
    """A wire without a network: the servicer of the centre answers the call."""

    async def mutate(self, _method: Any, request: Any, _request_id: Any, _kind: Any, _subject: str = "") -> Any:
        service: Any = SimpleNamespace(issuing=SimpleNamespace(confirm=lambda *_values: ISSUED))
        request.envelope.CopyFrom(envelope())
        answer = await CardServicer(GROUND, service).ConfirmIssue(request, None)
        return card_pb2.ConfirmIssueResponse.FromString(answer.SerializeToString())

    async def ask(self, _method: Any, request: Any) -> Any:
        contacts: Any = None
        members: Any = SimpleNamespace(asked=lambda _device, token: VisitAt(token, "K1"), get_member=lambda *_values: VIEW)
        viewing = ViewingDesk(members, None, GROUND.blocking, SystemClock())
        answer = await MemberServicer(GROUND, members, contacts, viewing).GetMember(request, None)
        return member_pb2.GetMemberResponse.FromString(answer.SerializeToString())


@pytest.fixture
async def channel() -> AsyncIterator[grpc.aio.Channel]:
    made = grpc.aio.insecure_channel("unix:/nonexistent")
    yield made
    await made.close()


async def test_a_new_member_is_greeted_and_told_on_what_a_coupon_depends(channel: grpc.aio.Channel) -> None:
    issued = await CardGateway(channel, cast("Caller", Line())).confirm_issue(RequestId("id"), "issue")
    assert issued.name_masked == "欧阳**"
    assert issued.benefits == (Benefit("benefit.points", 200, "2027-11-23"), Benefit("benefit.coupon", 1000, "2027-01-22", 5000))


async def test_a_member_is_told_on_what_a_coupon_depends(channel: grpc.aio.Channel) -> None:
    membership = await MemberGateway(channel, cast("Caller", Line())).membership("visit")
    assert membership.coupons == (Coupon("benefit.coupon", 1000, "2027-01-22", usable=True, minimum_spend_fen=5000, claimable=True),)
