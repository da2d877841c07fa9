"""One slide of the attract screen: a drawing on pale rings, live words over it, so that they follow the language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from PIL import Image, ImageDraw

from screens.home.slides import HOUSE_SLIDES, SlideWords
from screens.theme.baking import rounded, to_texture
from screens.theme.tokens import COLOURS
from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage

MOST_CAMPAIGNS = 5
MOST = MOST_CAMPAIGNS + HOUSE_SLIDES
DOT, DOT_WIDE, DOT_GAP = 18, 48, 16
TITLE_STYLES = ("h2", "h1", "sub_display", "display")
"""By size from 0; one smaller in large type and in wordy languages."""
CORNER = 44
RINGS = ((480, 0.55), (330, 0.9))
"""Radius in design px and strength of the glow, from outside in."""


@lru_cache(maxsize=8)
def ground_texture(width: int, height: int, density: float) -> Any:
    """Return the peach ground with its two pale discs. Thread: loop."""
    picture = Image.new("RGBA", (width, height), (*COLOURS["slidePeach"], 255))
    centre = (width * 0.68, height * 0.52)
    for radius, strength in RINGS:
        disc = Image.new("L", (width * 2, height * 2), 0)
        reach = radius * density * 2
        box = (centre[0] * 2 - reach, centre[1] * 2 - reach, centre[0] * 2 + reach, centre[1] * 2 + reach)
        ImageDraw.Draw(disc).ellipse(box, fill=round(255 * strength))
        glow = Image.new("RGBA", (width, height), (*COLOURS["slideGlow"], 255))
        picture.paste(glow, (0, 0), disc.resize((width, height), Image.Resampling.BOX))
    return to_texture(rounded(picture, CORNER * density))


class Slide(Stage):
    """A slide.

    Attributes:
        words: What it says.
        place: Which one it is, from 0.
        count: How many there are; a dot for each.
        is_large: Large type is on.
        is_wordy: The language needs more room: a smaller heading.
    """

    words = ObjectProperty(SlideWords("", "", "", "", ""), rebind=True)
    place = NumericProperty(0)
    count = NumericProperty(1)
    is_large = BooleanProperty(False)
    is_wordy = BooleanProperty(False)
    ground = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("size", self._bake)
        Metrics.bind(density=self._bake)
        self._dots = [Card(radius=-1, shadow="", is_shown=False) for _ in range(MOST)]
        for dot in self._dots:
            self.add_widget(dot)
        for name in ("place", "count", "is_large"):
            self.fbind(name, self._lay_dots)
        self._lay_dots()

    def show(self, words: SlideWords) -> None:
        """Show a slide; one that is shown already costs nothing."""
        self.words = words

    def title_style(self, size: int, *, is_smaller: bool) -> str:
        """Return the type style of a title."""
        return TITLE_STYLES[max(0, size - is_smaller)]

    def _lay_dots(self, *_args: Any) -> None:
        left, below = (36, -44) if self.is_large else (48, -72)
        for number, dot in enumerate(self._dots):
            wide = DOT_WIDE if number == self.place else DOT
            dot.is_shown = number < self.count
            dot.box = [left, below, wide, DOT]
            dot.fill = "red" if number == self.place else "slideDot"
            left += wide + DOT_GAP

    def _bake(self, *_args: Any) -> None:
        width, height = round(self.width), round(self.height)
        if self.box and width > 0 and height > 0:
            self.ground = ground_texture(width, height, Metrics.dp)


load_beside(__file__)
