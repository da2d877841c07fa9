"""Reads codes with zbar. The only module that imports pyzbar and, for files, Pillow; PDFs become pictures in `poppler`.

Pictures come from anybody: only the formats that are named here are opened, and none with more than MAX_PIXELS.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from pyzbar import pyzbar

from hardware.codes import poppler
from hardware.codes.api import Code, Picture, PictureUnreadable, Symbology

MAX_PIXELS: Final = 50_000_000
"""A photo of a telephone's best camera; a page of a slip has one million."""
_FORMATS: Final = ("PNG", "JPEG", "WEBP")


class ZbarReader:
    """A CodeReader for QR codes. Thread: any; holds no state."""

    def read(self, picture: Picture) -> tuple[Code, ...]:
        """See CodeReader.read.

        zbar follows edges from pixel to pixel and loses them in a photo's noise; halving the picture averages it away.
        """
        return _decode(picture, 1) or _decode(np.asarray(Image.fromarray(picture).reduce(2), dtype=np.uint8), 2)

    def read_file(self, path: Path) -> tuple[Code, ...]:
        """See CodeReader.read_file."""
        return tuple(code for picture in _pictures(path) for code in self.read(picture))


def _decode(picture: Picture, reduced: int) -> tuple[Code, ...]:
    """Return the codes of a picture that was made smaller by `reduced`, their places in pixels of the original."""
    found = pyzbar.decode(np.ascontiguousarray(picture), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return tuple(_code(symbol, reduced) for symbol in found)


def _code(symbol: Any, reduced: int) -> Code:
    corners = tuple((int(point.x) * reduced, int(point.y) * reduced) for point in symbol.polygon)
    return Code(Symbology.QR, symbol.data.decode("utf-8", errors="replace"), corners)


def _pictures(path: Path) -> Iterator[Picture]:
    """Return what there is to look at in a file: a picture, or the pages of a document.

    What a file is, is told by its content: people rename what they send.
    """
    try:
        is_document = poppler.is_document(path)
    except OSError as error:
        raise PictureUnreadable(f"no picture: {error.strerror}") from error
    return poppler.pages(path) if is_document else iter((_load(path),))


def _load(path: Path) -> Picture:
    """Return the picture upright and in grey; what is transparent counts as white."""
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureUnreadable(f"more than {MAX_PIXELS} pixels")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError) as error:
        raise PictureUnreadable("no picture that can be read, nor a PDF") from error
    paper = Image.new("RGBA", upright.size, "white")
    return np.asarray(Image.alpha_composite(paper, upright).convert("L"), dtype=np.uint8)
