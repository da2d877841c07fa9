"""Bakes rounded boxes, shadows and hero pictures into textures, once for each look and density.

Under software GL the price of a frame is pixels times layers: a shadow drawn live costs more than the screen.
Everything here is drawn with Pillow at four times the size and shrunk, so that corners are smooth without multisampling.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from screens.theme.tokens import COLOURS, GRADIENT, GRADIENT_ANGLE, SHADOWS

SUPERSAMPLE = 4
SHADOW_INSET = 48
"""Room for a shadow around a box, in design px."""
RAMP = 1024
"""Colours of a gradient: more than a screen shows of it."""

Picture = Image.Image


@dataclass(frozen=True, slots=True)
class Look:
    """How a box looks; measures in design px, colours by name, "" for none.

    Attributes:
        fill: Inside.
        radius: Corner radius.
        edge: Colour of the border, drawn inside the box.
        edge_width: Its width.
        shadow: Name of a shadow.
        alpha: Opacity of the fill, 0..1.
    """

    fill: str
    radius: float
    edge: str = ""
    edge_width: float = 0
    shadow: str = ""
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Patch:
    """A 9-patch: texture, border in px for BorderImage, and how far it reaches beyond the box, in px."""

    texture: Any
    border: float
    inset: float


def to_texture(picture: Picture) -> Any:
    """Return `picture` as a texture; Kivy counts rows from below. Thread: loop."""
    texture = Texture.create(size=picture.size, colorfmt="rgba")
    blit(texture, picture)
    return texture


def blit(texture: Any, picture: Picture) -> None:
    """Put `picture` into `texture` of the same size. Thread: loop."""
    texture.blit_buffer(ImageOps.flip(picture.convert("RGBA")).tobytes(), colorfmt="rgba", bufferfmt="ubyte")


def draw_ring(side: int, thickness: float, part: float, ink: str) -> Picture:
    """Return a ring of `side` px: the `part` (0..1) that is left in `ink` from twelve o'clock, with round ends, on its track."""
    big, width = side * SUPERSAMPLE, thickness * SUPERSAMPLE
    ring = Image.new("RGBA", (big, big), (*COLOURS["line"], 0))
    draw = ImageDraw.Draw(ring)
    frame = (0, 0, big - 1, big - 1)
    draw.arc(frame, 0, 360, fill=(*COLOURS["line"], 255), width=round(width))
    if part > 0:
        draw.arc(frame, -90, -90 + 360 * part, fill=(*COLOURS[ink], 255), width=round(width))
        for angle in (-90.0, -90 + 360 * part):
            x = big / 2 + (big - width) / 2 * math.cos(math.radians(angle))
            y = big / 2 + (big - width) / 2 * math.sin(math.radians(angle))
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=(*COLOURS[ink], 255))
    return ring.resize((side, side), Image.Resampling.BOX)


@lru_cache(maxsize=512)
def bake_patch(look: Look, density: float) -> Patch:
    """Return the 9-patch of `look`. Thread: loop."""
    picture, border, inset = _smallest(look, density)
    return Patch(to_texture(picture), border, inset)


def stretched_box(look: Look, density: float, size: tuple[int, int]) -> tuple[Picture, int]:
    """Return a picture of a box of `size` px with its shadow around it, and how far the shadow reaches beyond the box, in px."""
    small, border, inset = _smallest(look, density)
    whole = Image.new("RGBA", (size[0] + 2 * inset, size[1] + 2 * inset))
    for left, right, x, width in _thirds(small.width, whole.width, border):
        for top, bottom, y, height in _thirds(small.height, whole.height, border):
            whole.paste(small.crop((left, top, right, bottom)).resize((width, height), Image.Resampling.NEAREST), (x, y))
    return whole, inset


