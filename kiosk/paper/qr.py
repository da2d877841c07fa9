"""The receipt's QR code: the strongest error correction that still prints at eight dots a module. Knows no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import segno

MIN_MODULE_DOTS: Final = 8
"""1 mm at 203 dots an inch: any telephone reads it from an arm's length."""
MAX_MODULE_DOTS: Final = 10
QUIET_MODULES: Final = 4
"""White around the code (ISO/IEC 18004 clause 9.1)."""
_LEVELS: Final = ("Q", "M")


class QrTooLarge(Exception):
    """The text does not fit the paper at a size that can be read."""


@dataclass(frozen=True, slots=True)
class QrPicture:
    """Modules of a QR code: rows of True for black, without the quiet zone, and the side of a module in dots."""

    rows: tuple[tuple[bool, ...], ...]
    module_dots: int

    @property
    def side_dots(self) -> int:
        """Width and height in dots, without the quiet zone."""
        return len(self.rows) * self.module_dots


def draw_qr(text: str, printable_dots: int, paper_dots: int) -> QrPicture:
    """Return the code of `text`.

    Args:
        text: ASCII of the alphanumeric mode.
        printable_dots: Width that the head prints.
        paper_dots: Width of the paper, which is white up to its edge and so serves the quiet zone.

    Raises:
        QrTooLarge: Not even level M fits at MIN_MODULE_DOTS.
    """
    for level in _LEVELS:
        rows = tuple(tuple(bool(module) for module in row) for row in segno.make_qr(text, error=level, boost_error=False).matrix)
        module_dots = min(printable_dots // len(rows), paper_dots // (len(rows) + 2 * QUIET_MODULES), MAX_MODULE_DOTS)
        if module_dots >= MIN_MODULE_DOTS:
            return QrPicture(rows, module_dots)
    raise QrTooLarge(f"{len(text)} characters")
