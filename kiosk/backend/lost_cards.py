"""Lost and found cards, over the wire: implements kiosk.ports.desks.LossDesk."""

from __future__ import annotations

import grpc

from kiosk.backend.caller import Caller
from kiosk.backend.convert import receipt_in
from kiosk.ports.journal import IntentKind
from kiosk.ports.own_card import CardStanding, HotlistChange, HotlistDelta, OwnCard
from kiosk.ports.values import Receipt, RequestId
from proto.member.v1 import card_pb2, card_pb2_grpc

# A standing of a later contract offers nothing here: as without a card.
_STANDINGS = {card_pb2.CARD_STANDING_ACTIVE: CardStanding.ACTIVE, card_pb2.CARD_STANDING_LOST: CardStanding.LOST}


class LossGateway:
    """See LossDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._cards = card_pb2_grpc.CardServiceStub(channel)
        self._caller = caller

    async def own_card(self, visit_token: str) -> OwnCard:
        """Tell how it stands with the member's card."""
        answer = await self._caller.ask(self._cards.GetOwnCard, card_pb2.GetOwnCardRequest(visit_token=visit_token))
        standing = _STANDINGS.get(answer.standing, CardStanding.NONE)
        return OwnCard(standing, answer.lost_on, answer.holder_proved, answer.may_withdraw, answer.replacement_fee_fen)

    async def report_lost(self, request_id: RequestId, visit_token: str) -> tuple[str, Receipt | None]:
        """Have the card refused everywhere; returns the day of the report and what proves it."""
        request = card_pb2.ReportLostRequest(visit_token=visit_token)
        answer = await self._caller.mutate(self._cards.ReportLost, request, request_id, IntentKind.REPORT_LOST)
        return str(answer.lost_on), receipt_in(answer)

    async def withdraw_loss(self, request_id: RequestId, visit_token: str) -> Receipt | None:
        """Make the card valid again; returns what proves it."""
        request = card_pb2.WithdrawLossRequest(visit_token=visit_token)
        return receipt_in(await self._caller.mutate(self._cards.WithdrawLoss, request, request_id, IntentKind.WITHDRAW_LOSS))

    async def replace_card(self, request_id: RequestId, visit_token: str) -> str:
        """Return the grant for a new card."""
        request = card_pb2.ReplaceCardRequest(visit_token=visit_token)
        answer = await self._caller.mutate(self._cards.ReplaceCard, request, request_id, IntentKind.REPLACE_CARD)
        return str(answer.issue_grant)

    async def turn_in(self, request_id: RequestId, uid: bytes) -> None:
        """Note that a found card was handed in."""
        request = card_pb2.TurnInCardRequest(uid=uid)
        await self._caller.mutate(self._cards.TurnInCard, request, request_id, IntentKind.TURN_IN_CARD)

    async def hotlist(self, known_version: int) -> HotlistDelta:
        """Return which cards were reported lost since a version."""
        answer = await self._caller.ask(self._cards.GetHotlist, card_pb2.GetHotlistRequest(known_version=known_version))
        changes = tuple(HotlistChange(one.uid, one.listed, one.lost_on) for one in answer.changes)
        return HotlistDelta(answer.version, changes, answer.more)
