"""What happens between two frames: changing screens, switching the language, wiping, collecting garbage; 540 x 960."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.bench.measurement import Measurement, bench
from tests.bench.stage import Stage, all_views, stage
from tests.journey.world import RESIDUE

SWITCH_FRAMES = 3
"""Frames until texts that hang on the width of other texts are in their place."""
SIZE = (540, 960)


def _ms(act: Callable[[], Any]) -> float:
    """Return the CPU milliseconds that something takes, of all threads."""
    start = time.process_time()
    act()
    return 1000 * (time.process_time() - start)


def _shown(made: Stage, view: Any) -> None:
    made.router.show(view)
    made.frames(SWITCH_FRAMES)


def _worst(costs: dict[str, float]) -> tuple[str, float]:
    return max(costs.items(), key=lambda row: row[1])


def _first_visits(made: Stage, views: dict[str, Any]) -> Iterator[Measurement]:
    costs = {label: _ms(lambda view=view: _shown(made, view)) for label, view in views.items()}
    label, worst = _worst(costs)
    note = f"CPU, shown for the first time after the start, drawn {SWITCH_FRAMES} times, “{label}”"
    yield Measurement("session.first_visit", worst, "CPU-ms", goal=150, note=note)


def _changes(made: Stage, views: dict[str, Any]) -> Iterator[Measurement]:
    costs = {label: _ms(lambda view=view: _shown(made, view)) for label, view in views.items()}
    label, worst = _worst(costs)
    note = f"CPU, from any screen to its next one, “{label}”; median {statistics.median(costs.values()):.0f}"
    yield Measurement("session.screen_change", worst, "CPU-ms", goal=150, note=note)


def _languages(made: Stage, views: dict[str, Any]) -> Iterator[Measurement]:
    from kiosk.ports.values import Language

    costs = {}
    for label, view in views.items():
        made.show(view)
        other = replace(view, chrome=replace(view.chrome, language=Language.EN))
        costs[label] = _ms(lambda other=other: _shown(made, other))
    label, worst = _worst(costs)
    note = f"CPU, to the new language on the glass, “{label}”; median {statistics.median(costs.values()):.0f}"
    yield Measurement("session.language_switch", worst, "CPU-ms", goal=100, note=note)


def _wipes(made: Stage, views: dict[str, Any]) -> Iterator[Measurement]:
    """Wipe as the end of a visit does: the display, then a collection that overwrites what it held."""

    def wipe() -> None:
        made.router.wipe()
        gc.collect()

    costs = {}
    for label, view in views.items():
        made.show(view)
        costs[label] = _ms(wipe)
    label, worst = _worst(costs)
    yield Measurement("session.wipe", worst, "CPU-ms", goal=100, note=f"display and a full collection, “{label}”")


def _collections(made: Stage, views: dict[str, Any]) -> Iterator[Measurement]:
    """Full collections as they may come in the middle of a visit, and what one takes where nothing is frozen.

    The visit shows every screen. Others have come before it, and the kiosk has stood unused since (kiosk/app/quiet.py).
    """
    from screens.window import settle

    made.router.wipe()
    settle()
    pauses = []
    for view in views.values():
        made.show(view)
        pauses.append(_ms(gc.collect))
    gc.unfreeze()
    thawed = min(_ms(gc.collect) for _ in range(3))
    gc.freeze()
    note = f"worst of {len(pauses)}, one on each screen; baseline: nothing frozen"
    yield Measurement("session.gc_pause", max(pauses), "CPU-ms", goal=5, baseline=thawed, note=note)


@bench(seconds=30, environment=RESIDUE)
def bench_session() -> Iterator[Measurement]:
    """Changes of screens, languages, wipes, collections."""
    with stage(*SIZE) as made:
        views = all_views()
        yield from _first_visits(made, views)
        yield from _changes(made, views)
        yield from _languages(made, views)
        yield from _wipes(made, views)
        yield from _collections(made, views)
