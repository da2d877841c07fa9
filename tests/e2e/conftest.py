"""The town in which journeys end to end are played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from tests.support.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An installation with members, opened; each test has its own."""
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with Town(tmp_path / "town") as running:
        running.open()
        yield running
