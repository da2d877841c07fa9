"""Cards, over the wire: implements kiosk.ports.desks.CardDesk."""

from __future__ import annotations

import grpc

from kiosk.backend.caller import Caller
from kiosk.backend.convert import ABORT_CAUSES, STAGES, commands, receipt
from kiosk.ports.desks import Batch, Greeted, IssueBegun, UpdateBegun, VisitBegun, VisitSession
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import AbortCause, Benefit, CardSeen, Issued, RequestId, Visitor
from proto.member.v1 import card_pb2, card_pb2_grpc


class CardGateway:
    """See CardDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._cards = card_pb2_grpc.CardServiceStub(channel)
        self._caller = caller

    async def begin_issue(self, request_id: RequestId, grant: str, card: CardSeen) -> IssueBegun:
        """Begin or resume writing the card."""
        request = card_pb2.BeginIssueRequest(issue_grant=grant, uid=card.uid, atr=card.atr)
        answer = await self._caller.mutate(self._cards.BeginIssue, request, request_id, IntentKind.BEGIN_ISSUE)
        return IssueBegun(answer.issue_id, answer.dialog_id, commands(answer.commands), STAGES[answer.stage], answer.resumed)

    async def begin_visit(self, card: CardSeen) -> VisitBegun:
        """Begin a visit with the card."""
        answer = await self._caller.ask(self._cards.BeginVisit, card_pb2.BeginVisitRequest(uid=card.uid, atr=card.atr))
        return VisitBegun(answer.dialog_id, commands(answer.commands), answer.unfinished_issue_id)

    async def next_commands(self, dialog_id: str, batch: int, responses: tuple[bytes, ...]) -> Batch:
        """Bring answers, get the next batch."""
        request = card_pb2.NextCommandsRequest(dialog_id=dialog_id, batch=batch, responses=responses)
        answer = await self._caller.ask(self._cards.NextCommands, request)
        session = None
        if answer.HasField("session"):
            keys = answer.session
            session = VisitSession(keys.ti, keys.enc_key, keys.mac_key, keys.command_counter)
        return Batch(commands(answer.commands), STAGES.get(answer.stage), session, answer.done, answer.total)

    async def complete_visit(self, dialog_id: str, identity: bytes, snapshot: bytes) -> Greeted:
        """End the card's part of a visit."""
        request = card_pb2.CompleteVisitRequest(dialog_id=dialog_id, identity=identity, snapshot=snapshot)
        answer = await self._caller.ask(self._cards.CompleteVisit, request)
        return Greeted(Visitor(answer.visit_token, answer.name_masked), answer.card_behind)

    async def begin_update(self, visit_token: str, card: CardSeen) -> UpdateBegun:
        """Begin to bring the member's card up to date."""
        request = card_pb2.BeginCardUpdateRequest(visit_token=visit_token, uid=card.uid, atr=card.atr)
        answer = await self._caller.ask(self._cards.BeginCardUpdate, request)
        return UpdateBegun(answer.dialog_id, commands(answer.commands))

    async def confirm_issue(self, request_id: RequestId, issue_id: str) -> Issued:
        """Activate a card that was verified."""
        request = card_pb2.ConfirmIssueRequest(issue_id=issue_id)
        answer = await self._caller.mutate(self._cards.ConfirmIssue, request, request_id, IntentKind.CONFIRM_ISSUE, issue_id)
        return Issued(
            answer.membership_number_masked,
            answer.tier,
            answer.points,
            tuple(Benefit(benefit.text_key, benefit.amount, benefit.valid_until, benefit.minimum_spend_fen) for benefit in answer.benefits),
            receipt(answer.receipt),
            answer.welcome_channel,
            answer.visit_token,
            answer.name_masked,
            answer.replacement,
        )

    async def abort_issue(self, request_id: RequestId, issue_id: str, cause: AbortCause) -> tuple[bool, str]:
        """Give up; returns whether the card is spoiled and the grant for another one."""
        request = card_pb2.AbortIssueRequest(issue_id=issue_id, cause=ABORT_CAUSES[cause])
        answer = await self._caller.mutate(self._cards.AbortIssue, request, request_id, IntentKind.ABORT_ISSUE, issue_id)
        return bool(answer.spoiled), str(answer.issue_grant)
