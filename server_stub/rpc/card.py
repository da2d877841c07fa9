"""CardService: decode, call the service, encode. Decides nothing and looks into no command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import card_pb2 as pb
from proto.member.v1 import card_pb2_grpc
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.rpc import translate
from server_stub.services.cards.issuing import AbortCause

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.cards.dialog import Batch
    from server_stub.services.cards.issuing import Issued
    from server_stub.services.cards.service import CardService, NextTurn

_LONGEST_ATR = 33


class CardServicer(card_pb2_grpc.CardServiceServicer):
    """Cards.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, service: CardService) -> None:
        self._ground = ground
        self._service = service

    async def BeginIssue(self, request: pb.BeginIssueRequest, _context: object) -> pb.BeginIssueResponse:
        """Begins or resumes personalisation."""
        _check_atr(request.atr)
        device, envelope = self._ground.caller.device, translate.envelope(request)
        begun = await self._ground.blocking.run(self._service.issuing.begin, device, envelope, request.issue_grant, request.uid)
        return pb.BeginIssueResponse(
            issue_id=begun.issue_id,
            dialog_id=begun.dialog_id,
            commands=_commands(begun.batch),
            stage=translate.stage(begun.batch.stage),
            resumed=begun.resumed,
        )

    async def NextCommands(self, request: pb.NextCommandsRequest, _context: object) -> pb.NextCommandsResponse:
        """Continues a dialogue."""
        device, responses = self._ground.caller.device, tuple(request.responses)
        turn = await self._ground.blocking.run(self._service.next_commands, device, request.dialog_id, request.batch, responses)
        return pb.NextCommandsResponse(
            commands=_commands(turn.batch),
            stage=translate.stage(turn.stage) if turn.stage else pb.ISSUE_STAGE_UNSPECIFIED,
            session=_session(turn),
            done=turn.done,
            total=turn.total,
        )

    async def ConfirmIssue(self, request: pb.ConfirmIssueRequest, _context: object) -> pb.ConfirmIssueResponse:
        """Activates a written card."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        return _issued(await self._ground.blocking.run(self._service.issuing.confirm, device, envelope, request.issue_id))

    async def AbortIssue(self, request: pb.AbortIssueRequest, _context: object) -> pb.AbortIssueResponse:
        """Gives an issue up."""
        cause = translate.chosen(pb.AbortCause, "ABORT_CAUSE_", request.cause, AbortCause)
        if cause is None:
            raise refuse(Reason.REQUEST_MALFORMED)
        device, envelope = self._ground.caller.device, translate.envelope(request)
        aborted = await self._ground.blocking.run(self._service.issuing.abort, device, envelope, request.issue_id, cause)
        return pb.AbortIssueResponse(spoiled=aborted.is_spoiled, issue_grant=aborted.issue_grant)

    async def BeginVisit(self, request: pb.BeginVisitRequest, _context: object) -> pb.BeginVisitResponse:
        """Begins a visit with a card."""
        _check_atr(request.atr)
        begun = await self._ground.blocking.run(self._service.begin_visit, self._ground.caller.device, request.uid)
        return pb.BeginVisitResponse(
            dialog_id=begun.dialog_id, commands=_commands(begun.batch), unfinished_issue_id=begun.unfinished_issue_id
        )

    async def CompleteVisit(self, request: pb.CompleteVisitRequest, _context: object) -> pb.CompleteVisitResponse:
        """Ends the card's part of a visit."""
        device = self._ground.caller.device
        greeting = await self._ground.blocking.run(
            self._service.complete_visit, device, request.dialog_id, request.identity, request.snapshot
        )
        return pb.CompleteVisitResponse(
            visit_token=greeting.visit_token, name_masked=greeting.name_masked, card_behind=greeting.is_card_behind
        )

    async def BeginCardUpdate(self, request: pb.BeginCardUpdateRequest, _context: object) -> pb.BeginCardUpdateResponse:
        """Begins to bring a card up to date."""
        _check_atr(request.atr)
        begun = await self._ground.blocking.run(self._service.begin_update, self._ground.caller.device, request.visit_token, request.uid)
        return pb.BeginCardUpdateResponse(dialog_id=begun.dialog_id, commands=_commands(begun.batch))

    async def GetOwnCard(self, request: pb.GetOwnCardRequest, _context: object) -> pb.GetOwnCardResponse:
        """Tells how it stands with the member's card."""
        device = self._ground.caller.device
        card = await self._ground.blocking.run(self._service.lost_cards.own_card, device, request.visit_token)
        return pb.GetOwnCardResponse(
            standing=pb.CardStanding.Value(f"CARD_STANDING_{card.standing.value}"),
            lost_on=card.lost_on.isoformat() if card.lost_on else "",
            holder_proved=card.is_holder_proved,
            may_withdraw=card.may_withdraw,
            replacement_fee_fen=card.replacement_fee_fen,
        )

    async def ReportLost(self, request: pb.ReportLostRequest, _context: object) -> pb.ReportLostResponse:
        """Reports the member's card lost."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        report = await self._ground.blocking.run(self._service.lost_cards.report, device, envelope, request.visit_token)
        receipt = translate.receipt(report.receipt) if report.receipt else None
        return pb.ReportLostResponse(lost_on=report.lost_on.isoformat(), receipt=receipt)

    async def WithdrawLoss(self, request: pb.WithdrawLossRequest, _context: object) -> pb.WithdrawLossResponse:
        """Takes the report back."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        receipt = await self._ground.blocking.run(self._service.lost_cards.withdraw, device, envelope, request.visit_token)
        return pb.WithdrawLossResponse(receipt=translate.receipt(receipt) if receipt else None)

    async def ReplaceCard(self, request: pb.ReplaceCardRequest, _context: object) -> pb.ReplaceCardResponse:
        """Permits a new card for a lost one."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        grant = await self._ground.blocking.run(self._service.lost_cards.replace, device, envelope, request.visit_token)
        return pb.ReplaceCardResponse(issue_grant=grant)

    async def TurnInCard(self, request: pb.TurnInCardRequest, _context: object) -> pb.TurnInCardResponse:
        """Notes a card that was found."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        await self._ground.blocking.run(self._service.lost_cards.turn_in, device, envelope, request.uid)
        return pb.TurnInCardResponse()

    async def GetHotlist(self, request: pb.GetHotlistRequest, _context: object) -> pb.GetHotlistResponse:
        """Tells which cards are lost."""
        device = self._ground.caller.device
        delta = await self._ground.blocking.run(self._service.lost_cards.hotlist, device, request.known_version)
        changes = [pb.HotlistChange(uid=one.uid, listed=one.is_listed, lost_on=one.lost_on.isoformat()) for one in delta.changes]
        return pb.GetHotlistResponse(version=delta.version, changes=changes, more=delta.has_more)


