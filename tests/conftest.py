"""What every test runs under: a harmless window, no state from the developer's home, seeded randomness, no leftovers.

Knows the environment of a test process; knows no package of the product.
"""

from __future__ import annotations

import asyncio
import atexit
import inspect
import multiprocessing
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.dealing import OneByOne

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from _pytest.terminal import TerminalReporter
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

    from tests.support.furnished_postgres import FurnishedPostgres
    from tests.support.private_postgres import PrivatePostgres

# Kivy and SDL read these at import. A test that wants a real display says so by its own fixture, in a process of its own.
os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_LOG_MODE="PYTHON", KIVY_CLIPBOARD="dummy")
os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
# Embedded servers and D-Bus want one; a machine without a login session has none.
if not os.environ.get("XDG_RUNTIME_DIR"):
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="member-kiosk-runtime-")
    atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)

# The gate is repeatable; the long form looks further and prints what it needs to be repeated.
settings.register_profile("gate", derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("verify", deadline=None, max_examples=2000, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

ROOT = Path(__file__).resolve().parents[1]
FIGURES = "figures"


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A PostgreSQL server of this test process; started when the first test asks for it."""
    from tests.support.private_postgres import PrivatePostgres

    server = PrivatePostgres()
    yield server
    server.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PrivatePostgres) -> Iterator[FurnishedPostgres]:
    """The database on it that tests have one after another."""
    from tests.support.furnished_postgres import FurnishedPostgres

    database = FurnishedPostgres(postgres)
    yield database
    database.close()


@pytest.fixture
def furnished_postgres(migrated_postgres: FurnishedPostgres) -> FurnishedPostgres:
    """The same with nothing in it but a store and two devices."""
    migrated_postgres.furnish()
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a new furnished database; the test runs once on each kind."""
    from tests.support.central_service import furnished_file

    return furnished_file(tmp_path) if request.param == "sqlite" else request.getfixturevalue("furnished_postgres").address


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """What a test has to say of itself, e.g. how many cases it played: said at the end of the run, also where all is green."""
    return lambda said: record_property(FIGURES, said)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Writes the figures of all tests, wherever they ran: what a test prints is seen only where it fails."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome) if report.when == "call"]
    said = [(report.nodeid, text) for report in reports for name, text in report.user_properties if name == FIGURES]
    if said:
        terminalreporter.section(FIGURES)
        for node, text in sorted(said):
            terminalreporter.write_line(f"{node}: {text}")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Takes the project's own way of dealing tests out to workers."""
    return OneByOne(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives every coroutine test the guard below, set up first and so torn down last."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, "no_task_left_behind")


@pytest.fixture
async def no_task_left_behind(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Fails a test that ends while a task that it started still runs: such a task would act in somebody else's test."""
    before = asyncio.all_tasks()
    yield
    left = [task for task in asyncio.all_tasks() - before if task is not asyncio.current_task() and not task.done()]
    # A task that was just cancelled gets the turns of the loop that it needs to end, also on a busy machine.
    if left:
        await asyncio.wait(left, timeout=1.0)
    still = [task.get_name() for task in left if not task.done()]
    assert not still, f"{request.node.name} left tasks behind: {still}"


@pytest.fixture(autouse=True)
def no_worker_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a process of multiprocessing running."""
    before = set(multiprocessing.active_children())
    yield
    left = [child.name for child in multiprocessing.active_children() if child not in before]
    assert not left, f"{request.node.name} left processes behind: {left}"
