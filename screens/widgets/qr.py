"""A QR code with whole px for each module on plain white, so that any camera reads it."""

from __future__ import annotations

from typing import Any

from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside

QUIET_MODULES = 4


def _encoder() -> Any:
    """Return segno; the first screen has no code and does not wait for it."""
    import segno  # noqa: PLC0415

    return segno


def qr_texture(text: str, error: str = "m") -> Any:
    """Return one texel for each module, light ones white. Thread: loop."""
    rows = [
        bytes(0 if module else 255 for module in row) for row in _encoder().make(text, error=error, boost_error=False, micro=False).matrix
    ]
    texture = Texture.create(size=(len(rows[0]), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(b"".join(reversed(rows)), colorfmt="luminance", bufferfmt="ubyte")
    return texture


class QRBox(Card):
    """A white card with the code in its middle, the largest whole module that leaves the quiet zone free.

    Attributes:
        text: What the code says; "" shows none. May be a member's: `wipe` forgets it and its picture.
        module: Least design px of a module; tests check that it is kept.
        error: Level of error correction, as segno names it.
    """

    text = StringProperty("")
    module = NumericProperty(6)
    error = StringProperty("m")
    texture = ObjectProperty(None, allownone=True)
    side = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        _encoder()
        self.fbind("text", self._redraw)
        self.fbind("error", self._redraw)
        self.fbind("size", self._resize)
        self._redraw()

    def wipe(self) -> None:
        """Forget the text and its picture."""
        self.text = ""

    def _redraw(self, *_args: Any) -> None:
        self.texture = qr_texture(self.text, self.error) if self.text else None
        self._resize()

    def _resize(self, *_args: Any) -> None:
        if self.texture is None:
            self.side = 0
            return
        modules = self.texture.width
        self.side = modules * int(min(self.size) // (modules + 2 * QUIET_MODULES))


load_beside(__file__)
