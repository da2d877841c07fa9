"""What the kiosk knows of the campaigns of its store: fetched as a delta every half minute, kept without the link. Thread: loop.

A campaign that was stopped is gone from the screens within a minute: the longest pause, and the time that a call may take.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime

from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.desks import CampaignDesk
from kiosk.ports.errors import DeskError

log = logging.getLogger(__name__)

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 20.0, 30.0
"""Between the two by chance, so that the kiosks of a chain do not ask all at once."""


class CampaignBoard:
    """Remembers the campaigns of the store, newest version.

    Args:
        desk: The centre.
        changed: Told all that is known, what of it is shown now and the ids of what is over, where it became different.
        now: Time, aware.
        pause_s: Seconds to the next question.
    """

    def __init__(
        self,
        desk: CampaignDesk,
        changed: Callable[[tuple[PublicCampaign, ...], tuple[PublicCampaign, ...], frozenset[str]], None],
        now: Callable[[], datetime],
        pause_s: Callable[[], float] = lambda: random.uniform(SHORTEST_PAUSE_S, LONGEST_PAUSE_S),  # noqa: S311 - no secret
    ) -> None:
        self._desk = desk
        self._changed = changed
        self._now = now
        self._pause_s = pause_s
        self._version = 0
        self._campaigns: tuple[PublicCampaign, ...] = ()
        # Of those that are not sent any more too: who still reads one is told whether it was stopped or is over.
        self._ends: dict[str, datetime] = {}

    def shown(self) -> tuple[PublicCampaign, ...]:
        """Return what is shown now: what is over drops out by its dates, with or without the link."""
        now = self._now()
        return tuple(one for one in self._campaigns if one.is_shown(now))

    def ended(self) -> frozenset[str]:
        """Return the ids of campaigns that are over by their dates, as far as this kiosk knew them."""
        now = self._now()
        return frozenset(campaign_id for campaign_id, ends in self._ends.items() if ends <= now)

    async def run(self) -> None:
        """Ask again and again until cancelled."""
        while True:
            await self._ask()
            await asyncio.sleep(self._pause_s())

    async def _ask(self) -> None:
        try:
            board = await self._desk.board(self._version)
        except DeskError:
            return
        except (ValueError, OverflowError):
            # What cannot be read must not end the asking: the next answer may be the one that stops a campaign.
            log.exception("campaigns not readable")
            return
        self._version = board.version
        if board.campaigns is not None and board.campaigns != self._campaigns:
            self._campaigns = board.campaigns
            self._ends |= {one.campaign_id: one.ends for one in board.campaigns}
            log.info("campaigns of version %d: %d", board.version, len(board.campaigns))
            self._changed(board.campaigns, self.shown(), self.ended())
