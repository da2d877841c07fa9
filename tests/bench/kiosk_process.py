"""The whole product for a benchmark: installation, a kiosk process on a private display, a finger on it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.x11 import Finger
from tests.journey.script import Journey
from tests.journey.world import Daemon, World

BUILT = "all screens are built"
LINKED = "link to the centre stands"
POLL_S = 0.005


@contextmanager
def installation(width: int = 540, *, with_printer: bool = False) -> Iterator[World]:
    """Start everything but the kiosk, in a folder that is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="member-bench-"))
    try:
        with World(folder, width=width, height=width * 16 // 9, with_printer=with_printer) as world:
            world.start_outside()
            world.start_service()
            yield world
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def kiosk(width: int) -> Iterator[tuple[Journey, Finger]]:
    """Start everything and wait until every screen is built."""
    with installation(width) as world:
        world.start_kiosk()
        wait_for_line(world, BUILT, LINKED)
        with Finger(world.kiosk.environment["DISPLAY"]) as finger:
            yield Journey(world), finger


def log_end(world: World) -> int:
    """Return how long the kiosk's log is now, in bytes."""
    log = world.folder / "logs" / "kiosk.log"
    return log.stat().st_size if log.exists() else 0


def wait_for_line(world: World, *lines: str, limit_s: float = 30.0, begin: int = 0) -> None:
    """Wait until the kiosk's log holds all of these from byte `begin` on.

    Raises:
        TimeoutError: it does not.
    """
    log = world.folder / "logs" / "kiosk.log"
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        text = log.read_bytes()[begin:].decode(errors="replace") if log.exists() else ""
        if all(line in text for line in lines):
            return
        time.sleep(POLL_S)
    raise TimeoutError(f"the kiosk did not say {lines}")


def process_id(daemon: Daemon) -> int:
    """Return the process id of a running part."""
    if daemon.process is None:
        raise RuntimeError(f"{daemon.name} does not run")
    return daemon.process.pid
