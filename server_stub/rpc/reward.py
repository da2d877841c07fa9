"""RewardService: decode, call the desk or the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import reward_pb2 as pb
from proto.member.v1 import reward_pb2_grpc
from server_stub.rpc import translate
from server_stub.rpc.reward_views import card, own_redemption, quote, redemption
from server_stub.services.rewards.own_spending import SpendRequest
from server_stub.services.rewards.shelf import Order, Paging

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.rpc.spending import SpendingDesk
    from server_stub.services.rewards.build import RewardServices


class RewardServicer(reward_pb2_grpc.RewardServiceServicer):
    """What points buy.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, desk: SpendingDesk, rewards: RewardServices) -> None:
        self._ground = ground
        self._desk = desk
        self._rewards = rewards

    async def ListRewards(self, request: pb.ListRewardsRequest, _context: object) -> pb.ListRewardsResponse:
        """Returns the catalogue of the device's store as the member sees it."""
        paging, language = Paging(request.page_token, request.page_size), translate.language(request.language)
        page = await self._ground.blocking.run(
            self._rewards.shelf.list,
            self._ground.caller.device,
            request.visit_token,
            language,
            paging,
            only_available=request.only_available,
        )
        return pb.ListRewardsResponse(rewards=map(card, page.rewards), next_page_token=page.next_page_token, total=page.total)

    async def Quote(self, request: pb.QuoteRequest, _context: object) -> pb.QuoteResponse:
        """Tells what a redemption would cost."""
        wanted = (request.visit_token, order(request.order), translate.language(request.language))
        return quote(await self._ground.blocking.run(self._rewards.shelf.quote, self._ground.caller.device, *wanted))

    async def Redeem(self, request: pb.RedeemRequest, _context: object) -> pb.RedeemResponse:
        """Spends points at once."""
        made = await self._desk.redeem(self._ground.caller.device, spend_request(request))
        return pb.RedeemResponse(redemption=redemption(made))

    async def Hold(self, request: pb.HoldRequest, _context: object) -> pb.HoldResponse:
        """Sets points and pieces aside."""
        wanted = (translate.envelope(request), request.visit_token, order(request.order), request.phone_proof)
        made = await self._ground.blocking.run(self._rewards.own.hold, self._ground.caller.device, *wanted)
        return pb.HoldResponse(redemption=redemption(made))

    async def Commit(self, request: pb.CommitRequest, _context: object) -> pb.CommitResponse:
        """Spends what is held."""
        wanted = (translate.envelope(request), request.visit_token, request.redemption_id, request.points)
        made = await self._ground.blocking.run(self._rewards.own.commit, self._ground.caller.device, *wanted)
        return pb.CommitResponse(redemption=redemption(made))

    async def Cancel(self, request: pb.CancelRequest, _context: object) -> pb.CancelResponse:
        """Lets go, or undoes."""
        wanted = (translate.envelope(request), request.visit_token, request.redemption_id, translate.language(request.language))
        made = await self._ground.blocking.run(self._rewards.own.cancel, self._ground.caller.device, *wanted)
        return pb.CancelResponse(redemption=redemption(made), receipt=translate.receipt(made.undone_by) if made.undone_by else None)

    async def ListRedemptions(self, request: pb.ListRedemptionsRequest, _context: object) -> pb.ListRedemptionsResponse:
        """Returns the own redemptions."""
        language, paging = translate.language(request.language), Paging(request.page_token, request.page_size)
        page = await self._ground.blocking.run(
            self._rewards.history.page, self._ground.caller.device, request.visit_token, language, paging
        )
        return pb.ListRedemptionsResponse(redemptions=map(own_redemption, page.redemptions), next_page_token=page.next_page_token)

    async def GetRedemptionReceipt(self, request: pb.GetRedemptionReceiptRequest, _context: object) -> pb.GetRedemptionReceiptResponse:
        """Returns the signed receipt."""
        wanted = (request.visit_token, request.redemption_id, translate.language(request.language))
        made = await self._ground.blocking.run(self._rewards.receipts.get, self._ground.caller.device, *wanted)
        return pb.GetRedemptionReceiptResponse(receipt=translate.receipt(made))


def order(wanted: pb.RedemptionOrder) -> Order:
    """Returns what is to be bought."""
    return Order(wanted.points, wanted.reward_id, wanted.qty)


def spend_request(request: pb.RedeemRequest) -> SpendRequest:
    """Returns the request of the use case.

    Raises:
        Refusal: REQUEST_MALFORMED without an envelope.
    """
    said = (request.visit_token, order(request.order), request.phone_proof, request.agreed_points)
    return SpendRequest(translate.envelope(request), *said)
