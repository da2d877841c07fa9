"""Text in the type styles of the tokens. No markup, no shortening, no silent wrapping: what does not fit is a fault."""

from __future__ import annotations

from math import ceil
from typing import Any

from kivy.clock import Clock
from kivy.core.image import ImageData
from kivy.core.text import Label as CoreLabel
from kivy.core.text._text_sdl2 import _SurfaceContainer
from kivy.graphics import Color, Rectangle
from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, OptionProperty, StringProperty

from kiosk.texts import Phrase
from screens.theme.faces import NATURAL_LINE, drawable, font_of
from screens.theme.line_breaking import break_lines, break_own
from screens.theme.tokens import STYLES, colour
from screens.widgets.stage import Boxed, is_large

LEAST_LINE = 0.95
"""Lines are never set closer than this part of their natural height: below, Kivy cuts the descenders."""


class Measure(CoreLabel):
    """Measures and draws unhinted letters, by the same widths each time.

    Kivy opens a face hinted and takes the hinting away when it first draws with it; a letter that was measured before keeps its
    hinted width. So letters of one word would stand by widths of both kinds, depending on what was shown earlier.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs["font_hinting"] = None
        super().__init__(**kwargs)
        self._bed = _SurfaceContainer(1, 1)

    def get_extents(self, text: str) -> tuple[int, int]:
        """Return width and height of `text` on one line, px."""
        # Drawing nothing sets the hinting of the face, which Kivy may have closed and opened anew since the last time.
        self._bed.render(self, "", 0, 0)
        width, height = super().get_extents(text)
        return width, height


class Ink(Measure):
    """Kivy's text renderer, giving white letters whose opacity alone is the shape.

    Kivy puts the lines of a text together by blending, which darkens the rims of light letters; the colour is given when
    the text is drawn, so that a change of colour costs nothing.
    """

    def _render_end(self) -> Any:
        data = super()._render_end()
        self._surface = None
        pixels = bytearray(data.data)
        white = b"\xff" * (len(pixels) // 4)
        for channel in range(3):
            pixels[channel::4] = white
        return ImageData(data.width, data.height, data.fmt, bytes(pixels))


class Text(Boxed):
    """A text.

    Kivy's own Label is of no use here: it keeps a renderer with all its options and follows thirty properties, 37 KB of memory a
    text; the screens have some 1,400 texts. This one makes a renderer when there is something to draw.

    Attributes:
        text: What it says; may have line breaks.
        style: Name of a type style.
        ink: Name of the colour.
        weight: 400, 500, 700 or 800; 0 takes the style's.
        is_wrapped: Whether it may break into lines; otherwise its texture is no wider than its ink, which is cheap to draw.
        halign: Side of the box at which the lines stand.
        valign: The same for the height.
        texture_size: Width and height of the drawn text, px; follows a change before the next frame.
    """

    text = StringProperty("")
    style = StringProperty("body")
    ink = StringProperty("ink")
    weight = NumericProperty(0)
    is_wrapped = BooleanProperty(False)
    halign = OptionProperty("left", options=("left", "center", "right"))
    valign = OptionProperty("middle", options=("top", "middle", "bottom"))
    texture_size = ListProperty([0, 0])

    def __init__(self, **kwargs: Any) -> None:
        self.texture: Any = None
        self.font_name = ""
        self.font_size = 0.0
        self.line_height = 1.0
        self._renderer: Ink | None = None
        self._redraw = Clock.create_trigger(self._draw, -1)
        super().__init__(**kwargs)
        with self.canvas:
            self._letter_tint, self._letters = Color(), Rectangle()
        for name in ("style", "weight", "text", "is_wrapped"):
            self.fbind(name, self._restyle)
        for name in ("pos", "size", "halign", "valign"):
            self.fbind(name, self._lay_letters)
        for name in ("width", "halign"):
            self.fbind(name, self._rewrap)
        self.fbind("ink", self._recolour)
        self._restyle()
        self._recolour()

    def rescale(self) -> None:
        """Take the size for the new scale."""
        super().rescale()
        self._restyle()

    @property
    def laid_text(self) -> str:
        """The text with the line breaks that it is drawn with, and a mark for each letter that the face lacks."""
        text = str(drawable(self.text))
        if not self.is_wrapped or not text:
            return text
        font = Measure(font_name=self.font_name, font_size=self.font_size)
        lay = break_own if isinstance(self.text, Phrase) else break_lines
        return lay(text, self.width, lambda piece: float(font.get_extents(piece)[0]))

    def pages_of(self, text: str) -> list[str]:
        """Return `text` line by line as this box draws it, divided into what the box holds; no page begins or ends with an empty line."""
        font = Measure(font_name=font_of(text, int(self.weight) or STYLES[self.style].weight), font_size=self.font_size)
        natural = self.font_size * NATURAL_LINE
        room = 1 + max(0, int((self.height - natural) // (natural * self.line_height)))
        pages: list[list[str]] = [[]]
        for line in break_lines(text, self.width, lambda piece: float(font.get_extents(piece)[0])).split("\n"):
            for part in _cut(line, ceil(font.get_extents(line)[0] / max(1, self.width))):
                if len(pages[-1]) == room:
                    pages.append([])
                if part.strip() or pages[-1]:
                    pages[-1].append(part)
        return ["\n".join(page).rstrip() for page in pages if page]

    @property
    def ink_pos(self) -> tuple[int, int]:
        """Lower left corner of the drawn text, whole px."""
        width, height = self.texture_size
        lefts: dict[str, float] = {"left": self.x, "center": self.center_x - width / 2, "right": self.right - width}
        bottoms: dict[str, float] = {"top": self.top - height, "middle": self.center_y - height / 2, "bottom": self.y}
        return round(lefts[self.halign]), round(bottoms[self.valign])

    def _restyle(self, *_args: Any) -> None:
        style = STYLES[self.style]
        size, line = (style.large, style.large_line) if is_large() else (style.size, style.line)
        self.font_size = size * Metrics.dp
        has_lines = self.is_wrapped or "\n" in self.text
        self.line_height = max(LEAST_LINE, line / size / NATURAL_LINE) if has_lines else 1.0
        self.font_name = font_of(self.text, int(self.weight) or style.weight)
        if self.text or self.texture is not None:
            self._redraw()

    def _recolour(self, *_args: Any) -> None:
        self._letter_tint.rgba = colour(self.ink)

    def _rewrap(self, *_args: Any) -> None:
        if self.text and self.is_wrapped:
            self._redraw()

    def _draw(self, *_args: Any) -> None:
        if self.text:
            self._render()
        else:
            self._forget()
        self._lay_letters()

    def _render(self) -> None:
        width = self.width if self.is_wrapped else None
        self._renderer = Ink(
            text=self.laid_text,
            font_name=self.font_name,
            font_size=self.font_size,
            line_height=self.line_height,
            halign=self.halign,
            text_size=(width, None),
        )
        self._renderer.refresh()
        self.texture = self._renderer.texture
        self.texture_size = self.texture.size

    def _forget(self) -> None:
        """Drop words and picture of the last text."""
        self._renderer = self.texture = None
        self.texture_size = (0, 0)

    def _lay_letters(self, *_args: Any) -> None:
        self._letters.texture = self.texture
        self._letters.pos, self._letters.size = self.ink_pos, self.texture_size


def _cut(line: str, parts: int) -> list[str]:
    """Return a line that is a single word and too long in about as many parts as it takes; every other one as it is."""
    length = len(line) // (parts + 1) if parts > 1 else max(1, len(line))
    return [line[start : start + length] for start in range(0, len(line), length)] or [""]
