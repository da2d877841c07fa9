"""Really end? Asked where something is under way."""

from __future__ import annotations

from kiosk.ports.display import ConfirmEnd
from screens.overlays.dialog import Dialog
from screens.widgets.kv import load_beside


class ConfirmEndDialog(Dialog):
    """The question before something unfinished is dropped."""

    def begin(self, overlay: ConfirmEnd) -> None:
        """Say whether a card must be taken."""
        self.has_card = overlay.card_on_reader

    def end(self) -> None:
        """Nothing runs."""


load_beside(__file__)
