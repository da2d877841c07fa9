"""RewardService: decode, call the desk, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import reward_pb2 as pb
from proto.member.v1 import reward_pb2_grpc
from server_stub.rpc import translate
from server_stub.services.ledger.own_spending import Order

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.rpc.spending import SpendingDesk
    from server_stub.services.ledger.own_spending import OwnRedemption


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
        made = await self._desk.redeem(self._ground.caller.device, translate.envelope(request), order(request))
        return pb.RedeemResponse(redemption=redemption(made))


def order(request: pb.RedeemRequest) -> Order:
    """Returns what a request wants to buy; zero and empty are how the wire says nothing."""
    wanted = request.order
    return Order(request.visit_token, wanted.points or None, wanted.reward_id or None, wanted.qty or 1)


def redemption(made: OwnRedemption) -> pb.Redemption:
    """Returns a redemption as the contract has it."""
    return pb.Redemption(
        redemption_id=made.redemption_id,
        state=pb.RedemptionState.Value(f"REDEMPTION_STATE_{made.state.value}"),
        points=made.points,
        available=made.available,
    )
