"""What a test counts is in the output of a green run, in one process and in several."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

COUNTING = "tests/integration/card/test_tears.py::test_identifying_takes_at_most_4_commands_and_reading_5"


@pytest.mark.parametrize("processes", ["0", "2"])
def test_figures_are_said_where_all_is_green(processes: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n", processes, "-p", "no:cacheprovider", COUNTING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stdout
    assert f"{COUNTING}: identify 4, read 5 commands" in done.stdout
