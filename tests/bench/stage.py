"""The product's screens in this process on a private X display, for what is measured frame by frame."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from tests.journey.glass import Display

NOW = datetime(2026, 8, 6, 14, 26, tzinfo=timezone(timedelta(hours=8)))
SETTLE_FRAMES = 4


@dataclass(frozen=True, slots=True)
class Stage:
    """Router and window, every screen built."""

    router: Any
    window: Any

    def frames(self, count: int = 1, *, forced: bool = False) -> None:
        """Draw; forced: although nothing changed."""
        from kivy.base import EventLoop

        for _ in range(count):
            if forced:
                self.window.canvas.ask_update()
            EventLoop.idle()

    def show(self, view: Any) -> None:
        """Show a view and let it settle."""
        self.router.show(view)
        self.frames(SETTLE_FRAMES)

    def frame_cpu_ms(self, count: int) -> float:
        """Return the CPU milliseconds of a frame, of all threads, mean of `count`."""
        start = time.process_time()
        self.frames(count, forced=True)
        return 1000 * (time.process_time() - start) / count


@contextmanager
def stage(width: int, height: int) -> Iterator[Stage]:
    """Open display, window and all screens. Once in a process: there is one window."""
    display = Display(width, height)
    try:
        os.environ.update({"DISPLAY": display.name, "SDL_VIDEODRIVER": "x11"})
        yield _built(width, height)
    finally:
        display.close()


def unseen_stage(width: int, height: int) -> Stage:
    """Return window and all screens without a display: everything is drawn, nothing is handed over."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    return _built(width, height)


def _built(width: int, height: int) -> Stage:
    from screens.window import open_window, prepare, settle

    prepare(width, height)
    window = open_window()
    from kivy.base import runTouchApp
    from kivy.clock import Clock

    from kiosk.pinyin.names import NameEngine
    from kiosk.regions.table import Regions
    from kiosk.texts import load_catalogue
    from screens.register.form_inputs import InputTools
    from screens.router import Router
    from screens.routes import Tools

    Clock._max_fps = 0
    inputs = InputTools(NameEngine.load(), NameEngine.load(), Regions.load(), lambda: date(2026, 11, 24))
    router = Router(load_catalogue(), Tools(lambda: inputs, lambda: NOW), size=window.size, pos=(0, 0))
    runTouchApp(router, embedded=True)
    made = Stage(router, window)
    for _name in router.warm():
        made.frames(1)
    settle()
    return made


def all_views() -> dict[str, Any]:
    """Return every preview in Simplified Chinese by its label."""
    from screens.previews import previews

    return {label: view for rows in previews().values() for label, view in rows}
