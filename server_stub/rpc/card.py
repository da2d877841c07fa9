"""CardService: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import card_pb2 as pb
from proto.member.v1 import card_pb2_grpc, common_pb2
from server_stub.rpc import translate
from server_stub.services.cards.dialog import Batch, Stage
from server_stub.services.cards.issuing import AbortCause

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.cards.service import CardService

_STAGES = {
    Stage.CHECKING: pb.ISSUE_STAGE_CHECKING,
    Stage.WRITING: pb.ISSUE_STAGE_WRITING,
    Stage.VERIFYING: pb.ISSUE_STAGE_VERIFYING,
    Stage.WRITTEN: pb.ISSUE_STAGE_WRITTEN,
}
_CAUSES = {
    pb.ABORT_CAUSE_NOT_STARTED: AbortCause.NOT_STARTED,
    pb.ABORT_CAUSE_CARD_GONE: AbortCause.CARD_GONE,
    pb.ABORT_CAUSE_CARD_FAULT: AbortCause.CARD_FAULT,
    pb.ABORT_CAUSE_READER_FAULT: AbortCause.READER_FAULT,
}


def _commands(batch: Batch | None) -> list[pb.CardCommand]:
    return [pb.CardCommand(apdu=command.apdu, go_on=command.go_on) for command in batch.commands] if batch else []


class CardServicer(card_pb2_grpc.CardServiceServicer):
    """Cards.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, service: CardService) -> None:
        self._ground = ground
        self._service = service

    async def BeginIssue(self, request: pb.BeginIssueRequest, _context: object) -> pb.BeginIssueResponse:
        """Begins or resumes personalisation of the card on the reader."""
        envelope = translate.envelope(request.envelope)
        issuing = self._service.issuing
        begun = await self._ground.blocking.run(issuing.begin, self._ground.caller.device, envelope, request.issue_grant, request.uid)
        return pb.BeginIssueResponse(
            issue_id=begun.issue_id,
            dialog_id=begun.dialog_id,
            commands=_commands(begun.batch),
            stage=_STAGES[begun.batch.stage],
            resumed=begun.resumed,
        )

    async def NextCommands(self, request: pb.NextCommandsRequest, _context: object) -> pb.NextCommandsResponse:
        """Continues a dialogue."""
        turn = await self._ground.blocking.run(
            self._service.next_commands, self._ground.caller.device, request.dialog_id, request.batch, tuple(request.responses)
        )
        answer = pb.NextCommandsResponse(commands=_commands(turn.batch), done=turn.done, total=turn.total)
        if turn.stage is not None:
            answer.stage = _STAGES[turn.stage]
        if turn.session is not None:
            keys = turn.session
            answer.session.CopyFrom(pb.VisitSession(ti=keys.ti, enc_key=keys.enc, mac_key=keys.mac, command_counter=turn.command_counter))
        return answer

    async def ConfirmIssue(self, request: pb.ConfirmIssueRequest, _context: object) -> pb.ConfirmIssueResponse:
        """Activates a written card."""
        envelope = translate.envelope(request.envelope)
        issued = await self._ground.blocking.run(self._service.issuing.confirm, self._ground.caller.device, envelope, request.issue_id)
        return pb.ConfirmIssueResponse(
            membership_number_masked=issued.membership_number_masked,
            tier=issued.tier,
            points=issued.points,
            benefits=[pb.WelcomeBenefit(text_key=b.text_key, amount=b.amount, valid_until=b.valid_until) for b in issued.benefits],
            receipt=common_pb2.Receipt(number=issued.receipt.number, code=issued.receipt.code),
            welcome_channel=issued.welcome_channel,
            visit_token=issued.visit_token,
        )

    async def AbortIssue(self, request: pb.AbortIssueRequest, _context: object) -> pb.AbortIssueResponse:
        """Gives up."""
        envelope = translate.envelope(request.envelope)
        cause = _CAUSES.get(request.cause, AbortCause.NOT_STARTED)
        aborted = await self._ground.blocking.run(
            self._service.issuing.abort, self._ground.caller.device, envelope, request.issue_id, cause
        )
        return pb.AbortIssueResponse(spoiled=aborted.is_spoiled, issue_grant=aborted.issue_grant)

    async def BeginVisit(self, request: pb.BeginVisitRequest, _context: object) -> pb.BeginVisitResponse:
        """Begins a visit with a card."""
        begun = await self._ground.blocking.run(self._service.begin_visit, self._ground.caller.device, request.uid)
        return pb.BeginVisitResponse(
            dialog_id=begun.dialog_id, commands=_commands(begun.batch), unfinished_issue_id=begun.unfinished_issue_id
        )

    async def CompleteVisit(self, request: pb.CompleteVisitRequest, _context: object) -> pb.CompleteVisitResponse:
        """Ends the card's part of a visit."""
        greeting = await self._ground.blocking.run(
            self._service.complete_visit, self._ground.caller.device, request.dialog_id, request.identity, request.snapshot
        )
        return pb.CompleteVisitResponse(visit_token=greeting.visit_token, name_masked=greeting.name_masked)
