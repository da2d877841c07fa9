"""Tells members who wished it that they can take part in a campaign now, in batches of a transaction each. Knows no scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.domain.actors import Actor, SystemActor

if TYPE_CHECKING:
    from server_stub.services.campaigns.reminders import CampaignReminders

REMINDER = SystemActor("campaign-reminders")
_BATCH = 200


class CampaignRemindersJob:
    """The job."""

    def __init__(self, reminders: CampaignReminders, batch: int = _BATCH) -> None:
        self._reminders = reminders
        self._batch = batch

    def run(self, actor: Actor = REMINDER) -> int:
        """Tells whoever can take part now and returns how many; who cannot yet is looked at the next time.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        total = 0
        for campaign_id in self._reminders.campaigns():
            told, last = self._reminders.tell_next(actor, campaign_id, "", self._batch)
            total += told
            while last:
                told, last = self._reminders.tell_next(actor, campaign_id, last, self._batch)
                total += told
        return total
