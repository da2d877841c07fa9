"""Drives screens in one process without a display: virtual time, touches, widgets found by test_id.

Call `prepare_for_tests()` at the top of a test module's conftest, before Kivy's window is imported. A driver belongs to one test.
Kivy's own helpers do not run under pytest 9 (kivy#9208).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

DEFAULT_SIZE = (540, 960)
FRAME_S = 1 / 60


class VirtualTime:
    """The time that Kivy's clock sees, in seconds."""

    def __init__(self) -> None:
        self.now_s = 1_000.0


_TIME = VirtualTime()


def prepare_for_tests(size: tuple[int, int] = DEFAULT_SIZE, *, mock_gl: bool = False) -> None:
    """Open the one unseen window of this process; further calls change nothing.

    Args:
        size: Window size in px.
        mock_gl: Draw nothing at all: logic and layout only, three times faster to start.
    """
    if "kivy.core.window" in sys.modules:
        return
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    if mock_gl:
        os.environ["KIVY_GL_BACKEND"] = "mock"
    from screens.window import open_window, prepare

    prepare(*size)
    open_window()
    from kivy.clock import Clock, ClockBaseBehavior

    ClockBaseBehavior.time = lambda _self: _TIME.now_s
    Clock._max_fps = 0


class ScreenDriver:
    """One tree of widgets under a virtual clock."""

    def __init__(self, root: Any) -> None:
        """Show `root` over the whole window."""
        from kivy.base import EventLoop, runTouchApp
        from kivy.core.window import Window

        self.root, self.window, self._loop = root, Window, EventLoop
        root.size_hint, root.pos, root.size = (None, None), (0, 0), Window.size
        runTouchApp(root, embedded=True)
        self.frames(4)

    def frames(self, count: int = 1, step_s: float = FRAME_S) -> None:
        """Run `count` frames of `step_s` virtual seconds."""
        for _ in range(count):
            _TIME.now_s += step_s
            self._loop.idle()

    def wait(self, seconds: float, step_s: float = FRAME_S) -> None:
        """Let `seconds` of virtual time pass."""
        self.frames(max(1, round(seconds / step_s)), step_s)

    def find(self, test_id: str) -> Any:
        """Return the one widget with `test_id`; AssertionError where there is none or more than one."""
        found = [widget for widget in self.root.walk(restrict=True) if getattr(widget, "test_id", "") == test_id]
        assert len(found) == 1, f"{len(found)} widgets named {test_id}"
        return found[0]

    def is_seen(self, test_id: str) -> bool:
        """Return whether a widget with `test_id` stands inside the window."""
        found = [widget for widget in self.root.walk(restrict=True) if getattr(widget, "test_id", "") == test_id]
        return any(widget.right > 0 and widget.x < self.window.width and is_visible(widget) for widget in found)

    def tap(self, target: Any, hold_s: float = 0.05) -> None:
        """Touch the middle of a widget or of the widget with a test_id."""
        widget = self.find(target) if isinstance(target, str) else target
        self.touch(*widget.to_window(*widget.center), hold_s=hold_s)

    def touch(self, x: float, y: float, hold_s: float = 0.05) -> None:
        """Touch the window at (x, y) px from its lower left corner."""
        from kivy.tests.common import UTMotionEvent

        spot = {"x": x / (self.window.width - 1), "y": y / (self.window.height - 1)}
        touch = UTMotionEvent("test", 1, spot, is_touch=True, type_id="touch")
        self._loop.post_dispatch_input("begin", touch)
        self.wait(hold_s)
        self._loop.post_dispatch_input("end", touch)
        self.frames(2)

    def type(self, *test_ids: str) -> None:
        """Tap one target after the other."""
        for test_id in test_ids:
            self.tap(test_id)
            self.wait(0.35)

    def close(self) -> None:
        """Take the tree off the window."""
        from kivy.base import stopTouchApp

        self.window.remove_widget(self.root)
        stopTouchApp()


def is_visible(widget: Any) -> bool:
    """Return whether nothing up the tree hides `widget`."""
    while widget is not None and hasattr(widget, "parent"):
        if widget.opacity == 0 or not getattr(widget, "is_shown", True):
            return False
        if widget.parent is widget:
            return True
        widget = widget.parent
    return True


def driven(root: Any) -> Iterator[ScreenDriver]:
    """Yield a driver for `root` and close it; for fixtures."""
    driver = ScreenDriver(root)
    yield driver
    driver.close()
