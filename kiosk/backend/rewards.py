"""What points buy, over the wire: implements kiosk.ports.rewards.RewardDesk."""

from __future__ import annotations

from datetime import UTC, timedelta

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from kiosk.backend.caller import Caller, reason_name
from kiosk.backend.convert import LANGUAGES, receipt, receipt_in
from kiosk.backend.points import STORE_ZONE, last_day_before
from kiosk.ports.journal import IntentKind
from kiosk.ports.rewards import Bargain, OwnRedemption, Payer, Pieces, Quote, Redemption, RedemptionState, Reward
from kiosk.ports.values import Language, Reason, Receipt, RequestId
from proto.member.v1 import reason_pb2, reward_pb2, reward_pb2_grpc

_PAGE_SIZE = 24
"""Rows of a call: with the longest descriptions well within a message."""

# A state of a later contract is not known here: it is shown, and nothing can be done about it.
_STATES = {
    reward_pb2.REDEMPTION_STATE_COMMITTED: RedemptionState.WAITING,
    reward_pb2.REDEMPTION_STATE_FULFILLED: RedemptionState.PICKED_UP,
    reward_pb2.REDEMPTION_STATE_REVERSED: RedemptionState.GIVEN_BACK,
}


class RewardGateway:
    """See RewardDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._rewards = reward_pb2_grpc.RewardServiceStub(channel)
        self._caller = caller

    async def catalogue(self, visit_token: str, language: Language) -> tuple[Reward, ...]:
        """Return all that this store has."""
        request = reward_pb2.ListRewardsRequest(visit_token=visit_token, language=LANGUAGES[language], page_size=_PAGE_SIZE)
        found: list[Reward] = []
        while True:
            answer = await self._caller.ask(self._rewards.ListRewards, request)
            found += [_reward(one) for one in answer.rewards]
            request.page_token = answer.next_page_token
            if not request.page_token:
                return tuple(found)

    async def quote(self, visit_token: str, wanted: Pieces, language: Language) -> Quote:
        """Return what it would cost."""
        request = reward_pb2.QuoteRequest(visit_token=visit_token, order=_order(wanted), language=LANGUAGES[language])
        answer = await self._caller.ask(self._rewards.Quote, request)
        return Quote(
            points=answer.points,
            after=answer.available_after,
            payers=tuple(Payer(lot.points, last_day_before(lot.expires_on)) for lot in answer.lots),
            needs_code=answer.needs_code,
            refusal=_refusal(answer.refusal),
            frees_on=answer.frees_on,
            alternative=_reward(answer.alternative) if answer.HasField("alternative") else None,
            last_day=_last_day(answer.pickup_until) if answer.HasField("pickup_until") else "",
        )

    async def redeem(self, request_id: RequestId, visit_token: str, bargain: Bargain, phone_proof: str) -> Redemption:
        """Spend points."""
        order, agreed = _order(bargain.wanted), bargain.agreed_points
        request = reward_pb2.RedeemRequest(visit_token=visit_token, order=order, phone_proof=phone_proof, agreed_points=agreed)
        answer = await self._caller.mutate(self._rewards.Redeem, request, request_id, IntentKind.REDEEM)
        return _redemption(answer.redemption)

    async def undo(
        self, request_id: RequestId, visit_token: str, redemption_id: str, language: Language
    ) -> tuple[Redemption, Receipt | None]:
        """Give back what was not picked up."""
        request = reward_pb2.CancelRequest(visit_token=visit_token, redemption_id=redemption_id, language=LANGUAGES[language])
        answer = await self._caller.mutate(self._rewards.Cancel, request, request_id, IntentKind.UNDO_REDEMPTION)
        return _redemption(answer.redemption), receipt_in(answer)

    async def redemptions(self, visit_token: str, language: Language) -> tuple[OwnRedemption, ...]:
        """Return what the member redeemed."""
        request = reward_pb2.ListRedemptionsRequest(visit_token=visit_token, language=LANGUAGES[language], page_size=_PAGE_SIZE)
        found: list[OwnRedemption] = []
        while True:
            answer = await self._caller.ask(self._rewards.ListRedemptions, request)
            found += [_own(one) for one in answer.redemptions]
            request.page_token = answer.next_page_token
            if not request.page_token:
                return tuple(found)

    async def redemption_receipt(self, visit_token: str, redemption_id: str, language: Language) -> Receipt:
        """Return the signed receipt."""
        said = LANGUAGES[language]
        request = reward_pb2.GetRedemptionReceiptRequest(visit_token=visit_token, redemption_id=redemption_id, language=said)
        answer = await self._caller.ask(self._rewards.GetRedemptionReceipt, request)
        return receipt(answer.receipt)


def _order(wanted: Pieces) -> reward_pb2.RedemptionOrder:
    return reward_pb2.RedemptionOrder(reward_id=wanted.reward_id, qty=wanted.qty)


def _refusal(code: int) -> Reason | None:
    return None if code == reason_pb2.REASON_UNSPECIFIED else reason_name(code)


def _reward(one: reward_pb2.RewardView) -> Reward:
    return Reward(
        reward_id=one.reward_id,
        title=one.title,
        description=one.description,
        picture=one.picture,
        points=one.points,
        left=one.left,
        min_tier=one.min_tier,
        adult_only=one.adult_only,
        left_for_member=one.left_for_member,
        until_day=one.until_day,
        refusal=_refusal(one.refusal),
        frees_on=one.frees_on,
        alternative=one.alternative_reward_id,
    )


def _redemption(one: reward_pb2.Redemption) -> Redemption:
    state = _STATES.get(one.state, RedemptionState.OTHER)
    waits = state is RedemptionState.WAITING and one.HasField("until")
    return Redemption(one.redemption_id, state, one.points, one.available, one.pickup_code, _last_day(one.until) if waits else "")


def _own(one: reward_pb2.OwnRedemption) -> OwnRedemption:
    return OwnRedemption(
        redemption=_redemption(one.redemption),
        title=one.title,
        picture=one.picture,
        qty=one.qty,
        made_on=_day(one.made_at),
        store_name=one.store_name,
        is_here=one.at_this_device,
        can_be_undone=one.can_be_undone,
    )


def _last_day(too_late: Timestamp) -> str:
    """The wire names the first moment at which it is too late, midnight; members are told the last day."""
    return _day(too_late, before=timedelta(seconds=1))


def _day(stamp: Timestamp, before: timedelta = timedelta(0)) -> str:
    return (stamp.ToDatetime(tzinfo=UTC) - before).astimezone(STORE_ZONE).date().isoformat()
