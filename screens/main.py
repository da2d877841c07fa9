"""The screens put on the window and run; what a test may know of them. Import it after the window exists."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

from kivy.base import async_runTouchApp
from kivy.clock import Clock

from kiosk.flows.home.state import Attract
from kiosk.ports.display import Viewfinder
from kiosk.texts import Catalogue
from screens.register.form_inputs import InputTools
from screens.router import Router, shown
from screens.routes import Tools
from screens.sound.player import open_sounds
from screens.widgets.press import Target
from screens.window import settle

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
SETTLE_FRAMES = 3
"""Texts get their textures one frame after they are placed, and what hangs on their width one later."""


def build(glass: Any, catalogue: Catalogue, inputs: Callable[[], InputTools], viewfinder: Viewfinder, volume: int) -> Router:
    """Return the router in the size of the window; it builds each screen when it is first asked for.

    Args:
        glass: The window.
        catalogue: Texts.
        inputs: Gives what the form types with; called when the form is built, and the same each time.
        viewfinder: Holds what the camera sees.
        volume: How loud the kiosk is, in per cent; 0 is silent.
    """
    return Router(catalogue, Tools(inputs, sounds=open_sounds(volume), viewfinder=viewfinder), size=glass.size, pos=(0, 0))


async def run_window(router: Router) -> None:
    """Run the window's loop inside asyncio until it is closed; the screens that are not seen yet are built meanwhile."""
    async with asyncio.TaskGroup() as group:
        warming = group.create_task(_warm(router), name="warm")
        await async_runTouchApp(router, async_lib="asyncio")
        warming.cancel()


async def drawn(frames: int = SETTLE_FRAMES) -> None:
    """Wait until what is shown can be seen; only while the window's loop runs."""
    for _ in range(frames):
        passed = asyncio.Event()
        Clock.schedule_once(lambda _seconds, passed=passed: passed.set(), 0)
        await passed.wait()


async def _warm(router: Router) -> None:
    """Build every screen, each between two frames, so that touches are answered meanwhile; then freeze what was built."""
    await drawn()
    for _name in router.warm():
        await drawn(1)
    log.info("all screens are built")
    await nobody_here(router)
    settle()


async def nobody_here(router: Router) -> None:
    """Wait until the attract screen is shown: what is frozen is never looked through again, so nothing of a visit may be among it."""
    while router.view is None or not isinstance(router.view.state, Attract):  # noqa: ASYNC110 - looked at for one visit at most
        await asyncio.sleep(LOOK_EVERY_S)


def describe(router: Router, height: float) -> dict[str, Any]:
    """Return the present screen for the probe: state, language, overlay, targets. No text, no value.

    Linked is a kiosk whose hello was answered and that lost nothing since. Targets are `test_id: [x, y, width, height]` in
    window px from the top left; disabled and hidden ones are left out, and those that are not placed on the glass yet.
    """
    view = router.view
    boxes = {target.test_id: _box(target, height) for target in _targets(router) if target.test_id}
    targets = {name: box for name, box in boxes.items() if _is_on_glass(box, router.width, height)}
    return {
        "state": type(shown(view.state)).__name__ if view else "",
        "language": view.chrome.language.value if view else "",
        "is_large": view.chrome.is_large if view else False,
        "is_linked": bool(view and view.chrome.is_linked and view.chrome.device.device_id),
        "overlay": type(view.overlay).__name__ if view and view.overlay else None,
        "targets": targets,
    }


def _targets(widget: Any) -> Iterator[Target]:
    """Yield the targets that a finger reaches; a modal widget hides what is drawn before it."""
    if widget.opacity == 0 or not getattr(widget, "is_shown", True):
        return
    if isinstance(widget, Target) and not widget.disabled:
        yield widget
    children = list(reversed(widget.children))
    modal = next((place for place in reversed(range(len(children))) if _is_modal(children[place])), 0)
    for child in children[modal:]:
        yield from _targets(child)


def _is_modal(widget: Any) -> bool:
    return bool(getattr(widget, "is_modal", False) and getattr(widget, "is_shown", True) and widget.opacity)


def _box(target: Target, height: float) -> list[float]:
    left, bottom = target.to_window(target.x, target.y)
    return [round(left, 1), round(height - bottom - target.height, 1), round(target.width, 1), round(target.height, 1)]


def _is_on_glass(box: list[float], width: float, height: float) -> bool:
    """Tell whether a finger can reach the middle of a box, which is where it is touched."""
    left, top, wide, high = box
    return 0 <= left + wide / 2 < width and 0 <= top + high / 2 < height
