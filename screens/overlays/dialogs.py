"""The dialogs: which one lies over the screen, and their clocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.ports.display import ConfirmEnd, NeedMoreTime, Overlay, TakeCard
from kiosk.ports.values import Language
from kiosk.texts import Texts
from screens.frame.page import Send
from screens.overlays.confirm_end import ConfirmEndDialog
from screens.overlays.dialog import Dialog
from screens.overlays.languages import LanguagesDialog
from screens.overlays.more_time import MoreTimeDialog
from screens.overlays.take_card import TakeCardDialog
from screens.widgets.spoken import unspoken

DIALOGS: dict[type, type[Any]] = {NeedMoreTime: MoreTimeDialog, ConfirmEnd: ConfirmEndDialog, TakeCard: TakeCardDialog}


class Dialogs:
    """All dialogs. The session's come before the choice of a language."""

    def __init__(self, send: Send, close_languages: Callable[[], None]) -> None:
        """Build none yet."""
        self._send = send
        self._close_languages = close_languages
        self._built: dict[type, Any] = {}
        self._overlay: Overlay | None = None
        self.tr: Texts = unspoken
        self.is_large = False
        self.is_choosing_language = False

    def warm(self) -> None:
        """Build all of them, so that none is slow when it is first shown."""
        for kind in DIALOGS:
            self._of_kind(kind)
        self._languages()

    def of(self, overlay: Overlay | None) -> Dialog | None:
        """Return the dialog to show, its words and clock set."""
        if overlay is not self._overlay:
            self._change(overlay)
        dialog: Dialog | None = self._dialog(overlay)
        if dialog is not None:
            dialog.tr, dialog.is_large = self.tr, self.is_large
        return dialog

    def wipe(self) -> None:
        """Nothing personal is on a dialog; the choice of a language closes."""
        self.is_choosing_language = False

    def _dialog(self, overlay: Overlay | None) -> Any:
        if overlay is not None:
            return self._built[type(overlay)]
        return self._languages() if self.is_choosing_language else None

    def _change(self, overlay: Overlay | None) -> None:
        if self._overlay is not None:
            self._built[type(self._overlay)].end()
        self._overlay = overlay
        if overlay is not None:
            self.is_choosing_language = False
            self._of_kind(type(overlay)).begin(overlay)

    def _of_kind(self, kind: type) -> Any:
        if kind not in self._built:
            self._built[kind] = DIALOGS[kind](self._send)
        return self._built[kind]

    def _languages(self) -> Any:
        if LanguagesDialog not in self._built:
            self._built[LanguagesDialog] = LanguagesDialog(self._send, self._close_languages)
        dialog = self._built[LanguagesDialog]
        dialog.language = getattr(self.tr, "language", Language.ZH_HANS)
        return dialog
