"""The receipt's QR code: the strongest error correction that still prints at eight dots a module. Knows no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import segno

MODULE_DOTS: Final = 8
"""1 mm at 203 dots an inch: any telephone reads it from an arm's length; larger only costs paper."""
QUIET_MODULES: Final = 4
"""White around the code (ISO/IEC 18004, quiet zone)."""
_LEVELS: Final = ("Q", "M")


class QrTooLarge(Exception):
    """The text does not fit the paper at a size that can be read."""


@dataclass(frozen=True, slots=True)
class QrPicture:
    """Modules of a QR code: rows of True for black, without the quiet zone."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def side_dots(self) -> int:
        """Width and height in dots, without the quiet zone."""
        return len(self.rows) * MODULE_DOTS


def draw_qr(text: str, printable_dots: int, paper_dots: int) -> QrPicture:
    """Return the code of `text`.

    Args:
        text: ASCII of the alphanumeric mode.
        printable_dots: Width that the head prints.
        paper_dots: Width of the paper, which is white up to its edge and so serves the quiet zone.

    Raises:
        QrTooLarge: Not even level M fits.
    """
    for level in _LEVELS:
        rows = tuple(tuple(bool(module) for module in row) for row in segno.make_qr(text, error=level, boost_error=False).matrix)
        picture = QrPicture(rows)
        if picture.side_dots <= printable_dots and picture.side_dots + 2 * QUIET_MODULES * MODULE_DOTS <= paper_dots:
            return picture
    raise QrTooLarge(f"{len(text)} characters")
