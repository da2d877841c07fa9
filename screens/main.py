"""The screens put on the window and run; what a test may know of them. Import it after the window exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kivy.base import async_runTouchApp

from kiosk.pinyin.engines import Engines
from kiosk.regions.table import Regions
from kiosk.texts import Catalogue
from screens.register.form_inputs import InputTools
from screens.router import Router, shown
from screens.routes import Tools, local_now
from screens.widgets.press import Target


def build(glass: Any, catalogue: Catalogue, engines: Engines) -> Router:
    """Return the router with every screen built, in the size of the window."""
    inputs = InputTools(engines.names, engines.general, Regions.load(), local_now().date())
    router = Router(catalogue, Tools(inputs), size=glass.size, pos=(0, 0))
    router.warm()
    return router


async def run_window(router: Router) -> None:
    """Run the window's loop inside asyncio until it is closed."""
    await async_runTouchApp(router, async_lib="asyncio")


def describe(router: Router, height: float) -> dict[str, Any]:
    """Return the present screen for the probe: state, language, overlay, targets. No text, no value.

    Targets are `test_id: [x, y, width, height]` in window px from the top left; disabled and hidden ones are left out.
    """
    view = router.view
    targets = {target.test_id: _box(target, height) for target in _targets(router) if target.test_id}
    return {
        "state": type(shown(view.state)).__name__ if view else "",
        "language": view.chrome.language.value if view else "",
        "is_large": view.chrome.is_large if view else False,
        "is_linked": view.chrome.is_linked if view else False,
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
