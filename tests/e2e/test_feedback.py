"""Feedback end to end by touches: three taps to a case number, a slip that leads back, staff's reply seen at the kiosk, the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from tests.journey.feedback import FeedbackJourney
from tests.journey.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(180)]


def test_a_guest_says_something_and_reads_what_became_of_it(tmp_path: Path) -> None:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with World(tmp_path / "world") as world:
        world.start_outside()
        world.start_service()
        world.start_kiosk()
        journey = FeedbackJourney(world, out=tmp_path / "pictures")
        played = journey.play()
        taps = {step.name: step.seconds for step in played}
        # From the menu to the case number in under half a minute, on whatever machine this runs.
        assert taps["feedback"] + taps["face"] + taps["case number"] < 30
        assert played[-1].state == "Attract"
        log = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (world.folder / "logs").glob("*.log"))
        assert journey.digits not in log
