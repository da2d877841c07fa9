"""One X display as a person meets it: a finger that presses (XTEST) and an eye on a small part of the glass (GetImage).

Calls libX11 and libXtst themselves, because a process for each touch would be slower than what is measured.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

LOOK_EVERY_S = 0.001
_PIXELS = 2  # ZPixmap
_ALL_PLANES = 0xFFFFFFFF


class _Image(ctypes.Structure):
    """The head of XImage, as Xlib.h has it."""

    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the glass in px from the top left."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of(cls, target: list[float], share: float = 0.8) -> Part:
        """Return the middle `share` of a target's box (x, y, width, height)."""
        left, top, width, height = target
        rim = (1 - share) / 2
        return cls(round(left + width * rim), round(top + height * rim), round(width * share), round(height * share))

    @property
    def centre(self) -> tuple[int, int]:
        """Return its middle."""
        return self.x + self.width // 2, self.y + self.height // 2


class Finger:
    """A connection to one display."""

    def __init__(self, display: str) -> None:
        """Connect.

        Raises:
            OSError: no such display, or Xlib is not installed.
        """
        self._x = _load("X11")
        self._test = _load("Xtst")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(display.encode()))
        if not self._display:
            raise OSError(f"no X display {display}")
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up."""
        self._x.XCloseDisplay(self._display)

    def look(self, part: Part) -> bytes:
        """Return the pixels of a part."""
        image = self._x.XGetImage(
            self._display, self._root, part.x, part.y, part.width, part.height, ctypes.c_ulong(_ALL_PLANES), ctypes.c_int(_PIXELS)
        )
        head = image.contents
        pixels = ctypes.string_at(head.data, head.bytes_per_line * head.height)
        self._x.XDestroyImage(image)
        return pixels

    def move(self, place: tuple[int, int]) -> None:
        """Go there without pressing."""
        self._test.XTestFakeMotionEvent(self._display, -1, *place, ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)

    def press(self) -> None:
        """Put the finger down."""
        self._button(is_down=True)

    def release(self) -> None:
        """Lift it."""
        self._button(is_down=False)

    def _button(self, *, is_down: bool) -> None:
        self._test.XTestFakeButtonEvent(self._display, 1, int(is_down), ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)

    def time_to_change(self, part: Part, act: Callable[[], None], limit_s: float = 2.0) -> float | None:
        """Act and return the milliseconds until a pixel of `part` is another one; None where none is within the limit."""
        before = self.look(part)
        start = time.perf_counter()
        act()
        while time.perf_counter() - start < limit_s:
            if self.look(part) != before:
                return 1000 * (time.perf_counter() - start)
            time.sleep(LOOK_EVERY_S)
        return None

    def wait_still(self, part: Part, still_s: float = 0.08, limit_s: float = 3.0) -> None:
        """Wait until `part` has not changed for a while."""
        end = time.perf_counter() + limit_s
        seen, since = self.look(part), time.perf_counter()
        while time.perf_counter() - since < still_s and time.perf_counter() < end:
            time.sleep(0.01)
            now = self.look(part)
            if now != seen:
                seen, since = now, time.perf_counter()


def _load(name: str) -> ctypes.CDLL:
    found = ctypes.util.find_library(name)
    if found is None:
        raise OSError(f"lib{name} is not installed")
    return ctypes.CDLL(found)
