"""Plays one walk on a new installation and checks everything at its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.x11 import Finger
from tests.support.residue import Canary
from tests.support.town import Town
from tests.walk import watch
from tests.walk.walker import Walked, Walker

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Length:
    """When a walk is over: after so many seconds of the kiosk's clock, or of the machine's where it is a short one."""

    seconds: float = HOUR_S
    at_most_s: float = float("inf")


@dataclass(frozen=True, slots=True)
class Played:
    """A walk that was good."""

    walked: Walked
    rests: list[watch.Rested]
    seconds: float
    took_s: float


def play(folder: Path, seed: int, length: Length, tell: Callable[[str], None] = lambda _line: None) -> Played:
    """Walk and check.

    Raises:
        AssertionError: something is wrong; the steps lie in `folder`/steps.txt.
    """
    with Town(folder) as town:
        town.open()
        with Finger(town.kiosk.environment["DISPLAY"]) as finger, (folder / "steps.txt").open("w", encoding="utf-8") as steps:

            def note(line: str) -> None:
                steps.write(line + "\n")
                steps.flush()
                tell(line)

            walker, rests, began = Walker(town, finger, seed, note), list[watch.Rested](), time.monotonic()

            def is_over() -> bool:
                return walker.seconds >= length.seconds or time.monotonic() - began >= length.at_most_s

            def rest() -> None:
                rests.append(watch.rested(town, _canaries(town, walker.walked)))

            walked = walker.walk(is_over, rest)
            seconds, took_s = walker.seconds, time.monotonic() - began
            walker.leave()
            canaries = _canaries(town, walked)
            rests.append(watch.rested(town, canaries))
            watch.check_files(town, canaries)
            watch.check_logs(town)
            watch.check_visits(town, visits=walked.visits, outages=walked.outages)
            watch.check_records(town)
        # Before the first visit most screens have shown nothing yet: that look alone is no measure of the later ones.
        if len(rests) > 3:
            watch.check_growth(rests)
        return Played(walked, rests, seconds, took_s)


def _canaries(town: Town, walked: Walked) -> list[Canary]:
    typed = sorted(number for number in walked.typed if len(number) == 11 and number.startswith("191"))
    return [*(one for neighbour in town.neighbours for one in neighbour.canaries()), Canary("typed number", tuple(typed))]
