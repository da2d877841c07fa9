"""The attract screen: says in two seconds what this is and where to touch. Slides are still pictures that take turns."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.home.state import Started
from kiosk.ports.display import Chrome
from kiosk.ports.values import Language
from kiosk.session.events import LanguageChosen
from screens.frame.page import Page
from screens.home.slide import Slide  # noqa: F401 - named by the kv file
from screens.widgets.kv import load_beside

SLIDES = 3
SLIDE_S = 5.0
"""Still slides, no longer than this each (ui.md section 3, 37)."""


class AttractPage(Page):
    """Nobody is here."""

    touches = {"start": Started}

    slide = NumericProperty(1)
    language = StringProperty(Language.ZH_HANS)
    start_note = StringProperty("")
    is_open = BooleanProperty(True)

    def render(self, state: object, chrome: Chrome) -> None:  # noqa: ARG002 - there is one state
        """Show whether cards can be had and the link stands."""
        self.is_attract = True
        self.language = chrome.language
        self.start_note = self.tr(_start_note(chrome))

    def enter(self) -> None:
        """Slides begin to take turns."""
        self.slide = 1
        Clock.schedule_interval(self._next_slide, SLIDE_S)

    def leave(self) -> None:
        """Slides stop."""
        Clock.unschedule(self._next_slide)

    def choose_language(self, language: str) -> None:
        """Take a language."""
        self.send(LanguageChosen(Language(language)))

    def _next_slide(self, _seconds: float) -> Any:
        self.slide = self.slide % SLIDES + 1


def _start_note(chrome: Chrome) -> str:
    if not chrome.is_linked:
        return "attract.start.no_network"
    return "attract.start.note" if chrome.card_ok else "attract.start.no_cards"


load_beside(__file__)
