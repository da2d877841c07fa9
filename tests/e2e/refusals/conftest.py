"""One installation for all refusals of this folder, and the texts that a member would read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from kiosk.texts import LANGUAGES, load_catalogue
from tests.support.counter import Counter


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The installation; made once, because making its keys and starting its parts takes seconds."""
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with Counter(Path(tmp_path_factory.mktemp("refusals"))) as running:
        yield running


@pytest.fixture
def counter(installation: Counter) -> Iterator[Counter]:
    """The counter with a kiosk that nobody has touched; whatever happens, the records keep their rules."""
    installation.open()
    yield installation
    installation.owner.check_always()
    installation.owner.check_audit()


@pytest.fixture(scope="session")
def tells() -> Callable[[str | None], None]:
    """Returns a check that a reason has its text, and what helps, in every language, and that no language borrows another one's."""
    catalogue = load_catalogue()

    def check(reason: str | None) -> None:
        assert reason
        for key in (f"reason.{reason}", f"reason.{reason}.help"):
            values = dict.fromkeys(catalogue.variables(key), 1)
            texts = {language: catalogue.say(language, key, **values) for language in LANGUAGES}
            assert len(texts) == 3
            assert all(texts.values())
            assert texts["en"] not in {texts["zh-Hans"], texts["zh-Hant"]}

    return check


@pytest.fixture
def keeps(counter: Counter) -> Callable[[], AbstractContextManager[None]]:
    """Returns a context in which nothing is stored: neither about people nor about points, cards, coupons and shelves."""

    @contextmanager
    def check() -> Iterator[None]:
        before = counter.owner.stored()
        yield
        after = counter.owner.stored()
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}

    return check
