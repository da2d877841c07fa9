"""The red hero: gradient, thin rings, its shadow and, where wanted, the tilted card, baked into one textured quad."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from kivy.clock import Clock
from kivy.metrics import Metrics
from kivy.properties import ListProperty, NumericProperty, ObjectProperty
from PIL import Image, ImageFilter

from screens.theme.baking import SHADOW_INSET, Look, gradient, rings, rounded, stretched_box, to_texture
from screens.widgets.kv import load_beside
from screens.widgets.picture import load_art
from screens.widgets.stage import Stage

CORNER = 44
TILT_DEGREES = 9


@lru_cache(maxsize=16)
def hero_texture(width: int, height: int, card: tuple[float, ...], rings_at: tuple[float, ...], density: float) -> Any:
    """Return the hero of `width` x `height` px with its shadow around it.

    Args:
        width: Px without shadow.
        height: Px without shadow.
        card: Centre x, centre y and width of the tilted card in design px, or nothing.
        rings_at: Centre of the rings, in parts of width and height.
        density: Px per design px.
    """
    centre = (width * rings_at[0], height * rings_at[1])
    face = Image.alpha_composite(gradient((width, height)), rings((width, height), centre, density))
    if card:
        _lay_card(face, card, density)
    whole, inset = stretched_box(Look("heroB", CORNER, shadow="e2_hero"), density, (width, height))
    whole.alpha_composite(rounded(face, CORNER * density), (inset, inset))
    return to_texture(whole)


def _lay_card(face: Image.Image, card: tuple[float, ...], density: float) -> None:
    x, y, wide = (part * density for part in card)
    flat = load_art("card-small.png", (round(wide * 2), round(wide * 2)))
    tilted = flat.rotate(TILT_DEGREES, Image.Resampling.BICUBIC, expand=True)
    tilted = tilted.resize((tilted.width // 2, tilted.height // 2), Image.Resampling.LANCZOS)
    corner = (round(x - tilted.width / 2), round(y - tilted.height / 2))
    strength = Image.new("L", face.size)
    strength.paste(120, (corner[0], corner[1] + round(10 * density)), tilted.getchannel("A"))
    shade = Image.new("RGBA", face.size, (40, 0, 8))
    shade.putalpha(strength.filter(ImageFilter.GaussianBlur(14 * density)))
    face.alpha_composite(shade)
    layer = Image.new("RGBA", face.size, (0, 0, 0, 0))
    layer.paste(tilted, corner)
    face.alpha_composite(layer)


class Hero(Stage):
    """The hero; words go on it as children.

    Attributes:
        card: Centre x, centre y and width of the tilted card in design px; empty for none.
        rings_at: Centre of the rings, in parts of width and height.
    """

    card = ListProperty([])
    rings_at = ListProperty([0.86, 0.52])
    ground = ObjectProperty(None, allownone=True)
    inset = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Where a screen is laid out anew the size changes more than once before the next frame.
        rebake = Clock.create_trigger(self._bake, -1)
        for name in ("size", "card", "rings_at"):
            self.fbind(name, rebake)
        Metrics.bind(density=rebake)

    def _bake(self, *_args: Any) -> None:
        width, height = round(self.width), round(self.height)
        if self.box and width > 2 * CORNER and height > 2 * CORNER:
            self.ground = hero_texture(width, height, tuple(self.card), tuple(self.rings_at), Metrics.dp)
            self.inset = math.ceil(SHADOW_INSET * Metrics.dp)


load_beside(__file__)
