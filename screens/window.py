"""The one place that configures Kivy, before its window exists.

Responsible for: environment, configuration, design-pixel density, video driver check, garbage freeze.
Must not know: which screens there are. Measured reasons for each setting: multisamples cost 3 times the CPU on software GL;
Kivy's default input providers deliver each touch twice; without DISPLAY, SDL silently draws into nothing.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from pathlib import Path
from typing import Any

DESIGN_WIDTH = 1080
"""Width in design px of the portrait layout; the factor is window width / DESIGN_WIDTH."""

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_CLIPBOARD": "dummy",
}
_INVISIBLE = {"", "offscreen", "dummy", "evdev"}


class WindowError(RuntimeError):
    """Kivy was imported too early, or the window is not one that a person can see."""


def prepare(width: int, height: int, *, fullscreen: bool = False, fps: int = 60) -> None:
    """Set everything that must be set before kivy.core.window is imported.

    Args:
        width: Window width in px; 1080 is full density, 540 half.
        height: Window height in px.
        fullscreen: Take the whole display, without pointer.
        fps: Upper limit of frames a second.

    Raises:
        WindowError: kivy.core.window has been imported already.
    """
    if "kivy.core.window" in sys.modules:
        raise WindowError("prepare() must run before kivy.core.window is imported")
    os.environ.update(_ENVIRONMENT)
    os.environ["KIVY_METRICS_DENSITY"] = str(width / DESIGN_WIDTH)
    os.environ["KIVY_METRICS_FONTSCALE"] = "1"
    from kivy.config import Config  # noqa: PLC0415 - reads the environment when it is imported

    settings: dict[str, Any] = {
        "multisamples": 0,
        "maxfps": fps,
        "width": width,
        "height": height,
        "resizable": 0,
        "borderless": int(fullscreen),
        "fullscreen": 0,
        "position": "custom",
        "left": 0,
        "top": 0,
        "show_cursor": int(not fullscreen),
        "verify_gl_main_thread": 1,
    }
    for name, value in settings.items():
        Config.set("graphics", name, str(value))
    for name, _provider in Config.items("input"):
        Config.remove_option("input", name)
    # SDL hands over both fingers and the pointer of X; right clicks must not make dots.
    Config.set("input", "mouse", "mouse,disable_multitouch")
    Config.set("kivy", "exit_on_escape", "0")


def open_window() -> Any:
    """Create the window with the paper colour behind everything and return it.

    Raises:
        WindowError: SDL found no display at all.
    """
    from kivy.core.window import Window  # noqa: PLC0415 - creates the window

    from screens.theme.tokens import colour  # noqa: PLC0415

    if Window is None:
        raise WindowError("no window: SDL found no display")
    Window.clearcolor = colour("paper")
    return Window


def video_driver() -> str:
    """Return the name of SDL's video driver, e.g. "x11" or "offscreen"; "" before a window exists."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        path = line.rpartition(" ")[2]
        if "libSDL2-" in path:
            library = ctypes.CDLL(path)
            library.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
            return (library.SDL_GetCurrentVideoDriver() or b"").decode("ascii")
    return ""


def require_visible() -> str:
    """Return the video driver; a kiosk whose pictures nobody can see must not pretend to serve.

    Raises:
        WindowError: SDL draws into nothing.
    """
    driver = video_driver()
    if driver in _INVISIBLE:
        raise WindowError(f"SDL draws with {driver or 'no driver'}: nobody would see the screens; is DISPLAY set?")
    return driver


def settle() -> None:
    """Look through everything for garbage, then freeze what is alive: a collection over all of it takes a third of a second.

    Only while nobody is here. May be called again: what was frozen before is looked through too, so nothing stays for ever that was
    frozen in use and dropped later.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.enable()
