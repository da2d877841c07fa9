"""What stays when screens change: head, news, steps and bar around the page, and the layer of dialogs above it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.ports.display import Chrome
from kiosk.ports.values import StaffCall
from kiosk.session.events import EndChosen, LargeTypeToggled, StaffCalled, VoiceToggled
from kiosk.texts import Texts
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

CALLS = {StaffCall.WAITING: "waiting", StaffCall.ANSWERED: "answered", StaffCall.UNREACHABLE: "unreachable"}
"""Calls that the line speaks of; a call that is closed is over."""

TOUCHES: dict[str, Callable[[], object]] = {"large": LargeTypeToggled, "voice": VoiceToggled, "staff": StaffCalled, "end": EndChosen}


class Frame(Stage):
    """The frame. Shows one page at a time.

    Attributes:
        tr: Texts.
        is_large: Large type is on.
        step: As Page.step.
        is_end_primary: As Page.is_end_primary.
        is_attract: As Page.is_attract.
        place: Whose kiosk this is, for the head.
        place_large: The same, short.
        clock: Time of day.
        date: Date as shown.
        is_linked: The centre can be reached.
        has_voice: The kiosk can speak.
        is_voice_on: It does.
        news: What the line below the head says, as NewsLine.news.
        notice: What a development installation must say on every screen, "" elsewhere.
    """

    tr = ObjectProperty(unspoken)
    is_large = BooleanProperty(False)
    step = NumericProperty(0)
    is_end_primary = BooleanProperty(False)
    is_attract = BooleanProperty(False)
    place = StringProperty("")
    place_large = StringProperty("")
    clock = StringProperty("")
    date = StringProperty("")
    is_linked = BooleanProperty(True)
    has_voice = BooleanProperty(False)
    is_voice_on = BooleanProperty(False)
    news = StringProperty("")
    notice = StringProperty("")

    def __init__(self, send: Send, choose_language: Callable[[], None], **kwargs: Any) -> None:
        """Build the frame; `choose_language` opens the choice of languages."""
        self.send = send
        self._choose_language = choose_language
        super().__init__(**kwargs)

    def act(self, touch: str) -> None:
        """Send the event of a touch on the bar."""
        self.send(TOUCHES[touch]())

    def open_languages(self) -> None:
        """Open the choice of languages."""
        self._choose_language()

    def dress(self, page: Page, chrome: Chrome, now: datetime) -> None:
        """Show what surrounds `page`."""
        for name in ("step", "is_end_primary", "is_attract"):
            setattr(self, name, getattr(page, name))
        device = chrome.device
        number = device.device_name.rpartition(" ")[2]
        self.place = self.tr("header.place", store=device.store_name, number=number) if device.device_id else ""
        short = self.tr("header.place_large", store=device.store_name, number=number) if device.device_id else ""
        self.notice = device.development_notice
        self.place_large = device.development_notice or short
        self.is_linked = chrome.is_linked
        self.is_voice_on = chrome.is_voice_on
        self.news = _news(page, chrome)
        self.tell_time(now)

    def tell_time(self, now: datetime) -> None:
        """Show the time; `now` is aware, in the store's zone."""
        self.clock = f"{now:%H:%M}"
        self.date = say_date(self.tr, now)

    def say_news(self, tr: Any, news: str, is_large: bool) -> Any:  # noqa: FBT001 - called from kv
        """Return the words of the news; fewer in large type, they have one line."""
        return tr(f"news.{news}.short" if is_large else f"news.{news}") if news else ""

    def show_page(self, page: Page) -> None:
        """Put `page` between head and bar, in the place of the one before."""
        slot = self.ids.page
        if page not in slot.children:
            slot.clear_widgets()
            slot.add_widget(page)

    def show_dialog(self, dialog: Stage | None) -> None:
        """Put `dialog` over everything but the bar, or take it away."""
        slot = self.ids.dialog
        if dialog is None or dialog not in slot.children:
            slot.clear_widgets()
            if dialog is not None:
                slot.add_widget(dialog)
        if dialog is not None:
            # The dialog has a next step of its own, and one thing alone is solid red.
            self.is_end_primary = False


def _news(page: Page, chrome: Chrome) -> str:
    if chrome.staff_call in CALLS:
        return CALLS[chrome.staff_call]
    if page.has_own_banner:
        return ""
    if not chrome.is_linked:
        return "offline"
    return "online" if chrome.is_back else ""


def say_date(tr: Texts, now: datetime) -> str:
    """Return date and weekday in words of the language."""
    return tr("date.weekday", month=tr(f"month.{now.month}"), day=now.day, weekday=tr(f"weekday.{now.isoweekday()}"))


load_beside(__file__)
