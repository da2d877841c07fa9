"""One icon of the icon face, plain or duotone (a pale layer under a full one of the same hue)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.metrics import Metrics
from kivy.properties import ListProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty

from screens.theme.faces import ICON_FACES, icon_glyphs
from screens.theme.tokens import colour
from screens.widgets.kv import load_beside
from screens.widgets.stage import Boxed

PALE = 0.2


@lru_cache(maxsize=512)
def glyph_texture(face: str, glyph: str, size_px: float) -> Any:
    """Return `glyph` in white, to be tinted where it is drawn. Thread: loop."""
    label = CoreLabel(text=glyph, font_name=ICON_FACES[face], font_size=size_px, color=(1, 1, 1, 1), font_hinting=None)
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
    tint = ListProperty(colour("ink"))
    pale = ListProperty(colour("", 0))
    upper = ObjectProperty(None, allownone=True)
    under = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("name", "face", "glyph", "ink"):
            self.fbind(name, self._redraw)
        self._redraw()

    def rescale(self) -> None:
        """Draw the glyph at the new density."""
        super().rescale()
        self._redraw()

    def _redraw(self, *_args: Any) -> None:
        self.tint = colour(self.ink)
        is_duotone = self.face == "duotone"
        self.pale = colour(self.ink, PALE if is_duotone else 0)
        if not self.name:
            self.upper = self.under = None
            return
        plain, over = icon_glyphs(self.name)
        size = self.glyph * Metrics.dp
        self.under = glyph_texture(self.face, plain, size) if is_duotone else None
        self.upper = glyph_texture(self.face, over if is_duotone else plain, size)


load_beside(__file__)
