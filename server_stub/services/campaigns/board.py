"""What kiosks show of campaigns: the board of a store, as a delta, and one campaign with how it stands with a member. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.campaigns.board_order import for_kiosks
from server_stub.domain.campaigns.campaign import (
    Campaign,
    CouponGrant,
    PointsGrant,
    Words,
    first_refusal,
    member_refusal,
    state_of,
)
from server_stub.domain.campaigns.campaign_file import read_campaign
from server_stub.domain.campaigns.eligibility import Condition
from server_stub.domain.explaining.campaigns import explain_way
from server_stub.domain.explaining.lines import Line
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.campaigns.participants import Asked, Participants
from server_stub.services.decisions import Decisions
from server_stub.services.foundation import Foundation
from server_stub.services.visits import Visits
from server_stub.storage.campaigns import board_version, find_reminder, newest_version, newest_versions, stopped_campaigns
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow

_SENT_BITS = 32
_OPEN_TO_WISHES = frozenset({Reason.CAMPAIGN_NOT_STARTED, Reason.CAMPAIGN_NOT_ELIGIBLE})


@dataclass(frozen=True, slots=True)
class PublicCampaign:
    """What anybody may read of a campaign, in every language."""

    campaign_id: str
    version: int
    words: Mapping[Language, Words]
    picture: str
    starts: datetime
    ends: datetime
    shown_from: datetime
    shown_until: datetime
    is_everywhere: bool
    grant: CouponGrant | PointsGrant | None


@dataclass(frozen=True, slots=True)
class Board:
    """The campaigns of a store; None where the kiosk knows them, because nothing changed since its version.

    Those that begin to be shown later are among them: kiosks show and take away by the dates, without the link too.
    """

    version: int
    campaigns: tuple[PublicCampaign, ...] | None


@dataclass(frozen=True, slots=True)
class CampaignLook:
    """One campaign as it stands with a member, or for nobody.

    Attributes:
        refusal: Why it cannot be taken part in here and now; None where it can, or nobody is there and it is open.
        conditions: Those that are met first.
        way: How it could be, three lines at most; empty for nobody.
        left: Places; None where they are not counted.
        may_wish: The member can ask to be told.
        has_wished: The member did.
    """

    campaign: PublicCampaign
    refusal: Reason | None
    conditions: tuple[Condition, ...]
    way: tuple[Line, ...]
    left: int | None
    may_wish: bool
    has_wished: bool


class CampaignBoard:
    """Shows campaigns. Every method raises ``Refusal`` with NOT_PERMITTED, and its own."""

    def __init__(self, base: Foundation, visits: Visits, participants: Participants, decisions: Decisions) -> None:
        self._base = base
        self._visits = visits
        self._participants = participants
        self._decisions = decisions

    def of_store(self, actor: Actor, known_version: int) -> Board:
        """Returns what the store of the device shows now and later: what runs first, of that what ends first at the top."""
        device = require_device(actor, Operation.LOOK_AT_CAMPAIGNS)

        def reading(tx: Tx) -> Board:
            campaigns = _board(tx, device)
            version = _number_of(board_version(tx), campaigns)
            return Board(version, None if version == known_version else campaigns)

        return self._base.database.read(reading)

    def look(self, actor: Actor, visit_token: str, campaign_id: str, language: Language) -> CampaignLook:
        """Returns one campaign; with an empty token as nobody sees it.

        Raises:
            Refusal: CAMPAIGN_UNKNOWN; VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.LOOK_AT_CAMPAIGNS)

        def reading(tx: Tx) -> CampaignLook:
            member = self._visits.require(tx, visit_token, device) if visit_token else None
            return self._look(tx, ask(tx, campaign_id, device), member, language)

        return self._base.database.read(reading)

    def judge(self, tx: Tx, asked: Asked, member: MemberRow) -> Reason | None:
        """Returns why a member cannot take part here and now, in the caller's transaction."""
        closed = closed_because(tx, asked)
        if closed is not None:
            return closed
        is_eligible = _is_eligible(self._participants.conditions(tx, asked, member))
        return member_refusal(asked.campaign, self._participants.room(tx, asked, member), is_eligible=is_eligible)

    def _look(self, tx: Tx, asked: Asked, member: MemberRow | None, language: Language) -> CampaignLook:
        conditions = self._participants.conditions(tx, asked, member)
        room = self._participants.room(tx, asked, member)
        refusal = closed_because(tx, asked)
        if refusal is None:
            refusal = member_refusal(asked.campaign, room, is_eligible=member is None or _is_eligible(conditions))
        has_wished = member is not None and find_reminder(tx, asked.campaign.campaign_id, member.member_id) is not None
        way = explain_way(asked.campaign, refusal, conditions, self._participants.way(tx, asked, member)) if member is not None else ()
        return CampaignLook(
            campaign=_public(asked.campaign, asked.version),
            refusal=refusal,
            conditions=tuple(self._worded(tx, one, language) for one in conditions),
            way=self._decisions.worded(tx, way, language),
            left=room.left,
            may_wish=member is not None and not has_wished and self.may_wish(tx, asked, member, refusal),
            has_wished=has_wished,
        )

    def may_wish(self, tx: Tx, asked: Asked, member: MemberRow, refusal: Reason | None) -> bool:
        """Returns whether a member can ask to be told: an adult, of a campaign that they may yet take part in."""
        return asked.campaign.has_reminder and refusal in _OPEN_TO_WISHES and not self._participants.is_minor(tx, member)

    def _worded(self, tx: Tx, condition: Condition, language: Language) -> Condition:
        lines = self._decisions.worded(tx, tuple(filter(None, (condition.what, condition.standing))), language)
        return Condition(condition.name, lines[0], lines[1] if condition.standing else None, condition.is_met)


