"""The goals of drawing: CPU-ms of a frame of every screen and state, at half and at full density, on software GL."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.bench.measurement import Measurement, bench
from tests.bench.stage import Stage, all_views, stage
from tests.journey.world import RESIDUE


def _empty_ms(made: Stage, count: int) -> float:
    """Return what clearing and swapping alone costs: the same window without the screens."""
    made.window.remove_widget(made.router)
    made.frames(3, forced=True)
    taken = made.frame_cpu_ms(count)
    made.window.add_widget(made.router)
    return taken


OWN_PAGES = {"benefits", "campaigns", "children", "coupons", "feedback", "lost", "member", "points", "rewards", "scan"}
"""Journeys of the member's own pages."""


def _own(costs: dict[str, float]) -> dict[str, float]:
    """Return the costs of the member's own pages without a dialog before them."""
    views = all_views()
    journeys = {label: type(view.state).__module__.split(".")[2] for label, view in views.items() if view.overlay is None}
    return {label: cost for label, cost in costs.items() if journeys.get(label) in OWN_PAGES}


def _costs(width: int, height: int, count: int) -> tuple[dict[str, float], float]:
    with stage(width, height) as made:
        empty = _empty_ms(made, 4 * count)
        costs = {}
        for label, view in all_views().items():
            made.show(view)
            costs[label] = made.frame_cpu_ms(count)
    return costs, empty


def _worst(costs: dict[str, float]) -> tuple[str, float]:
    return max(costs.items(), key=lambda row: row[1])


@bench(seconds=25, environment=RESIDUE)
def bench_frame() -> Iterator[Measurement]:
    """Every screen and state at 540 x 960."""
    costs, empty = _costs(540, 960, 10)
    label, worst = _worst(costs)
    kind = f"540 x 960, {len(costs)} screens and states; baseline: clear and swap"
    yield Measurement("frame.median", statistics.median(costs.values()), "CPU-ms", goal=16.7, baseline=empty, note=kind)
    yield Measurement("frame.worst", worst, "CPU-ms", goal=25, baseline=empty, note=f"540 x 960, “{label}”")
    label, worst = _worst(own := _own(costs))
    note = f"540 x 960, “{label}” of {len(own)} of the member's own pages"
    yield Measurement("frame.own_pages_worst", worst, "CPU-ms", goal=25, baseline=empty, note=note)


@bench(seconds=40, environment=RESIDUE)
def bench_frame_1080() -> Iterator[Measurement]:
    """Every screen and state at 1080 x 1920."""
    costs, empty = _costs(1080, 1920, 5)
    label, worst = _worst(costs)
    kind = f"1080 x 1920, {len(costs)} screens and states; baseline: clear and swap"
    yield Measurement("frame_1080.median", statistics.median(costs.values()), "CPU-ms", baseline=empty, note=kind)
    yield Measurement("frame_1080.worst", worst, "CPU-ms", goal=60, baseline=empty, note=f"1080 x 1920, “{label}”")
    label, worst = _worst(own := _own(costs))
    note = f"1080 x 1920, “{label}” of {len(own)} of the member's own pages"
    yield Measurement("frame_1080.own_pages_worst", worst, "CPU-ms", goal=60, baseline=empty, note=note)
