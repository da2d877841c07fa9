"""What reading codes from a picture is to the rest of the kiosk. Knows no library, no camera and no meaning of a code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.errors import DeviceError

Picture = NDArray[np.uint8]
"""Grey picture, (height, width) uint8, 0 is black."""


class Symbology(StrEnum):
    """Kinds of code that are told apart."""

    QR = "qr"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """A code that was read.

    Attributes:
        symbology: Kind.
        text: What it says; it may be anybody's, so it is never logged (no repr).
        corners: Where it is: four points (x, y) in pixels, in the decoder's order.
    """

    symbology: Symbology
    text: str
    corners: tuple[tuple[int, int], ...]


class PictureUnreadable(DeviceError):
    """A file is no picture that is read here."""

    code: ClassVar[int] = 1401
    text_key: ClassVar[str] = "error.picture_unreadable"


class CodeReader(Protocol):
    """Finds codes. Calls block; Thread: a worker."""

    def read(self, picture: Picture) -> tuple[Code, ...]:
        """Return all codes in `picture`, in no order; empty where there is none."""
        ...

    def read_file(self, path: Path) -> tuple[Code, ...]:
        """Return all codes in a picture file (PNG, JPEG, WebP) or on the first pages of a PDF.

        Raises:
            PictureUnreadable: Missing, broken, too large, encrypted, or of another kind.
        """
        ...
