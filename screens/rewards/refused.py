"""Why a reward cannot be had, how far it is away, and what comes nearest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.rewards.state import AlternativeChosen, CannotHave
from kiosk.flows.step import Continued
from kiosk.ports.display import Chrome
from kiosk.texts.days import say_near_day
from kiosk.texts.names import say_tier
from screens.frame.message import reason_help, reason_title
from screens.frame.page import Page, Send
from screens.rewards.words import SHORT, TIER, missing, standing_of
from screens.widgets.kv import load_beside


class RefusedPage(Page):
    """The page.

    Attributes:
        title: Why.
        help: What to do.
        has_alternative: Something comes near.
    """

    touches = {"back": Continued, "look": AlternativeChosen}

    title = StringProperty("")
    help = StringProperty("")
    has_alternative = BooleanProperty(False)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the page once; `now` says what year it is."""
        super().__init__(send, **kwargs)
        self._now = now

    def render(self, state: CannotHave, chrome: Chrome) -> None:
        """Show the reason and what comes nearest."""
        tr, unit, near = self.tr, self.tr("rewards.unit"), state.alternative
        self.title, self.help = reason_title(tr, state.reason), reason_help(tr, state.reason)
        self.has_alternative, self.is_end_primary = near is not None, near is None
        wanted, tier = self.ids.wanted, chrome.tier_name(state.reward.min_tier)
        wanted.say(state.reward, unit)
        wanted.fact = wanted.second = ""
        wanted.second_icon = "clock"
        if state.reason == TIER and state.reward.min_tier:
            wanted.fact = standing_of(tr, state.reward, state.among.membership, tier).words
            wanted.second, wanted.second_icon = tr("refused.tier", tier=say_tier(tr, tier)), "lock-key"
        if state.reason == SHORT:
            wanted.fact = tr("refused.short", count=f"{missing(state.reward.points, state.among.membership.points_available):,}")
            if state.frees_on:
                wanted.second = tr("refused.frees_on", date=say_near_day(tr, state.frees_on, self._now().date()))
        if near is not None:
            standing = standing_of(tr, near, state.among.membership, chrome.tier_name(near.min_tier))
            self.ids.near.say(near, unit)
            self.ids.near.fact, self.ids.near.fact_icon, self.ids.near.fact_ink = standing.words, "check-circle", standing.ink

    def wipe(self) -> None:
        """Forget what the member could not have."""
        self.title = self.help = ""
        self.ids.wanted.wipe()
        self.ids.near.wipe()


load_beside(__file__)
