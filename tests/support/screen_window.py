"""The one unseen window of a test process, under virtual time. Call `prepare_for_tests` before anything of Kivy is imported.

Imports of Kivy stand inside the function: they read the environment that is set before them.
"""

from __future__ import annotations

import os
import sys

DEFAULT_SIZE = (540, 960)


class VirtualTime:
    """The time that Kivy's clock sees, in seconds."""

    def __init__(self) -> None:
        self.now_s = 0.0


TIME = VirtualTime()


def prepare_for_tests(size: tuple[int, int] = DEFAULT_SIZE, *, mock_gl: bool = False) -> None:
    """Open the window; further calls change nothing.

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

    # Events that the window has scheduled already carry the real time: virtual time goes on from there.
    TIME.now_s = Clock.time()
    ClockBaseBehavior.time = lambda _self: TIME.now_s
    Clock._max_fps = 0
