"""The page of one message: a picture, a headline, what it means, what can be done. Serves every simple outcome by a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.ports.display import Chrome
from kiosk.texts import Phrase, Texts
from kiosk.texts.names import reason_help, reason_title
from screens.frame.page import Page, Send
from screens.frame.touch import Choice
from screens.widgets.kv import load_beside

__all__ = ["Choice", "Message", "MessagePage", "Table", "reason_help", "reason_title"]


@dataclass(frozen=True, slots=True)
class Message:
    """What a message page shows.

    Attributes:
        title: Headline.
        body: What it means and what helps; up to three lines.
        icon: Icon in the picture, where no `pose` is given.
        hue: Colour of the icon.
        pose: Pose of the reader's drawing (screens.issue_card.reader_picture), "" for the icon.
        note: One quiet line with `note_icon`, "" for none.
        primary: The next step, solid red.
        secondary: The way out.
        step: Step of joining, 0 outside it.
        holds_name: The title has somebody's name in it; where that is long it is set smaller.
        by_camera: Another way on, shown where a camera works.
    """

    title: Phrase
    body: Phrase
    icon: str = "info"
    hue: str = "blue"
    pose: str = ""
    note: Phrase | str = ""
    note_icon: str = "info"
    primary: Choice | None = None
    secondary: Choice | None = None
    step: int = 0
    by_camera: Choice | None = None
    holds_name: bool = False


Table = Mapping[type, Callable[[Any, Texts], Message]]


class MessagePage(Page):
    """Shows a message; which one, the table says."""

    title = StringProperty("")
    body = StringProperty("")
    icon = StringProperty("info")
    hue = StringProperty("blue")
    pose = StringProperty("")
    note = StringProperty("")
    note_icon = StringProperty("info")
    primary = ObjectProperty(None, allownone=True)
    secondary = ObjectProperty(None, allownone=True)
    by_camera = ObjectProperty(None, allownone=True)
    is_busy = BooleanProperty(False)
    holds_name = BooleanProperty(False)

    def __init__(self, send: Send, table: Table, **kwargs: Any) -> None:
        """Show messages of `table`."""
        self._table = table
        super().__init__(send, **kwargs)

    def render(self, state: Any, chrome: Chrome) -> None:
        """Show the message of `state`."""
        message = self._table[type(state)](state, self.tr)
        for name in ("title", "body", "icon", "hue", "pose", "note", "note_icon", "primary", "secondary", "step", "holds_name"):
            setattr(self, name, getattr(message, name))
        self.by_camera = message.by_camera if chrome.camera_ok else None
        self.is_busy = message.primary is None and message.secondary is None

    def wipe(self) -> None:
        """Forget the words; some name an application number."""
        self.title = self.body = self.note = ""


load_beside(__file__)
