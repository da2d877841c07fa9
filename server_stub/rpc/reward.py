"""RewardService: decode, call the desk, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import reward_pb2 as pb
from proto.member.v1 import reward_pb2_grpc
from server_stub.rpc import translate
from server_stub.services.rewards.own_spending import SpendRequest
from server_stub.services.rewards.shelf import Order

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.rpc.spending import SpendingDesk
    from server_stub.services.rewards.own_redemptions import RedemptionNow


class RewardServicer(reward_pb2_grpc.RewardServiceServicer):
    """What points buy.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, desk: SpendingDesk) -> None:
        self._ground = ground
        self._desk = desk

    async def Redeem(self, request: pb.RedeemRequest, _context: object) -> pb.RedeemResponse:
        """Spends points at once."""
        return pb.RedeemResponse(redemption=redemption(await self._desk.redeem(self._ground.caller.device, spend_request(request))))


def spend_request(request: pb.RedeemRequest) -> SpendRequest:
    """Returns the request of the use case.

    Raises:
        Refusal: REQUEST_MALFORMED without an envelope.
    """
    return SpendRequest(translate.envelope(request), request.visit_token, order(request.order), request.phone_proof)


def order(wanted: pb.RedemptionOrder) -> Order:
    """Returns what is to be bought."""
    return Order(wanted.points, wanted.reward_id, wanted.qty)


def redemption(made: RedemptionNow) -> pb.Redemption:
    """Returns a redemption as the contract has it."""
    return pb.Redemption(
        redemption_id=made.redemption_id,
        state=pb.RedemptionState.Value(f"REDEMPTION_STATE_{made.state.value}"),
        points=made.points,
        available=made.available,
        pickup_code=made.pickup_code,
        until=translate.timestamp(made.until) if made.until else None,
    )
