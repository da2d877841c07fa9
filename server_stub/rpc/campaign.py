"""CampaignService: decode, call the service, encode. Decides nothing about campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import campaign_pb2 as pb
from proto.member.v1 import campaign_pb2_grpc, common_pb2, reason_pb2
from server_stub.domain.campaigns.campaign import CouponGrant, PointsGrant
from server_stub.domain.language import Language
from server_stub.rpc import translate
from server_stub.rpc.explaining import encoded_lines
from server_stub.rpc.refusals import number_of

if TYPE_CHECKING:
    from server_stub.domain.campaigns.eligibility import Condition
    from server_stub.rpc.servicer import Ground
    from server_stub.services.campaigns.board import Board, PublicCampaign
    from server_stub.services.campaigns.build import CampaignServices

_NOT_COUNTED = -1
_STATES = {True: pb.CONDITION_STATE_MET, False: pb.CONDITION_STATE_UNMET, None: pb.CONDITION_STATE_UNSPECIFIED}


class CampaignServicer(campaign_pb2_grpc.CampaignServiceServicer):
    """Campaigns at kiosks.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, campaigns: CampaignServices) -> None:
        self._ground = ground
        self._campaigns = campaigns

    async def ListForKiosk(self, request: pb.ListForKioskRequest, _context: object) -> pb.ListForKioskResponse:
        """Returns what changed."""
        board = await self._ground.blocking.run(self._campaigns.board.of_store, self._ground.caller.device, request.known_version)
        return encoded_board(board)

    async def GetCampaign(self, request: pb.GetCampaignRequest, _context: object) -> pb.GetCampaignResponse:
        """Returns one; where no language is said, with names in Simplified Chinese."""
        language = translate.language(request.language) or Language.ZH_HANS
        asked = (request.visit_token, request.campaign_id, language)
        look = await self._ground.blocking.run(self._campaigns.board.look, self._ground.caller.device, *asked)
        return pb.GetCampaignResponse(
            campaign=_public(look.campaign),
            refusal=number_of(look.refusal) if look.refusal else reason_pb2.REASON_UNSPECIFIED,
            conditions=[_condition(one) for one in look.conditions],
            way=encoded_lines(look.way),
            left=_NOT_COUNTED if look.left is None else look.left,
            may_wish=look.may_wish,
            has_wished=look.has_wished,
        )

    async def Join(self, request: pb.JoinRequest, _context: object) -> pb.JoinResponse:
        """Takes part."""
        asked = (translate.envelope(request), request.visit_token, request.campaign_id, translate.language(request.language))
        joined = await self._ground.blocking.run(self._campaigns.joining.join, self._ground.caller.device, *asked)
        return pb.JoinResponse(coupon_id=joined.coupon_id, points=joined.points, receipt=translate.receipt(joined.receipt))

    async def WishReminder(self, request: pb.WishReminderRequest, _context: object) -> pb.WishReminderResponse:
        """Notes the wish."""
        asked = (self._ground.caller.device, translate.envelope(request), request.visit_token, request.campaign_id)
        await self._ground.blocking.run(self._campaigns.joining.wish, *asked, agrees=request.agrees)
        return pb.WishReminderResponse()


def encoded_board(board: Board) -> pb.ListForKioskResponse:
    """Returns a board as the contract has it."""
    campaigns = [_public(one) for one in board.campaigns or ()]
    return pb.ListForKioskResponse(version=board.version, unchanged=board.campaigns is None, campaigns=campaigns)


def _public(one: PublicCampaign) -> pb.PublicCampaign:
    message = pb.PublicCampaign(
        campaign_id=one.campaign_id,
        version=one.version,
        words=[
            pb.CampaignWords(
                language=common_pb2.Language.Value(f"LANGUAGE_{language.name}"),
                title=words.title,
                line=words.line,
                body=words.body,
                conditions=words.conditions,
            )
            for language, words in one.words.items()
        ],
        picture=one.picture,
        starts=translate.timestamp(one.starts),
        ends=translate.timestamp(one.ends),
        shown_from=translate.timestamp(one.shown_from),
        shown_until=translate.timestamp(one.shown_until),
        everywhere=one.is_everywhere,
    )
    match one.grant:
        case CouponGrant(value_fen, minimum_spend_fen, valid_days):
            message.coupon.CopyFrom(pb.CampaignCoupon(value_fen=value_fen, minimum_spend_fen=minimum_spend_fen, valid_days=valid_days))
        case PointsGrant(points, valid_days):
            message.points.CopyFrom(pb.CampaignPoints(points=points, valid_days=valid_days))
        case None:
            pass
    return message


def _condition(one: Condition) -> pb.CampaignCondition:
    what = encoded_lines((one.what,))[0]
    standing = encoded_lines((one.standing,))[0] if one.standing else None
    return pb.CampaignCondition(what=what, standing=standing, state=_STATES[one.is_met])
