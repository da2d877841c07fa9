"""Drives screens in one process without a display: virtual time, touches, widgets found by test_id.

Import it after tests.support.screen_window.prepare_for_tests. A driver belongs to one test.
Kivy's own helpers do not run under pytest 9 (kivy#9208).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kivy.base import EventLoop, runTouchApp, stopTouchApp
from kivy.core.window import Window
from kivy.tests.common import UTMotionEvent

from tests.support.screen_window import TIME

FRAME_S = 1 / 60


class ScreenDriver:
    """One tree of widgets under a virtual clock."""

    def __init__(self, root: Any) -> None:
        """Show `root` over the whole window."""
        self.root = root
        root.size_hint, root.pos, root.size = (None, None), (0, 0), Window.size
        runTouchApp(root, embedded=True)
        self.frames(4)

    def frames(self, count: int = 1, step_s: float = FRAME_S) -> None:
        """Run `count` frames of `step_s` virtual seconds."""
        for _ in range(count):
            TIME.now_s += step_s
            EventLoop.idle()

    def wait(self, seconds: float, step_s: float = FRAME_S) -> None:
        """Let `seconds` of virtual time pass."""
        self.frames(max(1, round(seconds / step_s)), step_s)

    def named(self, test_id: str) -> list[Any]:
        """Return the visible widgets with `test_id`."""
        return [widget for widget in self.root.walk(restrict=True) if getattr(widget, "test_id", "") == test_id and is_visible(widget)]

    def find(self, test_id: str) -> Any:
        """Return the one visible widget with `test_id`; AssertionError where there is none or more than one."""
        found = self.named(test_id)
        assert len(found) == 1, f"{len(found)} widgets named {test_id}"
        return found[0]

    def is_seen(self, test_id: str) -> bool:
        """Return whether a widget with `test_id` is to be seen."""
        return bool(self.named(test_id))

    def tap(self, target: Any, hold_s: float = 0.05) -> None:
        """Touch the middle of a widget, or of the visible widget with this test_id."""
        widget = self.find(target) if isinstance(target, str) else target
        self.touch(*widget.to_window(*widget.center), hold_s=hold_s)

    def touch(self, x: float, y: float, hold_s: float = 0.05) -> None:
        """Touch the window at (x, y) px from its lower left corner."""
        touch = self.press(x, y)
        self.wait(hold_s)
        self.release(touch)

    def press(self, x: float, y: float) -> Any:
        """Put a finger down at (x, y) and return it."""
        spot = {"x": x / (Window.width - 1), "y": y / (Window.height - 1)}
        touch = UTMotionEvent("test", 1, spot, is_touch=True, type_id="touch")
        EventLoop.post_dispatch_input("begin", touch)
        return touch

    def release(self, touch: Any) -> None:
        """Lift a finger."""
        EventLoop.post_dispatch_input("end", touch)
        self.frames(2)

    def type(self, *test_ids: str, pause_s: float = 0.35) -> None:
        """Tap one target after the other, `pause_s` apart."""
        for test_id in test_ids:
            self.tap(test_id)
            self.wait(pause_s)

    def close(self) -> None:
        """Take the tree off the window."""
        Window.remove_widget(self.root)
        stopTouchApp()


def is_visible(widget: Any) -> bool:
    """Return whether `widget` stands on the window and nothing up the tree hides it."""
    if widget.right <= 0 or widget.top <= 0:
        return False
    while widget is not None and widget is not Window:
        if widget.opacity == 0 or not getattr(widget, "is_shown", True):
            return False
        widget = widget.parent
    return True


def driven(root: Any) -> Iterator[ScreenDriver]:
    """Yield a driver for `root` and close it; for fixtures."""
    driver = ScreenDriver(root)
    yield driver
    driver.close()
