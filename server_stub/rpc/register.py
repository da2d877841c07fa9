"""Puts the servicers onto a server: each proto service once. Knows no settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proto.member.v1.benefit_pb2_grpc import add_BenefitServiceServicer_to_server
from proto.member.v1.campaign_pb2_grpc import add_CampaignServiceServicer_to_server
from proto.member.v1.card_pb2_grpc import add_CardServiceServicer_to_server
from proto.member.v1.consent_pb2_grpc import add_ConsentServiceServicer_to_server
from proto.member.v1.coupon_pb2_grpc import add_CouponServiceServicer_to_server
from proto.member.v1.credential_pb2_grpc import add_CredentialServiceServicer_to_server
from proto.member.v1.device_pb2_grpc import add_DeviceServiceServicer_to_server
from proto.member.v1.enrollment_pb2_grpc import add_EnrollmentServiceServicer_to_server
from proto.member.v1.feedback_pb2_grpc import add_FeedbackServiceServicer_to_server
from proto.member.v1.guardian_pb2_grpc import add_GuardianServiceServicer_to_server
from proto.member.v1.member_pb2_grpc import add_MemberServiceServicer_to_server
from proto.member.v1.points_pb2_grpc import add_PointsServiceServicer_to_server
from proto.member.v1.reward_pb2_grpc import add_RewardServiceServicer_to_server
from proto.member.v1.sale_pb2_grpc import add_SaleServiceServicer_to_server
from proto.member.v1.sync_pb2_grpc import add_SyncServiceServicer_to_server
from server_stub.rpc.benefit import BenefitServicer
from server_stub.rpc.campaign import CampaignServicer
from server_stub.rpc.card import CardServicer
from server_stub.rpc.consent import ConsentServicer
from server_stub.rpc.coupon import CouponServicer
from server_stub.rpc.credential import CredentialServicer
from server_stub.rpc.device import DeviceParts, DeviceServicer
from server_stub.rpc.enrollment import EnrollmentServicer
from server_stub.rpc.explaining import ExplainingParts
from server_stub.rpc.feedback import FeedbackServicer
from server_stub.rpc.guardian import GuardianServicer
from server_stub.rpc.member import MemberServicer
from server_stub.rpc.points import PointsServicer
from server_stub.rpc.reward import RewardServicer
from server_stub.rpc.sale import SaleServicer
from server_stub.rpc.sync import SyncServicer

if TYPE_CHECKING:
    import grpc

    from server_stub.rpc.servicer import Ground
    from server_stub.rpc.spending import SpendingDesk
    from server_stub.rpc.viewing import ViewingDesk
    from server_stub.services.build import CoreServices
    from server_stub.services.cards.service import CardService
    from server_stub.services.device_registry import DeviceRegistry
    from server_stub.services.staff_calls import StaffCalls


@dataclass(frozen=True, slots=True)
class Served:
    """The services behind the servicers; the notice is what a device shows of the development profile, or empty."""

    core: CoreServices
    cards: CardService
    devices: DeviceRegistry
    calls: StaffCalls
    spending: SpendingDesk
    viewing: ViewingDesk
    development_notice: str


def add_servicers(server: grpc.aio.Server, ground: Ground, served: Served) -> None:
    """Registers every service of the contract."""
    device = DeviceParts(served.devices, served.calls, served.core.decisions, served.development_notice)
    add_DeviceServiceServicer_to_server(DeviceServicer(ground, device), server)
    add_ConsentServiceServicer_to_server(ConsentServicer(ground, served.core.notices), server)
    add_EnrollmentServiceServicer_to_server(EnrollmentServicer(ground, served.core.enrollment), server)
    add_MemberServiceServicer_to_server(MemberServicer(ground, served.core.members, served.core.contacts, served.viewing), server)
    add_GuardianServiceServicer_to_server(GuardianServicer(ground, served.core.guardians), server)
    add_CredentialServiceServicer_to_server(CredentialServicer(ground, served.core.codes, served.core.resuming), server)
    add_RewardServiceServicer_to_server(RewardServicer(ground, served.spending, served.core.rewards), server)
    add_CardServiceServicer_to_server(CardServicer(ground, served.cards), server)
    add_PointsServiceServicer_to_server(PointsServicer(ground, served.core.own_points, served.core.own_purchases), server)
    add_FeedbackServiceServicer_to_server(FeedbackServicer(ground, served.core.feedback), server)
    sales = SaleServicer(ground, served.core.tills, served.core.till_spending)
    add_SaleServiceServicer_to_server(sales, server)
    add_SyncServiceServicer_to_server(SyncServicer(ground, served.spending, sales), server)
    add_CouponServiceServicer_to_server(CouponServicer(ground, served.core.own_coupons, served.core.coupons, served.core.tills), server)
    add_CampaignServiceServicer_to_server(CampaignServicer(ground, served.core.campaigns), server)
    explaining = ExplainingParts(served.core.decisions, served.core.benefits)
    benefits = BenefitServicer(ground, explaining, served.core.birthdays, served.core.referrals, served.core.benefit_changes)
    add_BenefitServiceServicer_to_server(benefits, server)