def _check_atr(atr: bytes) -> None:
    # ISO/IEC 7816-3 8.2: at most 33 bytes. Nothing hangs on its content.
    if len(atr) > _LONGEST_ATR:
        raise refuse(Reason.REQUEST_MALFORMED)


def _commands(batch: Batch | None) -> list[pb.CardCommand]:
    return [pb.CardCommand(apdu=command.apdu, go_on=command.go_on) for command in batch.commands] if batch else []


def _session(turn: NextTurn) -> pb.VisitSession | None:
    if turn.session is None:
        return None
    keys = turn.session
    return pb.VisitSession(ti=keys.ti, enc_key=keys.enc, mac_key=keys.mac, command_counter=turn.command_counter)


def _issued(issued: Issued) -> pb.ConfirmIssueResponse:
    return pb.ConfirmIssueResponse(
        membership_number_masked=issued.membership_number_masked,
        tier=issued.tier,
        points=issued.points,
        benefits=[
            pb.WelcomeBenefit(text_key=b.text_key, amount=b.amount, valid_until=b.valid_until, minimum_spend_fen=b.minimum_spend_fen)
            for b in issued.benefits
        ],
        receipt=translate.receipt(issued.receipt),
        welcome_channel=issued.welcome_channel,
        visit_token=issued.visit_token,
        name_masked=issued.name_masked,
        replacement=issued.is_replacement,
    )
