"""What every dialog is: a scrim that takes all touches, and a white box on it. The bar stays above."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty

from kiosk.session.events import EndConfirmed, StayChosen
from screens.frame.page import Send
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

TOUCHES = {"stay": StayChosen, "end": EndConfirmed}


class Dialog(Stage):
    """A dialog.

    Attributes:
        tr: Texts.
        is_large: Large type is on.
        has_card: A card lies on the reader.
    """

    tr = ObjectProperty(unspoken)
    is_large = BooleanProperty(False)
    has_card = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build it; `send` takes the events of touches."""
        self.send = send
        super().__init__(box=[0, 0, 0, 0], **kwargs)

    def act(self, touch: str) -> None:
        """Send the event of a touch."""
        self.send(TOUCHES[touch]())

    def on_touch_down(self, touch: Any) -> bool:
        """Let nothing below be touched."""
        super().on_touch_down(touch)
        return True


load_beside(__file__)
