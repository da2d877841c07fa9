"""A development installation for tests of the shell; made once, copied for each test that changes it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.private_postgres import OWNER
from tests.support.service_process import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.private_postgres import PrivatePostgres


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


@pytest.fixture
def installation_on_postgres(postgres: PrivatePostgres, tmp_path: Path) -> Iterator[Installation]:
    """An installation on a database of the server, made by its own commands."""
    name = postgres.create()
    settings = {"MEMBER_SERVICE_DATABASE": postgres.url(name), "MEMBER_SERVICE_DATABASE_OWNER": postgres.url(name, OWNER)}
    found = Installation(tmp_path, settings)
    found.develop()
    yield found
    found.stop()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def installation_on_both(request: pytest.FixtureRequest) -> Installation:
    """An installation of its own; the test runs once on each kind of database."""
    found: Installation = request.getfixturevalue("installation" if request.param == "sqlite" else "installation_on_postgres")
    return found
