"""Choose a language: each is written in its own script. Opened from the bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.properties import StringProperty

from kiosk.ports.values import Language
from kiosk.session.events import LanguageChosen
from screens.frame.page import Send
from screens.overlays.dialog import Dialog
from screens.widgets.kv import load_beside


class LanguagesDialog(Dialog):
    """The choice.

    Attributes:
        language: The present one.
    """

    language = StringProperty(Language.ZH_HANS)

    def __init__(self, send: Send, close: Callable[[], None], **kwargs: Any) -> None:
        """Build it; `close` takes it away."""
        self._close = close
        super().__init__(send, **kwargs)

    def choose(self, language: str) -> None:
        """Take a language and close."""
        self._close()
        self.send(LanguageChosen(Language(language)))

    def close(self) -> None:
        """Change nothing."""
        self._close()


load_beside(__file__)