def ask(tx: Tx, campaign_id: str, device: DeviceActor) -> Asked:
    """Returns a campaign as it holds, where it is asked for.

    Raises:
        Refusal: CAMPAIGN_UNKNOWN.
    """
    row = newest_version(tx, campaign_id)
    if row is None:
        raise refuse(Reason.CAMPAIGN_UNKNOWN)
    return Asked(read_campaign(row.document), row.version, device.store_id)


def closed_because(tx: Tx, asked: Asked) -> Reason | None:
    """Returns why nobody can take part here and now."""
    is_stopped = asked.campaign.campaign_id in stopped_campaigns(tx)
    return first_refusal(asked.campaign, state_of(asked.campaign, tx.now, is_stopped=is_stopped), asked.store_id)


def _is_eligible(conditions: tuple[Condition, ...]) -> bool:
    return all(condition.is_met for condition in conditions)


def _board(tx: Tx, device: DeviceActor) -> tuple[PublicCampaign, ...]:
    stopped = stopped_campaigns(tx)
    rows = [(read_campaign(row.document), row.version) for row in newest_versions(tx) if row.campaign_id not in stopped]
    return tuple(_public(one, version) for one, version in for_kiosks(rows, device.store_id, tx.now))


def _number_of(facts: int, campaigns: tuple[PublicCampaign, ...]) -> int:
    """Returns what a kiosk knows these campaigns by: the facts, and which of them were sent.

    Time alone changes the second, as one begins, or is over and makes room for the next; 63 bits at most.
    """
    sent = ",".join(f"{one.campaign_id}:{one.version}" for one in campaigns)
    return facts << _SENT_BITS | crc32(sent.encode())


def _public(campaign: Campaign, version: int) -> PublicCampaign:
    return PublicCampaign(
        campaign_id=campaign.campaign_id,
        version=version,
        words=campaign.words,
        picture=campaign.picture,
        starts=campaign.starts,
        ends=campaign.ends,
        shown_from=campaign.shown_from,
        shown_until=campaign.shown_until,
        is_everywhere=campaign.stores is None,
        grant=campaign.grant,
    )
