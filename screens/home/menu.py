"""The guest's menu: join or sign in without reading anything else; only what exists is on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty

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
        self.campaigns = sum(one.is_shown(now) for one in chrome.campaigns)


load_beside(__file__)
