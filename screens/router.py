"""Which screen shows a state: the one that the session speaks to, and the only one that changes screens.

Implements kiosk.ports.display.Display. Thread: loop. Screens are built once and kept; each shows what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kivy.clock import Clock
from kivy.metrics import Metrics

from kiosk.flows.lost.state import ProvingHolder
from kiosk.flows.register.state import ProvingGuardian, ProvingPhone
from kiosk.flows.rewards.state import ProvingSpender
from kiosk.flows.sign_in.state import SigningInByPhone
from kiosk.flows.status.state import ProvingApplicant
from kiosk.ports.display import View
from kiosk.session.events import Touched
from kiosk.texts import Catalogue
from kiosk.texts.voice import load_spoken
from screens.frame.frame import Frame
from screens.frame.page import Page
from screens.overlays.dialogs import Dialogs
from screens.routes import ROUTES, Tools, build_page
from screens.sound.announcer import Announcer
from screens.theme.tokens import LARGE_FACTOR
from screens.widgets.stage import Stage

CLOCK_S = 5.0


def shown(state: Any) -> Any:
    """Return the state that is drawn: of a journey that proves a phone number, the inner one."""
    wrapping = ProvingPhone | ProvingGuardian | SigningInByPhone | ProvingApplicant | ProvingSpender | ProvingHolder
    return state.phone if isinstance(state, wrapping) else state


class Router(Stage):
    """The display. Add it to the window and give it the window's size."""

    def __init__(self, catalogue: Catalogue, tools: Tools, **kwargs: Any) -> None:
        """Build the frame; screens follow when they are first shown, or one after the other by `warm`."""
        super().__init__(**kwargs)
        self._speakers = {language: catalogue.in_language(language) for language in ("zh-Hans", "zh-Hant", "en")}
        self._tools = tools
        self._send: Callable[[object], None] = lambda _event: None
        self._pages: dict[str, Page] = {}
        self._page: Page | None = None
        self._view: View | None = None
        self._frame = Frame(self._post, self._open_languages, box=[0, 0, 0, 0], has_voice=tools.sounds.is_able)
        self._dialogs = Dialogs(self._post, self._close_languages)
        self._announcer = Announcer(tools.sounds, load_spoken())
        self.add_widget(self._frame)
        Clock.schedule_interval(self._tell_time, CLOCK_S)

    # Display.

    def show(self, view: View) -> None:
        """Show it before the next frame."""
        self._view = view
        self._size_type(is_large=view.chrome.is_large)
        page = self.page_of(view.state)
        if page is not self._page:
            self._change(page)
        self._draw(page, view)
        self._announcer.follow(view, shown(view.state))

    def wipe(self) -> None:
        """Forget every personal value: fields, textures, candidates. No widget here can copy, so no clipboard holds any."""
        self._view = None
        self._announcer.wipe()
        for page in self._pages.values():
            page.wipe()
        self._dialogs.wipe()
        self._frame.show_dialog(None)

    def on_event(self, send: Callable[[object], None]) -> None:
        """Say where events of touches go."""
        self._send = send

    # What the top of the program needs.

    @property
    def view(self) -> View | None:
        """What is shown now."""
        return self._view

    def warm(self) -> Iterator[str]:
        """Build one screen after the other, so that none is slow when it is first shown, and the dialogs; yield each name."""
        for name in dict.fromkeys(ROUTES.values()):
            self._built(name)
            yield name
        self._dialogs.warm()

    def page_of(self, state: Any) -> Page:
        """Return the screen of a state."""
        return self._built(ROUTES[type(shown(state))])

    def on_touch_down(self, touch: Any) -> bool:
        """Let the session know of every touch: idle time begins anew."""
        self._post(Touched())
        is_taken = bool(super().on_touch_down(touch))
        # Only a target holds on to a touch: what is not one makes no sound.
        if touch.grab_list:
            self._tools.sounds.click()
        return is_taken

    # Inside.

    def _post(self, event: object) -> None:
        self._send(event)

    def _built(self, name: str) -> Page:
        if name not in self._pages:
            self._pages[name] = build_page(name, self._post, self._tools)
        return self._pages[name]

    def _size_type(self, *, is_large: bool) -> None:
        wanted = LARGE_FACTOR if is_large else 1.0
        if Metrics.fontscale != wanted:
            Metrics.fontscale = wanted

    def _change(self, page: Page) -> None:
        if self._page is not None:
            self._page.leave()
            self._page.wipe()
        self._page = page
        self._frame.show_page(page)
        page.enter()

    def _draw(self, page: Page, view: View) -> None:
        chrome = view.chrome
        speaker = self._speakers[chrome.language]
        for part in (self._frame, page, self._dialogs):
            part.tr, part.is_large = speaker, chrome.is_large
        page.render(shown(view.state), chrome)
        dialog = self._dialogs.of(view.overlay)
        if dialog is not None:
            page.conceal()
        self._frame.dress(page, chrome, self._tools.now())
        self._frame.show_dialog(dialog)

    def _open_languages(self) -> None:
        self._dialogs.is_choosing_language = True
        self._redraw()

    def _close_languages(self) -> None:
        self._dialogs.is_choosing_language = False
        self._redraw()

    def _redraw(self) -> None:
        if self._view is not None:
            self.show(self._view)

    def _tell_time(self, _seconds: float) -> None:
        self._frame.tell_time(self._tools.now())
