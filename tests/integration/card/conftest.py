"""One private pcscd with a virtual card for the tests of this folder that need it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.pcscd import CardBench, card_bench


@pytest.fixture(scope="session")
def bench() -> Iterator[CardBench]:
    with card_bench() as running:
        yield running
