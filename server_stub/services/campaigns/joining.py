"""Taking part in a campaign, once for its request and never more often than there are places; and wishing to be told.

What a campaign gives is given in the same transaction, by the services of coupons and points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.awaits import Awaits
from server_stub.domain.campaigns.campaign import Campaign, CouponGrant, PointsGrant
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import CouponState, Terms
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.numbering import mask_membership_number
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.campaigns.board import CampaignBoard, ask, closed_because
from server_stub.services.campaigns.participants import Asked, selves
from server_stub.services.coupons import Gift, give
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.gifts import PointsGift, PointsGifts
from server_stub.services.own_language import language_for
from server_stub.services.receipts import ANSWERED, Receipt, ReceiptFacts, ReceiptKind, Receipts, TakenPartFacts
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.campaigns import (
    ALL_STORES,
    ClaimRow,
    ReminderRow,
    add_claim,
    add_reminder,
    claims_of,
    find_claim,
    find_reminder,
    take_place,
)
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow

_COUNTER = "campaigns"
_TEXT_KEY = "benefit.coupon"


@dataclass(frozen=True, slots=True)
class Joined:
    """What taking part led to; coupon empty and points 0 where that is all."""

    claim_id: str
    coupon_id: str
    points: int
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class JoiningDesks:
    """What taking part needs of others."""

    visits: Visits
    gifts: PointsGifts
    receipts: Receipts


class CampaignJoining:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED and those of ``RequestLog.once``, and its own."""

    def __init__(self, base: Foundation, board: CampaignBoard, desks: JoiningDesks) -> None:
        self._base = base
        self._board = board
        self._visits = desks.visits
        self._gifts = desks.gifts
        self._receipts = desks.receipts

    def join(self, actor: Actor, envelope: Envelope, visit_token: str, campaign_id: str, language: Language | None = None) -> Joined:
        """Lets the member before the kiosk take part, and gives what the campaign gives.

        Args:
            actor: A kiosk.
            envelope: Of the request.
            visit_token: Of the member's visit.
            campaign_id: Which one.
            language: Of the title on the receipt; None: the member's own.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE; CAMPAIGN_UNKNOWN, CAMPAIGN_STOPPED, CAMPAIGN_NOT_STARTED, CAMPAIGN_ENDED,
                CAMPAIGN_OTHER_STORE, CAMPAIGN_CLAIMED_ALREADY, CAMPAIGN_NOT_ELIGIBLE, CAMPAIGN_QUOTA_GONE: the first that is true.
        """
        device = require_device(actor, Operation.JOIN_CAMPAIGN)
        # The language is no part of the intent: it says how the receipt reads, and a receipt that is written stays as it is.
        call = Call(device, envelope, Operation.JOIN_CAMPAIGN, [visit_token, campaign_id])

        def work(tx: Tx) -> Answer:
            member = self._visits.require(tx, visit_token, device)
            asked = ask(tx, campaign_id, device)
            refusal = self._board.judge(tx, asked, member)
            if refusal is not None:
                raise refuse(refusal)
            self._take_places(tx, asked)
            claim = self._claim(tx, asked, member, device)
            detail: dict[str, str | int | bool] = {"campaign": campaign_id, "version": asked.version, "store": device.store_id}
            self._base.audit.record(tx, Deed(device, "campaign.joined", "campaign_claim", claim.claim_id, envelope.request_id, detail))
            title = asked.campaign.words[language_for(tx, self._base.people, member, language)].title
            receipt = self._receipts.issue(tx, _facts(device, member, asked.campaign, title), member.application_id)
            return {"claim_id": claim.claim_id, ANSWERED: receipt.number}

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: self._told(tx, answer))

    def wish(self, actor: Actor, envelope: Envelope, visit_token: str, campaign_id: str, *, agrees: bool) -> None:
        """Notes that the member wants to be told once by message when they can take part; wishing twice is one wish.

        Raises:
            Refusal: PURPOSE_NOT_CONSENTED without agreement to the message; VISIT_OVER, MEMBER_INACTIVE; CAMPAIGN_UNKNOWN,
                CAMPAIGN_STOPPED, CAMPAIGN_ENDED, CAMPAIGN_OTHER_STORE; CAMPAIGN_NO_REMINDER: it offers none, the member can take
                part now, or is a minor, who is sent no offers.
        """
        device = require_device(actor, Operation.WISH_REMINDER)
        if not agrees:
            raise refuse(Reason.PURPOSE_NOT_CONSENTED)
        call = Call(device, envelope, Operation.WISH_REMINDER, [visit_token, campaign_id])

        def work(tx: Tx) -> Answer:
            member = self._visits.require(tx, visit_token, device)
            asked = ask(tx, campaign_id, device)
            if find_reminder(tx, campaign_id, member.member_id) is None:
                self._require_wish(tx, asked, member)
                add_reminder(tx, ReminderRow(campaign_id, member.member_id, device.store_id, tx.now, None))
                deed = Deed(device, "campaign.reminder_wished", "campaign_reminder", f"{campaign_id}/{member.member_id}")
                self._base.audit.record(tx, deed)
            return {"campaign_id": campaign_id}

        self._base.requests.once(call, work)

    def _require_wish(self, tx: Tx, asked: Asked, member: MemberRow) -> None:
        refusal = self._board.judge(tx, asked, member)
        if self._board.may_wish(tx, asked, member, refusal):
            return
        closed = closed_because(tx, asked)
        raise refuse(closed if closed not in (None, Reason.CAMPAIGN_NOT_STARTED) else Reason.CAMPAIGN_NO_REMINDER)

    def _take_places(self, tx: Tx, asked: Asked) -> None:
        for store_id in (asked.store_id, ALL_STORES):
            if not take_place(tx, asked.campaign.campaign_id, store_id):
                raise refuse(Reason.CAMPAIGN_QUOTA_GONE)

    def _claim(self, tx: Tx, asked: Asked, member: MemberRow, device: DeviceActor) -> ClaimRow:
        campaign = asked.campaign
        own = claims_of(tx, campaign.campaign_id, selves(tx, member.member_id))
        # A merge may have brought others of the same number, so it is the highest that counts.
        ordinal = max((row.ordinal for row in own), default=0) + 1
        coupon_id = self._give_coupon(tx, campaign, member, ordinal, asked.version)
        points = self._give_points(tx, campaign, member, ordinal, asked.version)
        claim = ClaimRow(
            claim_id=self._base.ids.new("clm"),
            campaign_id=campaign.campaign_id,
            version=asked.version,
            member_id=member.member_id,
            ordinal=ordinal,
            store_id=device.store_id,
            device_id=device.device_id,
            coupon_id=coupon_id,
            points=points,
            claimed_at=tx.now,
        )
        add_claim(tx, claim)
        return claim

    def _told(self, tx: Tx, answer: Answer) -> Joined:
        row = find_claim(tx, answer["claim_id"])
        if row is None:
            raise refuse(Reason.CAMPAIGN_UNKNOWN)
        # A request that was accepted by a release without these receipts has none.
        return Joined(row.claim_id, row.coupon_id or "", row.points, self._receipts.named_in(tx, answer) or Receipt("", ""))

    def _give_coupon(self, tx: Tx, campaign: Campaign, member: MemberRow, ordinal: int, version: int) -> str | None:
        if not isinstance(campaign.grant, CouponGrant):
            return None
        today, is_active = business_day(tx.now), member.activated_at is not None
        last = today + timedelta(days=campaign.grant.valid_days - 1)
        gift = Gift(
            coupon_id=self._base.ids.new("cpn"),
            member_id=member.member_id,
            terms=Terms(campaign.grant.value_fen, campaign.grant.minimum_spend_fen, today, last, stores=campaign.stores),
            cause=campaign.cause(ordinal),
            definition=f"campaign:{campaign.campaign_id}",
            text_key=_TEXT_KEY,
            rules_version=_basis(campaign, version),
            state=CouponState.CLAIMED if is_active else CouponState.ISSUED,
            awaits=Awaits.NOTHING if is_active else Awaits.CARD_ACTIVATION,
        )
        return give(tx, gift).coupon_id

    def _give_points(self, tx: Tx, campaign: Campaign, member: MemberRow, ordinal: int, version: int) -> int:
        if not isinstance(campaign.grant, PointsGrant):
            return 0
        last = business_day(tx.now) + timedelta(days=campaign.grant.valid_days - 1)
        cause, basis = campaign.cause(ordinal), _basis(campaign, version)
        self._gifts.give(tx, PointsGift(member.member_id, campaign.grant.points, cause, _COUNTER, last, basis))
        return campaign.grant.points


def _facts(device: DeviceActor, member: MemberRow, campaign: Campaign, title: str) -> ReceiptFacts:
    grant = campaign.grant
    points = grant.points if isinstance(grant, PointsGrant) else 0
    coupon_fen = grant.value_fen if isinstance(grant, CouponGrant) else 0
    return ReceiptFacts(
        kind=ReceiptKind.CAMPAIGN,
        device_id=device.device_id,
        application_number="",
        membership_number_masked=mask_membership_number(member.number),
        taken_part=TakenPartFacts(campaign.campaign_id, title, points, coupon_fen),
    )


def _basis(campaign: Campaign, version: int) -> str:
    return f"campaign:{campaign.campaign_id}:v{version}"
