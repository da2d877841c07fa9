"""Somebody who touches, lays and shows at random for an hour: no exception, nothing that grows, nothing left, ledger and audit trail hold.

The seed is printed; `python -m tests.walk --seed N` takes the same walk. WALK_SEED chooses one for the long form.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from tests.walk.play import Length, Played, play
from tests.walk.watch import GROWTH_MB, UNEXPECTED, Rested, check_growth

pytestmark = [pytest.mark.e2e, pytest.mark.emulator]
SMOKE_SEED = 11
SMOKE_S = 12.0


def walk(folder: Path, seed: int, length: Length, figures: Callable[[str], None]) -> Played:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    print(f"seed {seed}")  # said also where the walk ends in a failure
    played = play(folder, seed, length)
    walked = played.walked
    done = f"{len(walked.steps)} steps, {walked.visits} visits, {len(walked.states)} states, {walked.outages} outages"
    figures(f"seed {seed}: {done}; {played.seconds:.0f} s of the kiosk in {played.took_s:.0f} s")
    return played


@pytest.mark.timeout(180)
def test_a_short_walk(tmp_path: Path, figures: Callable[[str], None]) -> None:
    assert walk(tmp_path, SMOKE_SEED, Length(at_most_s=SMOKE_S), figures).walked.steps


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_walk_of_an_hour(tmp_path: Path, figures: Callable[[str], None]) -> None:
    seed = int(os.environ.get("WALK_SEED") or SystemRandom().randrange(10**6))
    played = walk(tmp_path, seed, Length(), figures)
    # Whoever walks for an hour sees a good part of the kiosk; less says that the walk stands before a wall.
    assert len(played.walked.states) > 40
    assert played.walked.visits > 15


RESTED = Rested(("session", "link"), 2_900, 400.0, 90, 19)


def test_a_kiosk_that_stays_as_it_is_is_no_leak() -> None:
    check_growth([RESTED] * 8)


@pytest.mark.parametrize(
    "more",
    [
        {"tasks": ("session", "link", "LoadMember")},
        {"widgets": 2_901},
        {"resident_mb": 400.0 + GROWTH_MB + 1},
        {"descriptors": 93},
        {"threads": 21},
    ],
    ids=str,
)
def test_what_grows_is_noticed(more: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        check_growth([RESTED] * 4 + [replace(RESTED, **more)] * 4)


@pytest.mark.parametrize(
    "line", ["Traceback (most recent call last):", "2026-01-01 ERROR kiosk.session: effect LoadMember failed", "ValueError: 3"]
)
def test_what_nobody_expects_in_a_log_is_noticed(line: str) -> None:
    assert UNEXPECTED.search(line)
