"""What the camera sees, as in a mirror, in a dark card: whoever stands there sees that the camera is on, and where to hold the code."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.properties import ObjectProperty

from kiosk.ports.display import Sight, Viewfinder
from screens.widgets.card import Card
from screens.widgets.kv import load_beside

LOOK_EVERY_S = 0.1


class ViewfinderCard(Card):
    """The card; `begin` and `end` say when it is seen. One texture is kept and overwritten."""

    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source: Viewfinder | None = None
        self._drawn: Sight | None = None
        self._clock: Any = None

    def begin(self) -> None:
        """Look for new sights."""
        if self._clock is None:
            self._clock = Clock.schedule_interval(self._refresh, LOOK_EVERY_S)

    def end(self) -> None:
        """Look no more."""
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def wipe(self) -> None:
        """Forget the picture, on the graphics card too."""
        self._drawn = None
        if self.texture is not None:
            self.texture.blit_buffer(bytes(self.texture.width * self.texture.height * 3), colorfmt="rgb", bufferfmt="ubyte")
            self.texture = None

    def _refresh(self, _seconds: float) -> None:
        sight = self.source.sight if self.source else None
        if sight is None or sight is self._drawn:
            return
        self._drawn = sight
        size = (sight.width_px, sight.height_px)
        texture = (
            self.texture if self.texture is not None and tuple(self.texture.size) == size else Texture.create(size=size, colorfmt="rgb")
        )
        texture.blit_buffer(sight.rgb, colorfmt="rgb", bufferfmt="ubyte")
        self.texture = texture
        self.canvas.ask_update()


load_beside(__file__)