def _thirds(small: int, whole: int, border: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return start and end of the three parts of a 9-patch along one axis, and where each goes: start and length."""
    end = whole - border
    return (0, border, 0, border), (border, small - border, border, end - border), (small - border, small, end, border)


def _smallest(look: Look, density: float) -> tuple[Picture, int, int]:
    """Return the smallest box with this look; its border and the reach of its shadow in px."""
    inset = math.ceil(SHADOW_INSET * density) if look.shadow else 0
    border = inset + math.ceil(max(look.radius, look.edge_width + 1) * density)
    return draw_box(look, density, (2 * border + 2, 2 * border + 2), inset), border, inset


def draw_box(look: Look, density: float, size: tuple[int, int], inset: float) -> Picture:
    """Return a picture of `size` px with one box, `inset` px from each edge."""
    scale = density * SUPERSAMPLE
    big = (size[0] * SUPERSAMPLE, size[1] * SUPERSAMPLE)
    frame = (inset * SUPERSAMPLE, inset * SUPERSAMPLE, big[0] - inset * SUPERSAMPLE - 1, big[1] - inset * SUPERSAMPLE - 1)
    colour = COLOURS[look.fill or look.edge]
    canvas = Image.new("RGBA", big, (*colour, 0))
    for layer in SHADOWS.get(look.shadow, ()):
        canvas = Image.alpha_composite(canvas, _shadow(layer, look.radius * scale, frame, big, scale))
    canvas = Image.alpha_composite(canvas, _box(look, frame, big, scale))
    return canvas.resize(size, Image.Resampling.BOX)


def _shadow(layer: Any, radius: float, frame: tuple[float, ...], size: tuple[int, int], scale: float) -> Picture:
    mask = Image.new("L", size, 0)
    moved = (frame[0], frame[1] + layer.y * scale, frame[2], frame[3] + layer.y * scale)
    ImageDraw.Draw(mask).rounded_rectangle(moved, radius, fill=round(255 * layer.alpha))
    if layer.blur:
        mask = mask.filter(ImageFilter.GaussianBlur(layer.blur * scale / 2))
    shadow = Image.new("RGBA", size, (*layer.rgb, 0))
    shadow.putalpha(mask)
    return shadow


def _box(look: Look, frame: tuple[float, ...], size: tuple[int, int], scale: float) -> Picture:
    box = Image.new("RGBA", size, (*COLOURS[look.fill or look.edge], 0))
    draw = ImageDraw.Draw(box)
    fill = (*COLOURS[look.fill], round(255 * look.alpha)) if look.fill else None
    edge = (*COLOURS[look.edge], 255) if look.edge else None
    draw.rounded_rectangle(frame, look.radius * scale, fill=fill, outline=edge, width=round(look.edge_width * scale))
    return box


def gradient(size: tuple[int, int]) -> Picture:
    """Return the hero's gradient, as CSS draws it: along GRADIENT_ANGLE, corner to corner."""
    width, height = size
    turn = math.radians(GRADIENT_ANGLE)
    dx, dy = math.sin(turn), -math.cos(turn)
    ramp = Image.new("RGB", (RAMP, 1))
    ramp.putdata([_colour_at((place + 0.5) / RAMP) for place in range(RAMP)])
    scale = RAMP / (abs(width * dx) + abs(height * dy))
    along = (dx * scale, dy * scale, RAMP / 2 - (dx * width + dy * height) / 2 * scale)
    return ramp.transform(size, Image.Transform.AFFINE, (*along, 0, 0, 0.5), Image.Resampling.NEAREST).convert("RGBA")


def _colour_at(part: float) -> tuple[int, ...]:
    """Return the gradient's colour at `part` (0..1) of its way."""
    start, first, stop, last = next((start, first, stop, last) for (start, first), (stop, last) in pairwise(GRADIENT) if part <= stop)
    share = (part - start) / (stop - start)
    return tuple(round(low + (high - low) * share) for low, high in zip(first, last, strict=True))


def rings(size: tuple[int, int], centre: tuple[float, float], density: float) -> Picture:
    """Return the thin rings of the hero around `centre` (px)."""
    big = (size[0] * 2, size[1] * 2)
    layer = Image.new("RGBA", big, (255, 255, 255, 0))
    draw = ImageDraw.Draw(layer)
    for radius in (200, 280, 360, 440, 520):
        reach = radius * density * 2
        x, y = centre[0] * 2, centre[1] * 2
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=(255, 255, 255, 33), width=max(1, round(4 * density)))
    return layer.resize(size, Image.Resampling.BOX)


def rounded(picture: Picture, radius: float) -> Picture:
    """Return `picture` with its corners cut to `radius` px."""
    mask = Image.new("L", (picture.width * SUPERSAMPLE, picture.height * SUPERSAMPLE), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius * SUPERSAMPLE, fill=255)
    cut = picture.copy()
    cut.putalpha(mask.resize(picture.size, Image.Resampling.BOX))
    return cut
