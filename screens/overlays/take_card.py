"""The session is over, but a card still lies on the reader: the dialog stays until it is taken."""

from __future__ import annotations

from kiosk.ports.display import TakeCard
from screens.overlays.dialog import Dialog
from screens.widgets.kv import load_beside


class TakeCardDialog(Dialog):
    """Take the card. Has no button: taking it is the answer."""

    def begin(self, _overlay: TakeCard) -> None:
        """Nothing to prepare."""

    def end(self) -> None:
        """Nothing runs."""


load_beside(__file__)
