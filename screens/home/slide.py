"""One slide of the attract screen: a drawing on pale rings, live words over it, so that they follow the language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from PIL import Image, ImageDraw

from screens.theme.baking import rounded, to_texture
from screens.theme.tokens import COLOURS
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

ART = {1: "card-small.png", 2: "attract-groceries.png", 3: "reward-umbrella.png"}
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
        tr: Texts.
        number: Which one, from 1.
        is_large: Large type is on.
        is_wordy: The language needs more room: a smaller heading.
    """

    tr = ObjectProperty(unspoken)
    number = NumericProperty(1)
    is_large = BooleanProperty(False)
    is_wordy = BooleanProperty(False)
    ground = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("size", self._bake)
        Metrics.bind(density=self._bake)

    def art(self, number: float) -> str:
        """Return the drawing of a slide."""
        return ART[int(number)]

    def say(self, tr: Any, number: float, part: str) -> Any:
        """Return the words of a part of a slide."""
        return tr(f"attract.slide.{int(number)}.{part}")

    def _bake(self, *_args: Any) -> None:
        width, height = round(self.width), round(self.height)
        if self.box and width > 0 and height > 0:
            self.ground = ground_texture(width, height, Metrics.dp)


load_beside(__file__)
