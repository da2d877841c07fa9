"""A ring that runs down. Its owner sets it once a second; only then is it drawn anew."""

from __future__ import annotations

from typing import Any

from kivy.metrics import Metrics
from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.theme.baking import blit, draw_ring, to_texture
from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage


class Ring(Stage):
    """A ring with the seconds in it.

    Attributes:
        whole: Seconds at the start.
        left: Seconds left.
        thickness: Design px.
        ink: Colour of the part that is left.
    """

    whole = NumericProperty(20)
    left = NumericProperty(20)
    thickness = NumericProperty(20)
    ink = StringProperty("red")
    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("whole", "left", "thickness", "ink", "size"):
            self.fbind(name, self._redraw)

    def rescale(self) -> None:
        """Draw at the new density."""
        super().rescale()
        self._redraw()

    def _redraw(self, *_args: Any) -> None:
        side = round(min(self.size))
        if not self.box or side <= 0:
            return
        part = max(0.0, min(1.0, self.left / self.whole)) if self.whole else 0.0
        picture = draw_ring(side, self.thickness * Metrics.dp, part, self.ink)
        if self.texture is None or self.texture.size != picture.size:
            self.texture = to_texture(picture)
        else:
            blit(self.texture, picture)
            self.canvas.ask_update()


load_beside(__file__)
