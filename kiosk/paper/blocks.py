"""The parts that a slip is stacked from: each knows its height and draws itself. Knows nothing of what a slip says.

The unit is the dot of the print head, 1/8 mm; the origin is the top left corner. A thermal head prints black or nothing:
no grey, no line thinner than three dots, no type smaller than 24.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from reportlab.pdfgen.canvas import Canvas

from kiosk.paper.faces import Faces, Weight
from kiosk.paper.qr import MODULE_DOTS, QUIET_MODULES, QrPicture

PAPER_DOTS: Final = 640
PRINTABLE_DOTS: Final = 576
MARGIN_DOTS: Final = (PAPER_DOTS - PRINTABLE_DOTS) // 2
SMALLEST_SIZE: Final = 24
PITCH: Final = 1.5
"""Distance of lines, as a multiple of the size."""
_ASCENT: Final = 0.36
"""From the middle of a line down to its baseline, as a multiple of the size; centres Chinese characters in it."""
_PAIR_GAP: Final = 24


@dataclass(frozen=True, slots=True)
class Pen:
    """Where and in what a block is drawn: the canvas in dots, y pointing up; the faces; the language of the slip."""

    canvas: Canvas
    faces: Faces
    language: str

    def write(self, text: str, x: float, middle: float, size: float, weight: Weight) -> None:
        """Write `text` with its left edge at `x` and its middle at height `middle`."""
        text = self.faces.drawable(text)
        self.canvas.setFont(self.faces.name(text, weight, self.language), size)
        self.canvas.drawString(x, middle - _ASCENT * size, text)

    def width(self, text: str, size: float, weight: Weight) -> float:
        """Return the width of `text` in dots."""
        return self.faces.width(self.faces.drawable(text), weight, self.language, size)


class Block(Protocol):
    """A part of a slip."""

    def height(self, pen: Pen) -> float:
        """Return its height in dots."""
        ...

    def draw(self, pen: Pen, top: float) -> None:
        """Draw it downwards from height `top`."""
        ...


@dataclass(frozen=True, slots=True)
class Gap:
    """White."""

    dots: float

    def height(self, pen: Pen) -> float:  # noqa: ARG002, as every block
        """See Block."""
        return self.dots

    def draw(self, pen: Pen, top: float) -> None:
        """See Block."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line with white above and below."""

    def height(self, pen: Pen) -> float:  # noqa: ARG002, as every block
        """See Block."""
        return 36

    def draw(self, pen: Pen, top: float) -> None:
        """See Block."""
        pen.canvas.setLineWidth(3)
        pen.canvas.setDash(8, (PRINTABLE_DOTS - 48 * 8) / 47)  # 48 dashes, the last one at the edge
        pen.canvas.line(MARGIN_DOTS, top - 18, PAPER_DOTS - MARGIN_DOTS, top - 18)
        pen.canvas.setDash()


