"""What a camera is to the rest of the kiosk: frames, and the errors of having none. Knows no library and nothing that is in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.errors import Disconnected, NotPresent

Pixels = NDArray[np.uint8]
"""Colour picture, (height, width, 3) uint8 in the order blue, green, red."""


class NoCamera(NotPresent):
    """No camera is attached, or nothing answers at its address."""

    code: ClassVar[int] = 1501
    text_key: ClassVar[str] = "error.no_camera"


class CameraGone(Disconnected):
    """The camera was unplugged, or sends no pictures any more."""

    code: ClassVar[int] = 1502
    text_key: ClassVar[str] = "error.camera_gone"


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """One picture; whoever stands there is in it, so it stays in memory and is never logged (no repr).

    Attributes:
        number: Counts from 1 since the camera was opened.
        taken_s: time.monotonic() when it came.
        pixels: See Pixels.
    """

    number: int
    taken_s: float
    pixels: Pixels


class Camera(Protocol):
    """A camera's driver. Calls block; Thread: one worker, but for `is_there`."""

    def is_there(self) -> bool:
        """Return whether a camera is attached, without switching it on. Thread: any worker."""
        ...

    def open(self) -> None:
        """Switch it on.

        Raises:
            NoCamera: There is none.
        """
        ...

    def read(self) -> Frame:
        """Return the next frame; waits at most about two seconds.

        Raises:
            CameraGone: None came.
        """
        ...

    def close(self) -> None:
        """Switch it off; may be called at any time and twice."""
        ...
