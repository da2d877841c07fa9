"""One icon of the icon face, plain or duotone (a pale layer under a full one of the same hue)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.metrics import Metrics
from kivy.properties import NumericProperty, OptionProperty, StringProperty

from screens.theme.faces import ICON_FACES, icon_glyphs
from screens.theme.tokens import colour
from screens.widgets.stage import Boxed
from screens.widgets.text import Measure

PALE = 0.2


@lru_cache(maxsize=512)
def glyph_texture(face: str, glyph: str, size_px: float) -> Any:
    """Return `glyph` in white, to be tinted where it is drawn. Thread: loop."""
    label = Measure(text=glyph, font_name=ICON_FACES[face], font_size=size_px, color=(1, 1, 1, 1))
    label.refresh()
    return label.texture


class Icon(Boxed):
    """An icon in the middle of its box.

    Attributes:
        name: Name in the icon set; "" draws nothing.
        face: bold (arrows, buttons), fill (bar, verdicts), duotone (tiles), regular.
        glyph: Size in design px.
        ink: Name of the colour.
    """

    name = StringProperty("")
    face = OptionProperty("bold", options=("bold", "fill", "duotone", "regular"))
    glyph = NumericProperty(44)
    ink = StringProperty("ink")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._sheets: list[Rectangle] = []
        for name in ("name", "face", "glyph", "ink"):
            self.fbind(name, self._redraw)
        for name in ("pos", "size"):
            self.fbind(name, self._lay)
        self._redraw()

    def rescale(self) -> None:
        """Draw the glyph at the new density."""
        super().rescale()
        self._redraw()

    def _redraw(self, *_args: Any) -> None:
        self.canvas.clear()
        self._sheets = [self._drawn(glyph, strength) for glyph, strength in self._layers()]
        self._lay()

    def _layers(self) -> list[tuple[str, float]]:
        """Return glyphs and their strengths, from below."""
        if not self.name:
            return []
        plain, over = icon_glyphs(self.name)
        return [(plain, PALE), (over, 1.0)] if self.face == "duotone" else [(plain, 1.0)]

    def _drawn(self, glyph: str, strength: float) -> Rectangle:
        texture = glyph_texture(self.face, glyph, self.glyph * Metrics.dp)
        with self.canvas:
            Color(*colour(self.ink, strength))
            return Rectangle(texture=texture, size=texture.size)

    def _lay(self, *_args: Any) -> None:
        for sheet in self._sheets:
            width, height = sheet.size
            sheet.pos = round(self.center_x - width / 2), round(self.center_y - height / 2)