@dataclass(frozen=True, slots=True)
class Logo:
    """Two neighbouring roofs over one smile (the chain's one-colour mark), drawn as strokes on a square of 512."""

    side: float = 120

    def height(self, pen: Pen) -> float:  # noqa: ARG002, as every block
        """See Block."""
        return round(self.side * 0.72)  # the square has white above and below

    def draw(self, pen: Pen, top: float) -> None:
        """See Block."""
        canvas = pen.canvas
        scale = self.side / 512
        canvas.saveState()
        canvas.translate((PAPER_DOTS - self.side) / 2, top + self.side * 0.18)
        canvas.scale(scale, -scale)
        canvas.setLineWidth(44)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        for start, *corners in (((104, 262), (206, 150), (266, 216)), ((236, 262), (322, 170), (408, 262))):
            path.moveTo(*start)
            for corner in corners:
                path.lineTo(*corner)
        path.moveTo(124, 322)
        path.curveTo(166, 400, 346, 400, 388, 322)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text in as many lines as it needs, in the middle of the paper or at its left."""

    text: str
    size: float
    weight: Weight = Weight.MEDIUM
    is_centred: bool = True

    def height(self, pen: Pen) -> float:
        """See Block."""
        return len(self._lines(pen)) * self.size * PITCH

    def draw(self, pen: Pen, top: float) -> None:
        """See Block."""
        pitch = self.size * PITCH
        for number, line in enumerate(self._lines(pen)):
            x = (PAPER_DOTS - pen.width(line, self.size, self.weight)) / 2 if self.is_centred else MARGIN_DOTS
            pen.write(line, x, top - (number + 0.5) * pitch, self.size, self.weight)

    def _lines(self, pen: Pen) -> list[str]:
        return pen.faces.lines(self.text, self.weight, pen.language, self.size, PRINTABLE_DOTS)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the left and its value at the right; the value takes a line of its own where both do not fit one."""

    label: str
    value: str
    size: float = 28
    weight: Weight = Weight.MEDIUM

    def height(self, pen: Pen) -> float:
        """See Block."""
        return self._rows(pen) * self.size * PITCH

    def draw(self, pen: Pen, top: float) -> None:
        """See Block."""
        pitch = self.size * PITCH
        labels, values = self._lines(pen)
        for number, line in enumerate(labels):
            pen.write(line, MARGIN_DOTS, top - (number + 0.5) * pitch, self.size, self.weight)
        first = self._rows(pen) - len(values)
        for number, line in enumerate(values, first):
            x = PAPER_DOTS - MARGIN_DOTS - pen.width(line, self.size, self.weight)
            pen.write(line, x, top - (number + 0.5) * pitch, self.size, self.weight)

    def _lines(self, pen: Pen) -> tuple[list[str], list[str]]:
        labels, values = (pen.faces.lines(text, self.weight, pen.language, self.size, PRINTABLE_DOTS) for text in (self.label, self.value))
        return labels, values

    def _rows(self, pen: Pen) -> int:
        labels, values = self._lines(pen)
        if not labels or not values:
            return len(labels) + len(values)
        last = pen.width(labels[-1], self.size, self.weight) + _PAIR_GAP + pen.width(values[0], self.size, self.weight)
        fits = len(values) == 1 and last <= PRINTABLE_DOTS
        return len(labels) + len(values) - (1 if fits else 0)


@dataclass(frozen=True, slots=True)
class Plate:
    """A caption and a large text, white on black, across the whole width."""

    caption: str
    text: str

    def height(self, pen: Pen) -> float:  # noqa: ARG002, as every block
        """See Block."""
        return 168

    def draw(self, pen: Pen, top: float) -> None:
        """See Block."""
        pen.canvas.rect(MARGIN_DOTS, top - 168, PRINTABLE_DOTS, 168, stroke=0, fill=1)
        pen.canvas.setFillGray(1)
        self._centred(pen, self.caption, top - 38, 28, Weight.MEDIUM)
        size = min(104.0, 104.0 * (PRINTABLE_DOTS - 48) / pen.width(self.text, 104, Weight.BOLD))
        self._centred(pen, self.text, top - 106, size, Weight.BOLD)
        pen.canvas.setFillGray(0)

    @staticmethod
    def _centred(pen: Pen, text: str, middle: float, size: float, weight: Weight) -> None:
        pen.write(text, (PAPER_DOTS - pen.width(text, size, weight)) / 2, middle, size, weight)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A word in a heavy frame: what everybody must see."""

    text: str

    def height(self, pen: Pen) -> float:  # noqa: ARG002, as every block
        """See Block."""
        return 84

    def draw(self, pen: Pen, top: float) -> None:
        """See Block."""
        width = pen.width(self.text, 44, Weight.BOLD)
        frame = width + 72
        pen.canvas.setLineWidth(6)
        pen.canvas.rect((PAPER_DOTS - frame) / 2, top - 76, frame, 72, stroke=1, fill=0)
        pen.write(self.text, (PAPER_DOTS - width) / 2, top - 40, 44, Weight.BOLD)


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code in the middle, with its quiet zone above and below."""

    picture: QrPicture

    def height(self, pen: Pen) -> float:  # noqa: ARG002, as every block
        """See Block."""
        return self.picture.side_dots + 2 * QUIET_MODULES * MODULE_DOTS

    def draw(self, pen: Pen, top: float) -> None:
        """Draw each run of black modules as one rectangle, so that no seam shows between them."""
        side = MODULE_DOTS
        left = (PAPER_DOTS - self.picture.side_dots) // 2
        path = pen.canvas.beginPath()
        for number, row in enumerate(self.picture.rows, 1):
            y = top - (QUIET_MODULES + number) * side
            start = 0
            for column, is_black in enumerate((*row, False)):
                if is_black and (column == 0 or not row[column - 1]):
                    start = column
                if not is_black and column > 0 and row[column - 1]:
                    path.rect(left + start * side, y, (column - start) * side, side)
        pen.canvas.drawPath(path, stroke=0, fill=1)
