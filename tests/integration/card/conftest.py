"""One private pcscd with a virtual card for the tests of this folder that need it."""

from __future__ import annotations

import pytest

from tests.support.pcscd import CardBench, shared_bench


@pytest.fixture(scope="session")
def bench() -> CardBench:
    return shared_bench()
