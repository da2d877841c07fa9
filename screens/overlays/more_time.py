"""Still there? The ring shows how long the answer may take; one touch stays."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.properties import NumericProperty

from kiosk.ports.display import NeedMoreTime
from screens.overlays.dialog import Dialog
from screens.widgets.kv import load_beside


class MoreTimeDialog(Dialog):
    """The question before the session ends by itself.

    Attributes:
        whole: Seconds at the start.
        left: Seconds left.
    """

    whole = NumericProperty(20)
    left = NumericProperty(20)

    def begin(self, overlay: NeedMoreTime) -> None:
        """Count down from the start."""
        self.has_card = overlay.card_on_reader
        self.whole = self.left = overlay.seconds
        Clock.unschedule(self._tick)
        Clock.schedule_interval(self._tick, 1.0)

    def end(self) -> None:
        """Stop counting."""
        Clock.unschedule(self._tick)

    def _tick(self, _seconds: float) -> None:
        self.left = max(0, self.left - 1)


load_beside(__file__)
