"""Campaigns as touches: found by a guest, signed in on the way, joined; one that is not for this member yet; feedback; a stop that acts.

Goes on where the journey of joining ends, on an installation whose campaigns are the sample. What the world does meanwhile (a campaign that
is stopped) is done by `before`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.journey.script import Journey

BAKING, COUPON = "campaigns.0", "campaigns.2"
HAPPY, CLEAN = "feedback.face.5", "feedback.quick.1"
GUARD_S = 0.3
WITHIN_S = 60.0
"""A stopped campaign is gone from a kiosk that is online by then."""


@dataclass(slots=True)
class CampaignsJourney(Journey):
    """Plays joining and then campaigns."""

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        # Not super(): a dataclass with slots is made anew and no longer the class in which this stands.
        yield from Journey._steps(self)
        yield "menu of a guest", lambda: self.go("attract.start", "Menu")
        yield "campaigns of a guest", lambda: self.go("menu.campaigns", "CampaignList")
        yield "a coupon", lambda: self.go(COUPON, "CampaignShown")
        yield "asked to sign in", lambda: self.go("campaign.action", "WaitingForCard")
        yield "back at the campaign", self.lay_own_card
        yield "joined", lambda: self.go("campaign.action", "CampaignJoined")
        yield "home", lambda: self.go("campaign_joined.done", "MemberHome")
        yield "campaigns", lambda: self.go("member.campaigns", "CampaignList")
        yield "not eligible", lambda: self.go(BAKING, "CampaignShown")
        yield "ask to be told", lambda: self.go("campaign.action", "AskingReminder")
        yield "agreed", lambda: self.go("message.agree", "ReminderNoted")
        yield "list again", self.read_and_go_on
        yield "not eligible, wished", lambda: self.go(BAKING, "CampaignShown")
        yield "feedback", lambda: self.go("campaign.feedback", "Saying")
        yield "face", lambda: self.touch_and_see(HAPPY, CLEAN)
        yield "case number", lambda: self.go("feedback.submit", "FeedbackSent")
        yield "end of campaigns", self.end_with_card
        yield "menu before the stop", lambda: self.go("attract.start", "Menu")
        yield "list before the stop", lambda: self.go("menu.campaigns", "CampaignList")
        yield "stopped", lambda: self.glass.wait_for(lambda seen: COUPON not in seen["targets"], "one campaign less", WITHIN_S)
        yield "end of the list", lambda: self.go("bar-end", "Attract")

    def lay_own_card(self) -> None:
        """Lay the card down where the kiosk asks for it: the way leads on to the campaign."""
        time.sleep(0.5)
        self._control.insert("member", self.card_kind)
        self.glass.wait("CampaignShown", wait_s=self.patience_s)

    def read_and_go_on(self) -> None:
        """Read the message first: its button is the one that was touched just now, and a second touch at once is a slip."""
        time.sleep(2 * GUARD_S)
        self.go("message.list", "CampaignList")
