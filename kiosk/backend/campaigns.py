"""Campaigns, over the wire: implements kiosk.ports.desks.CampaignDesk."""

from __future__ import annotations

from datetime import UTC

import grpc

from kiosk.backend.caller import Caller, reason_name
from kiosk.backend.convert import LANGUAGES, receipt
from kiosk.ports.campaigns import Board, CampaignLook, Condition, Joined, Line, PublicCampaign, Words
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import Language, RequestId
from proto.member.v1 import benefit_pb2, campaign_pb2, campaign_pb2_grpc, reason_pb2

_MET = {campaign_pb2.CONDITION_STATE_MET: True, campaign_pb2.CONDITION_STATE_UNMET: False}
_LANGUAGES = {number: language for language, number in LANGUAGES.items()}


class CampaignGateway:
    """See CampaignDesk. Thread: loop."""

    def __init__(self, channel: grpc.aio.Channel, caller: Caller) -> None:
        self._campaigns = campaign_pb2_grpc.CampaignServiceStub(channel)
        self._caller = caller

    async def board(self, known_version: int) -> Board:
        """Return what changed."""
        request = campaign_pb2.ListForKioskRequest(known_version=known_version)
        answer = await self._caller.ask(self._campaigns.ListForKiosk, request)
        return Board(answer.version, None if answer.unchanged else tuple(_public(one) for one in answer.campaigns))

    async def campaign(self, visit_token: str, campaign_id: str, language: Language) -> CampaignLook:
        """Return one campaign."""
        request = campaign_pb2.GetCampaignRequest(visit_token=visit_token, campaign_id=campaign_id, language=LANGUAGES[language])
        answer = await self._caller.ask(self._campaigns.GetCampaign, request)
        return CampaignLook(
            campaign=_public(answer.campaign),
            refusal=None if answer.refusal == reason_pb2.REASON_UNSPECIFIED else reason_name(answer.refusal),
            conditions=tuple(_condition(one) for one in answer.conditions),
            way=tuple(_line(one) for one in answer.way),
            left=answer.left,
            may_wish=answer.may_wish,
            has_wished=answer.has_wished,
        )

    async def join(self, request_id: RequestId, visit_token: str, campaign_id: str, language: Language) -> Joined:
        """Take part."""
        request = campaign_pb2.JoinRequest(visit_token=visit_token, campaign_id=campaign_id, language=LANGUAGES[language])
        answer = await self._caller.mutate(self._campaigns.Join, request, request_id, IntentKind.JOIN_CAMPAIGN)
        return Joined(answer.coupon_id, answer.points, receipt=receipt(answer.receipt))

    async def wish_reminder(self, request_id: RequestId, visit_token: str, campaign_id: str) -> None:
        """Agree to one message."""
        request = campaign_pb2.WishReminderRequest(visit_token=visit_token, campaign_id=campaign_id, agrees=True)
        await self._caller.mutate(self._campaigns.WishReminder, request, request_id, IntentKind.WISH_REMINDER)


def _public(one: campaign_pb2.PublicCampaign) -> PublicCampaign:
    said = {_LANGUAGES[words.language]: words for words in one.words if words.language in _LANGUAGES}
    return PublicCampaign(
        campaign_id=one.campaign_id,
        version=one.version,
        words={language: Words(words.title, words.line, words.body, words.conditions) for language, words in said.items()},
        picture=one.picture,
        starts=one.starts.ToDatetime(UTC),
        ends=one.ends.ToDatetime(UTC),
        shown_from=one.shown_from.ToDatetime(UTC),
        shown_until=one.shown_until.ToDatetime(UTC),
        is_everywhere=one.everywhere,
        value_fen=one.coupon.value_fen,
        minimum_spend_fen=one.coupon.minimum_spend_fen,
        points=one.points.points,
    )


def _condition(one: campaign_pb2.CampaignCondition) -> Condition:
    standing = _line(one.standing) if one.HasField("standing") else None
    return Condition(_line(one.what), standing, _MET.get(one.state))


def _line(one: benefit_pb2.ExplanationLine) -> Line:
    return Line(one.key, dict(one.variables))
