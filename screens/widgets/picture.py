"""A drawing of ours, shrunk once to its place so that it is drawn texel by texel."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from PIL import Image

from screens.assets import ART
from screens.theme.baking import to_texture
from screens.widgets.kv import load_beside
from screens.widgets.stage import Boxed


def load_art(name: str, size: tuple[int, int]) -> Image.Image:
    """Return the drawing `name` fitted into `size` px, its proportions kept."""
    with Image.open(ART / name) as picture:
        whole = picture.convert("RGBA")
    factor = min(size[0] / whole.width, size[1] / whole.height)
    fitted = (max(1, round(whole.width * factor)), max(1, round(whole.height * factor)))
    return whole.resize(fitted, Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def art_texture(name: str, width: int, height: int) -> Any:
    """Return the texture of a drawing fitted into `width` x `height` px. Thread: loop."""
    return to_texture(load_art(name, (width, height)))


class Picture(Boxed):
    """A drawing in the middle of its box.

    Attributes:
        source: File name in screens/assets/art, "" for none.
        alpha: Opacity, 0..1.
    """

    source = StringProperty("")
    alpha = NumericProperty(1.0)
    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("source", self._reload)
        self.fbind("size", self._reload)
        self._reload()

    def _reload(self, *_args: Any) -> None:
        width, height = round(self.width), round(self.height)
        self.texture = art_texture(self.source, width, height) if self.source and self.box and width > 0 and height > 0 else None


load_beside(__file__)
