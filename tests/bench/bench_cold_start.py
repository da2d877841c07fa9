"""How long a person looks at a dark screen: from the start of the kiosk's process to the attract screen and to all screens built."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.kiosk_process import BUILT, LINKED, installation, log_end, process_id, wait_for_line
from tests.bench.measurement import Measurement, bench
from tests.bench.processes import cpu_s
from tests.bench.x11 import Finger, Part
from tests.journey.glass import Display
from tests.journey.world import World

ROUNDS = 3
POLL_S = 0.004
LIMIT_S = 30.0

# The least that such a program can be: interpreter, window with the product's settings, one text, one frame.
_EMPTY = """
import sys
from screens.window import open_window, prepare
prepare(int(sys.argv[1]), int(sys.argv[2]))
window = open_window()
from kivy.base import EventLoop, runTouchApp
from kivy.uix.label import Label
runTouchApp(Label(text="1", color=(0, 0, 0, 1)), embedded=True)
while True:
    EventLoop.idle()
"""


@dataclass(frozen=True, slots=True)
class Started:
    """One start.

    Attributes:
        seen_ms: Process start to what was waited for on the glass.
        cpu_ms: CPU that the process had used by then.
        ready_ms: Process start to all screens built and the centre reached.
    """

    seen_ms: float
    cpu_ms: float
    ready_ms: float = 0.0


def _wait(is_seen: Callable[[], bool], start: float, pid: int) -> Started:
    while not is_seen():
        if time.perf_counter() - start > LIMIT_S:
            raise TimeoutError("nothing to be seen")
        time.sleep(POLL_S)
    return Started(1000 * (time.perf_counter() - start), 1000 * cpu_s(pid))


def _empty_start(display: str, width: int, height: int) -> Started:
    """Start the empty program and wait until the middle of the glass shows its text."""
    middle = Part(width // 2 - 10, height // 2 - 10, 20, 20)
    with Finger(display) as eye:
        start = time.perf_counter()
        words = [sys.executable, "-c", _EMPTY, str(width), str(height)]
        process = subprocess.Popen(words, env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
        try:
            return _wait(lambda: len(set(eye.look(middle))) > 8, start, process.pid)
        finally:
            process.kill()
            process.wait()


def _kiosk_start(world: World, display: str, button: Part, shown: bytes) -> Started:
    """Start the kiosk and wait until the button of the attract screen looks as it does in the end."""
    begin = log_end(world)
    with Finger(display) as eye:
        start = time.perf_counter()
        world.kiosk.start()
        pid = process_id(world.kiosk)
        seen = _wait(lambda: eye.look(button) == shown, start, pid)
        wait_for_line(world, BUILT, LINKED, begin=begin)
        ready_ms = 1000 * (time.perf_counter() - start)
        world.kiosk.kill()
    return Started(seen.seen_ms, seen.cpu_ms, ready_ms)


def _learn_button(world: World, display: str) -> tuple[Part, bytes]:
    """Return where the start button is and how it looks; the first start also fills the caches of files."""
    begin = log_end(world)
    world.start_kiosk(display)
    wait_for_line(world, BUILT, LINKED, begin=begin)
    button = Part.of(world.glass.look()["targets"]["attract.start"])
    with Finger(display) as eye:
        eye.wait_still(button)
        looks = eye.look(button)
    world.kiosk.kill()
    return button, looks


def _starts(world: World, width: int) -> tuple[list[Started], list[Started]]:
    world.width, world.height = width, width * 16 // 9
    world.kiosk.is_ready = world.probe.exists
    display = Display(world.width, world.height)
    try:
        button, looks = _learn_button(world, display.name)
        # From here on the glass alone says when the kiosk is there.
        world.kiosk.is_ready = lambda: True
        kiosk = [_kiosk_start(world, display.name, button, looks) for _ in range(ROUNDS)]
        empty = [_empty_start(display.name, world.width, world.height) for _ in range(ROUNDS)]
    finally:
        display.close()
    return kiosk, empty


@bench(seconds=45)
def bench_cold_start() -> Iterator[Measurement]:
    """Both densities, the service running, the kiosk's memory settings as shipped."""
    with installation() as world:
        for width, name in ((540, "cold_start"), (1080, "cold_start_1080")):
            kiosk, empty = _starts(world, width)
            seen = min(start.seen_ms for start in kiosk)
            base = min(start.seen_ms for start in empty)
            size = f"{width} x {world.height}"
            kind = f"{size}, best of {ROUNDS}, wall; baseline: an empty window with one text"
            yield Measurement(f"{name}.first_frame", seen, "ms", goal=1500, baseline=base, note=kind)
            used = statistics.median(start.cpu_ms for start in kiosk)
            least = statistics.median(start.cpu_ms for start in empty)
            yield Measurement(
                f"{name}.first_frame_cpu", used, "CPU-ms", baseline=least, note=f"{width} x {world.height}, median of {ROUNDS}"
            )
            ready = min(start.ready_ms for start in kiosk)
            note = f"best of {ROUNDS}, wall: all screens built, centre reached"
            yield Measurement(f"{name}.ready", ready, "ms", goal=5000, note=note)
