"""The guest's menu: join or sign in without reading anything else; only what exists is on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.home.state import Journey, JourneyChosen
from kiosk.ports.display import Chrome
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside


class MenuPage(Page):
    """The menu.

    Attributes:
        is_linked: The centre can be reached; without it nothing here can be done, and each thing says so.
        is_back: The link that was lost has just come back.
        has_cards: A card can be written here.
        campaigns: How many are shown now; without one there is no row for them.
        campaigns_note: How many of them have begun, in words; where none has, how many will.
    """

    touches = {
        "join": lambda: JourneyChosen(Journey.JOIN),
        "sign_in": lambda: JourneyChosen(Journey.SIGN_IN),
        "feedback": lambda: JourneyChosen(Journey.FEEDBACK),
        "lost_card": lambda: JourneyChosen(Journey.LOST_CARD),
        "campaigns": lambda: JourneyChosen(Journey.CAMPAIGNS),
        "status": lambda: JourneyChosen(Journey.STATUS),
    }

    is_linked = BooleanProperty(True)
    is_back = BooleanProperty(False)
    has_cards = BooleanProperty(True)
    campaigns = NumericProperty(0)
    campaigns_note = StringProperty("")

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Show the menu; `now` says which campaigns are shown."""
        super().__init__(send, **kwargs)
        self._now = now

    def render(self, state: object, chrome: Chrome) -> None:  # noqa: ARG002 - there is one state
        """Show what can be done now."""
        self.has_own_banner = True
        self.is_linked = chrome.is_linked
        self.is_back = chrome.is_back and chrome.is_linked
        self.has_cards = chrome.card_ok
        now = self._now()
        shown = [one for one in chrome.campaigns if one.is_shown(now)]
        running = sum(one.has_begun(now) for one in shown)
        self.campaigns = len(shown)
        self.campaigns_note = self.tr("menu.campaigns.note", count=running) if running else ""
        if shown and not running:
            self.campaigns_note = self.tr("menu.campaigns.note.coming", count=len(shown))


load_beside(__file__)
