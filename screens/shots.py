"""Pictures of screens: draws a widget into a PNG on paper, and lays PNGs out as a contact sheet.

Works on any window, also an unseen one (SDL's offscreen driver). Knows no screen: callers hand over what is to be drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kivy.base import EventLoop
from kivy.graphics import ClearBuffers, ClearColor, Fbo, Translate
from PIL import Image, ImageDraw, ImageFont

from screens.assets import FONTS
from screens.theme.tokens import colour

SETTLE_FRAMES = 4
"""Texts get their textures one frame after they are placed, and what hangs on their width one later."""


def draw(settle: Callable[[], None] = lambda: None, frames: int = SETTLE_FRAMES) -> None:
    """Let the layout settle; `settle` runs before each frame, e.g. to advance a test's clock."""
    for _ in range(frames):
        settle()
        EventLoop.idle()


def shoot(widget: Any) -> Image.Image:
    """Return `widget` as it stands, on the paper colour. Thread: loop."""
    parent, place = widget.parent, 0
    if parent is not None:
        place = parent.canvas.indexof(widget.canvas)
        parent.canvas.remove(widget.canvas)
    size = (round(widget.width), round(widget.height))
    fbo = Fbo(size=size, with_stencilbuffer=True)
    with fbo:
        # Kivy's export draws over nothing and squares the opacity of shadows; over paper they come out as on the screen.
        ClearColor(*colour("paper"))
        ClearBuffers()
        Translate(-widget.x, -widget.y, 0)
    fbo.add(widget.canvas)
    fbo.draw()
    picture = Image.frombytes("RGBA", size, fbo.texture.pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    fbo.remove(widget.canvas)
    if parent is not None:
        parent.canvas.insert(place, widget.canvas)
    return picture.convert("RGB")


def contact_sheet(pictures: Sequence[tuple[str, Path]], target: Path, columns: int = 5, width: int = 360) -> None:
    """Write `pictures` (name, file) as one sheet to `target`.

    Args:
        pictures: Names and files, in reading order.
        target: File to write.
        columns: Pictures in a row.
        width: Width in px of each.
    """
    font = ImageFont.truetype(str(FONTS / "NotoSansSC-500.ttf"), 18)
    cells = [(name, _fit(Image.open(path), width)) for name, path in pictures]
    height = max(picture.height for _, picture in cells)
    rows = -(-len(cells) // columns)
    pitch = (width + 24, height + 56)
    sheet = Image.new("RGB", (columns * pitch[0] + 24, rows * pitch[1] + 24), (120, 116, 112))
    pen = ImageDraw.Draw(sheet)
    for place, (name, picture) in enumerate(cells):
        x, y = 24 + place % columns * pitch[0], 24 + place // columns * pitch[1]
        pen.text((x, y), name, font=font, fill=(255, 255, 255))
        sheet.paste(picture, (x, y + 28))
    sheet.save(target)


def _fit(picture: Image.Image, width: int) -> Image.Image:
    return picture.convert("RGB").resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
