"""One central service for each test that asks for it."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from tests.support.central_service import Central, central_service, furnished_file
from tests.support.furnished_postgres import FurnishedPostgres
from tests.support.spenders import Twins, twins
from tests.support.whole_trail import untold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def central(database_address: str, request: pytest.FixtureRequest) -> Iterator[Central]:
    """A service on a database of its own; each test runs on both kinds.

    Afterwards the trail explains every row, unless the test says that it tampers: that it changes rows past the service.
    """
    with central_service(database_address) as made:
        yield made
        if request.node.get_closest_marker("tampers") is None:
            assert untold(made) == []


@pytest.fixture(params=["sqlite", "postgres"])
def new_address(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Gives addresses of new furnished databases, one after another; each test runs on both kinds.

    For tests whose examples are made as they go: an example that begins with what the one before left, its clock included, goes another
    way when it is played again, and then no failure can be shortened, or even told from a test that draws at random.
    """
    if request.param == "sqlite":
        return furnished_file
    server = request.getfixturevalue("migrated_postgres")

    def furnished(_folder: Path) -> str:
        server.furnish()
        return str(server.address)

    return furnished


@pytest.fixture(params=["sqlite", "postgres"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Twins]:
    """Two services to which the same is done, one in batches and one by the use case; each test runs on both kinds of database."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            for name in ("batches", "use-case"):
                (tmp_path / name).mkdir()
            addresses = [furnished_file(tmp_path / name) for name in ("batches", "use-case")]
        else:
            other = stack.enter_context(closing(FurnishedPostgres(request.getfixturevalue("postgres"))))
            other.furnish()
            addresses = [request.getfixturevalue("furnished_postgres").address, other.address]
        yield stack.enter_context(twins(addresses))
