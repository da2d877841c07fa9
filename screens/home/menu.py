"""The guest's menu: join or sign in without reading anything else; only what exists is on it."""

from __future__ import annotations

from kivy.properties import BooleanProperty

from kiosk.flows.home.state import Journey, JourneyChosen
from kiosk.ports.display import Chrome
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class MenuPage(Page):
    """The menu.

    Attributes:
        is_linked: The centre can be reached; without it nothing here can be done, and each thing says so.
        is_back: The link that was lost has just come back.
        has_cards: A card can be written here.
    """

    touches = {
        "join": lambda: JourneyChosen(Journey.JOIN),
        "sign_in": lambda: JourneyChosen(Journey.SIGN_IN),
        "feedback": lambda: JourneyChosen(Journey.FEEDBACK),
        "lost_card": lambda: JourneyChosen(Journey.LOST_CARD),
        "status": lambda: JourneyChosen(Journey.STATUS),
    }

    is_linked = BooleanProperty(True)
    is_back = BooleanProperty(False)
    has_cards = BooleanProperty(True)

    def render(self, state: object, chrome: Chrome) -> None:  # noqa: ARG002 - there is one state
        """Show what can be done now."""
        self.has_own_banner = True
        self.is_linked = chrome.is_linked
        self.is_back = chrome.is_back and chrome.is_linked
        self.has_cards = chrome.card_ok


load_beside(__file__)
