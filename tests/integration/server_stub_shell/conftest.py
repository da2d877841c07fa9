"""A development installation for tests of the shell; made once, copied for each test that changes it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.service_process import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys, database, accounts and one kiosk; no process runs in it."""
    folder = tmp_path_factory.mktemp("made")
    Installation(folder).develop()
    return folder


@pytest.fixture
def installation(made: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation of its own."""
    shutil.copytree(made, tmp_path / "installation")
    found = Installation(tmp_path / "installation")
    yield found
    found.stop()
