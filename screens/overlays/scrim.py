"""The veil between a screen and the dialog over it."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle, RenderContext

from screens.theme.tokens import colour
from screens.widgets.stage import Boxed

STRENGTH = 0.84
# Kivy's own shader looks a texture up for every pixel of a flat colour; over a whole screen on software GL that costs more than
# all that lies below.
_FLAT = "$HEADER$ void main(void) { gl_FragColor = frag_color; }"


class Scrim(Boxed):
    """A dark colour over everything that was drawn before."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        context = RenderContext(fs=_FLAT, use_parent_projection=True, use_parent_modelview=True, use_parent_frag_modelview=True)
        with context:
            Color(*colour("scrim", STRENGTH))
            self._sheet = Rectangle()
        self.canvas.add(context)
        self.fbind("pos", self._lay)
        self.fbind("size", self._lay)

    def _lay(self, *_args: Any) -> None:
        self._sheet.pos, self._sheet.size = self.pos, self.size
