"""Makes the window and the screens, in the order that Kivy wants. Imports Kivy only when it is called."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from kiosk.app.kiosk import Front
from kiosk.config import Settings
from kiosk.paper.faces import load_faces
from kiosk.paper.renderer import SlipRenderer
from kiosk.pinyin.engines import open_engines
from kiosk.texts import load_catalogue
from screens import window

FONTS = Path(__file__).parents[2] / "screens" / "assets" / "fonts"


def open_front(settings: Settings) -> tuple[Front, Coroutine[Any, Any, None]]:
    """Return the display with all screens built, and the coroutine that runs the window's loop.

    Raises:
        screens.window.WindowError: there is no window that a person could see.
    """
    screen = settings.screen
    window.prepare(screen.width, screen.height, fullscreen=screen.fullscreen)
    glass = window.open_window()
    window.require_visible()
    catalogue = load_catalogue()
    engines = open_engines(settings.kiosk.data_dir / "rime")

    from screens.main import build, describe, run_window  # noqa: PLC0415 - imports Kivy widgets, after the window exists

    router = build(glass, catalogue, engines)
    window.settle()
    renderer = SlipRenderer(load_faces(FONTS), catalogue.in_language)
    return Front(router, catalogue, renderer, lambda: describe(router, glass.height)), run_window(router)
