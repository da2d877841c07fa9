"""One installation for all kills of this folder, and the steps of a journey that nobody disturbs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from tests.support.kill_stage import Stage, Step


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The installation; made once, because making its keys and starting its parts takes seconds."""
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with Stage(Path(tmp_path_factory.mktemp("kill"))) as running:
        yield running


@pytest.fixture(scope="package")
def steps(stage: Stage) -> list[Step]:
    """Every step of the journey, in order."""
    # The code of the second home is asked for while the member leaves it: whether it is written before is chance.
    return [step for step in stage.play().steps if not ("MemberCodes.show" in step.label and step.time > 1)]
