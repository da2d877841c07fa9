"""A router with every screen on the unseen window, and previews to show on it; for tests and for pictures of screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import Any

from kivy.metrics import Metrics

from kiosk.pinyin.names import NameEngine
from kiosk.ports.display import View
from kiosk.ports.values import Language
from kiosk.regions.table import Regions
from kiosk.texts import load_catalogue
from screens.previews import previews
from screens.register.form_inputs import InputTools
from screens.router import Router
from screens.routes import Tools
from screens.sound.announcer import Silence, Sounds
from screens.widgets.text import Text
from tests.support.screen_driver import ScreenDriver, is_visible

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 8, 6, 14, 26, tzinfo=timezone(timedelta(hours=8)))


def made_router(today: Callable[[], date], sounds: Sounds) -> Router:
    """Return a router that says what is in the catalogue at a fixed time; `today` is the day of the date picker."""
    names, general = NameEngine.load(), NameEngine.load()
    inputs = InputTools(names, general, Regions.load(), today)
    return Router(load_catalogue(), Tools(lambda: inputs, lambda: NOW, sounds))


class Unheard(Silence):
    """A kiosk that could be heard: its bar has the voice button."""

    is_able = True


class Stand:
    """The router, what it sent, and a finger."""

    def __init__(self, sounds: Sounds | None = None) -> None:
        self.today: Callable[[], date] = lambda: TODAY
        self.router = made_router(self._today, sounds or Unheard())
        self.sent: list[Any] = []
        self.router.on_event(self.sent.append)
        self.driver = ScreenDriver(self.router)

    def _today(self) -> date:
        return self.today()

    @cached_property
    def pages(self) -> list[Any]:
        """Every screen; each is built once."""
        return list(dict.fromkeys(self.router.page_of(view.state) for view in views().values()))

    def show(self, view: View) -> None:
        """Show a view and draw it."""
        self.router.show(view)
        self.driver.frames(4)

    def preview(self, label: str, language: Language = Language.ZH_HANS, *, is_large: bool = False) -> View:
        """Show the preview with this label and return it."""
        view = views(language, is_large=is_large)[label]
        self.show(view)
        return view

    def settle(self) -> None:
        """Be as new for the next test."""
        self.today = lambda: TODAY
        self.router.wipe()
        self.driver.wait(0.4)
        self.preview("attract")
        self.sent.clear()

    def tap(self, test_id: str) -> list[Any]:
        """Touch a target; return what was sent but the touch itself."""
        self.sent.clear()
        self.driver.tap(test_id)
        return [event for event in self.sent if type(event).__name__ != "Touched"]


def told(stand: Stand) -> set[str]:
    """Return every text that is to be seen."""
    return {part.text for part in stand.router.walk(restrict=True) if isinstance(part, Text) and is_visible(part) and part.text}


@contextmanager
def standing(sounds: Sounds | None = None) -> Iterator[Stand]:
    """Give a stand whose bar has the voice, as in a store; nobody hears it unless there are `sounds`. Put type and window back."""
    stand = Stand(sounds)
    try:
        yield stand
    finally:
        stand.driver.close()
        Metrics.fontscale = 1.0


def views(language: Language = Language.ZH_HANS, *, is_large: bool = False) -> dict[str, View]:
    """Return every preview by its label."""
    return {label: view for rows in previews(language, is_large=is_large).values() for label, view in rows}
