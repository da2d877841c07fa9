"""BenefitService: decode, call the service, encode. Decides nothing about benefits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import benefit_pb2 as pb
from proto.member.v1 import reason_pb2
from server_stub.domain.language import Language
from server_stub.rpc import translate
from server_stub.rpc.explaining import ExplainingParts, ExplainingServicer
from server_stub.rpc.refusals import number_of

if TYPE_CHECKING:
    from server_stub.rpc.servicer import Ground
    from server_stub.services.benefit_changes import BenefitChanges
    from server_stub.services.birthdays import Birthdays, GiftGiven
    from server_stub.services.referrals import Referrals


class BenefitServicer(ExplainingServicer):
    """Birthday gift, referral code, changes of benefits.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, parts: ExplainingParts, birthdays: Birthdays, referrals: Referrals, changes: BenefitChanges) -> None:
        super().__init__(ground, parts)
        self._birthdays = birthdays
        self._referrals = referrals
        self._changes = changes

    async def GetBirthdayGift(self, request: pb.GetBirthdayGiftRequest, _context: object) -> pb.GetBirthdayGiftResponse:
        """Tells how it stands with the gift."""
        standing = await self._ground.blocking.run(self._birthdays.own_standing, self._ground.caller.device, request.visit_token)
        return pb.GetBirthdayGiftResponse(
            state=pb.BirthdayGiftState.Value(f"BIRTHDAY_GIFT_STATE_{standing.state}"),
            reason=number_of(standing.reason) if standing.reason else reason_pb2.REASON_UNSPECIFIED,
            gift=_gift(standing.gift) if standing.gift else None,
        )

    async def AskBirthdayGift(self, request: pb.AskBirthdayGiftRequest, _context: object) -> pb.AskBirthdayGiftResponse:
        """Gives it."""
        device, envelope = self._ground.caller.device, translate.envelope(request)
        given = await self._ground.blocking.run(self._birthdays.ask_own, device, envelope, request.visit_token)
        return pb.AskBirthdayGiftResponse(gift=_gift(given))

    async def GetReferralCode(self, request: pb.GetReferralCodeRequest, _context: object) -> pb.GetReferralCodeResponse:
        """Returns the member's referral code."""
        offer = await self._ground.blocking.run(self._referrals.own_offer, self._ground.caller.device, request.visit_token)
        return pb.GetReferralCodeResponse(
            code=offer.code,
            referrer_points=offer.referrer_points,
            referee_points=offer.referee_points,
            minimum_spend_fen=offer.minimum_spend_fen,
            return_days=offer.return_days,
        )

    async def ListChanges(self, request: pb.ListChangesRequest, _context: object) -> pb.ListChangesResponse:
        """Returns announced changes; where no language is said, in Simplified Chinese."""
        language = translate.language(request.language) or Language.ZH_HANS
        found = await self._ground.blocking.run(self._changes.announced, self._ground.caller.device, language)
        return pb.ListChangesResponse(
            changes=[
                pb.AnnouncedChange(change_id=one.change_id, title=one.title, text=one.text, effective_on=one.effective_on) for one in found
            ]
        )


def _gift(given: GiftGiven) -> pb.BirthdayGift:
    return pb.BirthdayGift(text_key=given.text_key, value_fen=given.value_fen, valid_until=given.valid_until)
