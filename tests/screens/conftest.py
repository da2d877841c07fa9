"""The unseen window of the screen tests, opened before any screen is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.screen_window import prepare_for_tests

prepare_for_tests()


@pytest.fixture(scope="module")
def one_stand() -> Iterator[Any]:
    """A router on the window, built once for a module: the program builds its screens once, too."""
    from tests.screens.screen_views import standing

    with standing() as made:
        yield made


@pytest.fixture
def stand(one_stand: Any) -> Iterator[Any]:
    """The module's router, showing the attract screen; put back after each test."""
    one_stand.settle()
    yield one_stand
    one_stand.settle()
