"""Tells members who wished it that they can take part in a campaign now: once, and only while it is so. Knows no scheduler."""

from __future__ import annotations

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.campaigns.campaign import Campaign
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require
from server_stub.services.audit import Deed
from server_stub.services.campaigns.board import CampaignBoard, ask
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.storage.campaigns import ReminderRow, newest_versions, set_told, untold
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow, MemberState, member_by_id

_TEMPLATE = "campaign_open"


class CampaignReminders:
    """The use case of the job."""

    def __init__(self, base: Foundation, board: CampaignBoard, notifications: Notifications) -> None:
        self._base = base
        self._board = board
        self._notifications = notifications

    def campaigns(self) -> tuple[str, ...]:
        """Returns the ids of all campaigns."""
        return self._base.database.read(lambda tx: tuple(row.campaign_id for row in newest_versions(tx)))

    def tell_next(self, actor: Actor, campaign_id: str, after: str, limit: int) -> tuple[int, str]:
        """Looks at no more than ``limit`` wishes of members after an id; returns how many were told, and the last id or empty.

        Raises:
            Refusal: NOT_PERMITTED, CAMPAIGN_UNKNOWN.
        """
        require(actor, Operation.RUN_JOBS)

        def transaction(tx: Tx) -> tuple[int, str]:
            wishes = untold(tx, campaign_id, after, limit)
            told = sum(self._tell(tx, actor, wish) for wish in wishes)
            return told, wishes[-1].member_id if wishes else ""

        return self._base.database.write(transaction)

    def _tell(self, tx: Tx, actor: Actor, wish: ReminderRow) -> bool:
        member = member_by_id(tx, wish.member_id)
        if member is None or member.state is not MemberState.ACTIVE:
            return False
        # Judged as at the kiosk where it was wished.
        asked = ask(tx, wish.campaign_id, DeviceActor("", wish.store_id))
        if self._board.judge(tx, asked, member) is not None:
            return False
        self._send(tx, asked.campaign, member)
        set_told(tx, wish)
        key = f"{wish.campaign_id}/{wish.member_id}"
        self._base.audit.record(tx, Deed(actor, "campaign.reminder_told", "campaign_reminder", key))
        return True

    def _send(self, tx: Tx, campaign: Campaign, member: MemberRow) -> None:
        person = self._base.people.find(tx, member.person_id)
        data = self._base.people.open_row(person) if person is not None else None
        if person is None or data is None or not (data.mobile or data.email):
            return
        language = Language(person.language)
        message = Notification(
            event_key=f"{_TEMPLATE}:{campaign.campaign_id}:{member.member_id}",
            template=_TEMPLATE,
            language=language,
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"title": campaign.words[language].title, "until": campaign.last_day.isoformat()},
        )
        self._notifications.send(tx, message)
