"""Makes the window and shows the attract screen; the other screens are built behind it. Imports Kivy only when it is called."""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kiosk.config import Settings
from kiosk.flows.home.state import Attract
from kiosk.ports.display import Chrome, View, Viewfinder
from kiosk.texts import Catalogue, load_catalogue
from screens import window


@dataclass(frozen=True, slots=True)
class Front:
    """What stands between the session and the glass. Thread: loop.

    Attributes:
        display: Shows views and tells of touches.
        catalogue: Texts of the screens and of the slips.
        describe: Tells a test where the targets of the present screen are.
        run: Runs the window's loop until the window is closed; builds the other screens meanwhile.
        shown: Waits until the first screen can be seen; only while the window runs.
        viewfinder: What the camera sees is put there to be shown.
    """

    display: Any
    catalogue: Catalogue
    describe: Callable[[], dict[str, Any]]
    run: Callable[[], Coroutine[Any, Any, None]]
    shown: Callable[[], Coroutine[Any, Any, None]]
    viewfinder: Viewfinder = field(default_factory=Viewfinder)


def open_front(settings: Settings) -> Front:
    """Return the display with the attract screen on it.

    Raises:
        screens.window.WindowError: there is no window that a person could see.
    """
    # Looking for garbage among screens that are just being built took a fifth of the start; window.settle() turns it on again.
    gc.disable()
    screen = settings.screen
    window.prepare(screen.width, screen.height, fullscreen=screen.fullscreen)
    glass = window.open_window()
    window.require_visible()
    catalogue = load_catalogue()

    from screens import main  # noqa: PLC0415 - imports Kivy widgets, after the window exists

    viewfinder = Viewfinder()
    router = main.build(glass, catalogue, cache(lambda: _input_tools(settings)), viewfinder, settings.devices.volume)
    router.show(View(Attract(), Chrome()))
    return Front(
        display=router,
        catalogue=catalogue,
        describe=lambda: main.describe(router, glass.height),
        run=lambda: main.run_window(router),
        shown=main.drawn,
        viewfinder=viewfinder,
    )


def _input_tools(settings: Settings) -> Any:
    """Load what the form types with; takes as long as all other screens together, so only when the form is built."""
    from kiosk.pinyin.engines import open_engines  # noqa: PLC0415
    from kiosk.regions.table import Regions  # noqa: PLC0415
    from screens.register.form_inputs import InputTools  # noqa: PLC0415
    from screens.routes import local_today  # noqa: PLC0415

    engines = open_engines(settings.kiosk.data_dir / "rime")
    return InputTools(engines.names, engines.general, Regions.load(), local_today)
