"""A camera without a lens: shows the pictures that a test puts before it, at a rate of its own, and goes away when it is told to."""

from __future__ import annotations

import threading
import time

import numpy as np

from hardware.camera.api import CameraGone, Frame, NoCamera, Pixels

_GREY = 96


class SimCamera:
    """See hardware.camera.api.Camera.

    Attributes:
        is_attached: False as if it were unplugged.
        opened: How often it was switched on.
        is_on: It is switched on.
    """

    def __init__(self, frames_per_s: float = 50.0) -> None:
        self.is_attached = True
        self.opened = 0
        self.is_on = False
        self._pause_s = 1 / frames_per_s
        self._lock = threading.Lock()
        self._pixels: Pixels = np.full((720, 1280, 3), _GREY, dtype=np.uint8)
        self._empty = self._pixels
        self._number = 0

    def show(self, pixels: Pixels | None) -> None:
        """Put a picture before it, or take it away. Thread: any."""
        with self._lock:
            self._pixels = self._empty if pixels is None else pixels

    def is_there(self) -> bool:
        """Return whether it is attached."""
        return self.is_attached

    def open(self) -> None:
        """Switch it on."""
        if not self.is_attached:
            raise NoCamera("unplugged")
        self.opened += 1
        self.is_on, self._number = True, 0

    def read(self) -> Frame:
        """Return what lies before it."""
        time.sleep(self._pause_s)
        if not self.is_attached or not self.is_on:
            raise CameraGone("unplugged")
        self._number += 1
        with self._lock:
            return Frame(self._number, time.monotonic(), self._pixels)

    def close(self) -> None:
        """Switch it off."""
        self.is_on = False
