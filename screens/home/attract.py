"""The attract screen: says in two seconds what this is and where to touch. Slides are still pictures that take turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.home.state import Started
from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.display import Chrome
from kiosk.ports.values import Language
from kiosk.session.events import LanguageChosen
from screens.frame.page import Page, Send
from screens.home.slide import MOST_CAMPAIGNS
from screens.home.slides import house_slides, of_campaign, of_house, of_round
from screens.widgets.kv import load_beside

SLIDE_S = 5.0
"""Still slides, no longer than this each (ui.md section 3, 37)."""


class AttractPage(Page):
    """Nobody is here. Between two slides nothing moves and no frame is drawn.

    Attributes:
        slide: Place of the slide that is shown, from 0: the campaigns first, then the house's own. Of many campaigns each round has others.
    """

    touches = {"start": Started}

    slide = NumericProperty(0)
    language = StringProperty(Language.ZH_HANS)
    start_note = StringProperty("")
    card_note = StringProperty("")
    phone_note = StringProperty("")
    is_open = BooleanProperty(True)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Show the start; `now` says which campaigns are shown."""
        super().__init__(send, **kwargs)
        self._now = now
        self._campaigns: tuple[PublicCampaign, ...] = ()
        # Goes on from visitor to visitor: where one comes every half minute, the last campaigns have their turn too.
        self._round = 0
        self._house: tuple[str, ...] = house_slides(Chrome())

    def render(self, state: object, chrome: Chrome) -> None:  # noqa: ARG002 - there is one state
        """Show whether cards can be had and the link stands."""
        self.is_attract = True
        self.language = chrome.language
        condition = _condition(chrome)
        self.start_note = self.tr(f"attract.start.{condition or 'note'}")
        self.card_note = self.tr(f"attract.card.{condition or 'note'}")
        self.phone_note = self.tr("attract.phone.note" if chrome.is_linked else "attract.phone.no_network")
        self._house = house_slides(chrome)
        self._campaigns = chrome.campaigns
        self._show_slide(int(self.slide))

    def enter(self) -> None:
        """Slides begin to take turns."""
        self._show_slide(0)
        Clock.schedule_interval(self._next_slide, SLIDE_S)

    def leave(self) -> None:
        """Slides stop."""
        Clock.unschedule(self._next_slide)

    def choose_language(self, language: str) -> None:
        """Take a language."""
        self.send(LanguageChosen(Language(language)))

    def _next_slide(self, _seconds: float) -> Any:
        self._round += self.slide + 1 >= self.ids.slide.count
        self._show_slide(int(self.slide) + 1)

    def _show_slide(self, place: int) -> None:
        """Show a slide; what is over by its dates, or was taken away, is not among them any more."""
        now = self._now()
        campaigns = of_round([one for one in self._campaigns if one.is_shown(now)], MOST_CAMPAIGNS, self._round)
        count = len(campaigns) + len(self._house)
        self.slide = place % count
        shown = campaigns[int(self.slide)] if self.slide < len(campaigns) else None
        if shown:
            self.ids.slide.show(of_campaign(self.tr, shown, Language(self.language), now))
        else:
            self.ids.slide.show(of_house(self.tr, self._house[int(self.slide) - len(campaigns)]))
        self.ids.slide.place, self.ids.slide.count = self.slide, count


def _condition(chrome: Chrome) -> str:
    """Return what the kiosk cannot do now, "" where it can do everything."""
    if not chrome.is_linked:
        return "no_network"
    return "" if chrome.card_ok else "no_cards"


load_beside(__file__)
