"""What two benchmarks put in the place of the world still fits the kiosk: nothing else in the gate would say that one cannot run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver

VISITS = """
import asyncio
from tests.bench.bench_memory import SIZE, Visits
from tests.bench.stage import unseen_stage

async def play():
    visits = Visits(unseen_stage(*SIZE))
    running = asyncio.create_task(visits.session.run())
    await visits.run(2)
    running.cancel()

asyncio.run(play())
"""


def run(root: Path, *words: str) -> None:
    done = subprocess.run([sys.executable, *words], cwd=root, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr


def test_the_visits_whose_memory_is_measured_come_to_their_end(project_root: Path) -> None:
    run(project_root, "-c", VISITS)


@pytest.mark.emulator
def test_the_cards_whose_time_is_measured_are_written(project_root: Path, tmp_path: Path) -> None:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    run(project_root, "-m", "tests.bench.apart", "personalisation", str(tmp_path / "rows.json"))
    rows = {row["name"]: row["value"] for row in json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))}
    assert rows["personalisation.commands"] > rows["visit.commands"] > 0
